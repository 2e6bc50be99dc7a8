/* The number of the process is asked for once in each process, by libzmq as by
 * anybody else. */
#include <config.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/process.h"

static int is_true(void)
{
    return getpid() == (pid_t) syscall(SYS_getpid);
}

/* A child, and a child of it. */
static int is_true_in_children(void)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        int good = is_true() && is_true();

        child = fork();
        if (child == 0)
            _exit(good && is_true() ? 0 : 1);
        if (waitpid(child, &status, 0) != child || !is_true())
            status = 1;
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status)
           && WEXITSTATUS(status) == 0;
}

static void number(void **state)
{
    (void) state;
    assert_true(is_true());
    assert_true(is_true_in_children());
    process_remember();
    process_remember();
    assert_true(is_true());
    assert_true(is_true_in_children());
    assert_true(is_true());
}

/* Libraries find the program's own first. */
static void found(void **state)
{
    Dl_info info, own;

    (void) state;
    assert_int_not_equal(dladdr(dlsym(RTLD_DEFAULT, "getpid"), &info), 0);
    assert_int_not_equal(dladdr((void *) (uintptr_t) &process_remember, &own),
                         0);
    assert_ptr_equal(info.dli_fbase, own.dli_fbase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number),
        cmocka_unit_test(found),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
