/* Keys, the files they are in, and who may read those. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/keys.h"

/* Of RFC 26's test vectors, and two of our own. */
#define KEY_A "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define KEY_B "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
#define KEY_C "0000000000000000000000000000000000000000"

static char folder[] = "/tmp/precis-keys.XXXXXX";
static char file[64];

static int make_folder(void **state)
{
    (void) state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(file, sizeof file, "%s/keys", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void) state;
    unlink(file);
    return rmdir(folder);
}

static void put(const char *text, mode_t mode)
{
    FILE *stream;

    unlink(file);
    stream = fopen(file, "w");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, strlen(text), stream), strlen(text));
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(chmod(file, mode), 0);
}

static void test_keys(void **state)
{
    (void) state;
    assert_true(key_is_valid(KEY_A, 40));
    assert_true(key_is_valid(KEY_B, 40));
    assert_true(key_is_valid(KEY_C, 40));
    assert_false(key_is_valid(KEY_A, 39));
    assert_false(key_is_valid(KEY_A "0", 41));
    assert_false(key_is_valid("", 0));
    /* A blank, a quotation mark, and five characters above 2^32. */
    assert_false(key_is_valid(" q:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", 40));
    assert_false(key_is_valid("\"q:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf", 40));
    assert_false(key_is_valid("#####00000000000000000000000000000000000", 40));
    assert_true(key_is_valid("%nSc000000000000000000000000000000000000", 40));
    assert_false(key_is_valid("%nSc100000000000000000000000000000000000", 40));
}

static void test_names(void **state)
{
    char name[KEY_NAME_MAX + 2];

    (void) state;
    assert_true(key_name_is_valid("desk-2.paris_A", 14));
    assert_false(key_name_is_valid("", 0));
    assert_false(key_name_is_valid("a b", 3));
    assert_false(key_name_is_valid("a\n", 2));
    assert_false(key_name_is_valid("\xc3\xa9", 2));
    memset(name, 'a', sizeof name);
    assert_true(key_name_is_valid(name, KEY_NAME_MAX));
    assert_false(key_name_is_valid(name, KEY_NAME_MAX + 1));
}

static void refused(const char *text, mode_t mode, const char *wanted)
{
    char key[KEY_SIZE] = "untouched";
    precis_error error = {0};

    put(text, mode);
    assert_int_equal(key_read_secret(file, key, &error), PRECIS_EBAD_REQUEST);
    if (strstr(error.message, wanted) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", error.message, wanted);
    assert_string_equal(key, "untouched");
    assert_null(strstr(error.message, KEY_A));
}

static void test_secret(void **state)
{
    char key[KEY_SIZE];
    precis_error error;

    (void) state;
    put(KEY_A "\n", 0600);
    assert_int_equal(key_read_secret(file, key, &error), 0);
    assert_string_equal(key, KEY_A);
    put("# of a client\n\n" KEY_B, 0400);
    assert_int_equal(key_read_secret(file, key, NULL), 0);
    assert_string_equal(key, KEY_B);
    refused(KEY_A "\n", 0644, "its mode is 0644");
    refused(KEY_A "\n", 0640, "chmod 0600");
    refused(KEY_A "\n", 0604, "its mode is 0604");
    refused(KEY_A "\n", 04600, "its mode is 4600");
    refused("", 0600, "no key in it");
    refused("# nothing\n", 0600, "no key in it");
    refused(KEY_A KEY_A "\n", 0600, "line 1: no key");
    refused("\n" KEY_A "x\n", 0600, "line 2: no key");
    refused(KEY_A "\n" KEY_B "\n", 0600, "line 2: one key too many");
    unlink(file);
    assert_int_equal(key_read_secret(file, key, &error), PRECIS_EBAD_REQUEST);
    assert_non_null(strstr(error.message, "No such file"));
    assert_int_equal(mkfifo(file, 0600), 0);
    assert_int_equal(key_read_secret(file, key, &error), PRECIS_EBAD_REQUEST);
    assert_non_null(strstr(error.message, "is no file"));
    assert_int_equal(key_read_secret(folder, key, &error),
                     PRECIS_EBAD_REQUEST);
}

/* systemd lets the service's user in by an access list. */
static void test_credential(void **state)
{
    char key[KEY_SIZE];

    (void) state;
    put(KEY_A "\n", 0440);
    assert_int_not_equal(key_read_secret(file, key, NULL), 0);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    assert_int_equal(key_read_secret(file, key, NULL), 0);
    put(KEY_A "\n", 0444);
    assert_int_not_equal(key_read_secret(file, key, NULL), 0);
    setenv("CREDENTIALS_DIRECTORY", "/tmp/precis-key", 1);
    put(KEY_A "\n", 0440);
    assert_int_not_equal(key_read_secret(file, key, NULL), 0);
    unsetenv("CREDENTIALS_DIRECTORY");
}

static void test_owner(void **state)
{
    char key[KEY_SIZE];
    precis_error error;

    (void) state;
    if (geteuid() != 0)
        skip();
    put(KEY_A "\n", 0600);
    assert_int_equal(chown(file, 4711, 0), 0);
    assert_int_equal(key_read_secret(file, key, &error), PRECIS_EBAD_REQUEST);
    assert_non_null(strstr(error.message, "belongs to the user 4711"));
}

static void test_public(void **state)
{
    char keys[KEY_SERVERS_MAX][KEY_SIZE];
    size_t count;

    (void) state;
    put(KEY_A "\n# the next\n" KEY_B "\n", 0644);
    assert_int_equal(key_read_public(file, keys, 2, &count, NULL), 0);
    assert_int_equal(count, 2);
    assert_string_equal(keys[0], KEY_A);
    assert_string_equal(keys[1], KEY_B);
    assert_int_not_equal(key_read_public(file, keys, 1, &count, NULL), 0);
    put(KEY_A "\n", 0666);
    assert_int_not_equal(key_read_public(file, keys, 2, &count, NULL), 0);
}

static void list_refused(const char *text, mode_t mode, const char *wanted)
{
    struct key_list list = {0};
    precis_error error = {0};

    put(text, mode);
    assert_int_equal(key_list_read(file, &list, &error), PRECIS_EBAD_REQUEST);
    if (strstr(error.message, wanted) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", error.message, wanted);
    assert_null(list.rows);
}

static void test_list(void **state)
{
    struct key_list list = {0};

    (void) state;
    put("# clients\n" KEY_A " paris\n" KEY_C "\tlyon  \r\n\n" KEY_B " lille",
        0644);
    assert_int_equal(key_list_read(file, &list, NULL), 0);
    assert_int_equal(list.count, 3);
    assert_string_equal(key_list_find(&list, KEY_A)->name, "paris");
    assert_string_equal(key_list_find(&list, KEY_B)->name, "lille");
    assert_string_equal(key_list_find(&list, KEY_C)->name, "lyon");
    assert_null(key_list_find(&list, ""));
    assert_null(key_list_find(&list, "rq:rM"));
    assert_null(
        key_list_find(&list, "1111111111111111111111111111111111111111"));
    key_list_clear(&list);
    assert_null(key_list_find(&list, KEY_A));
    put("# nobody\n", 0644);
    assert_int_equal(key_list_read(file, &list, NULL), 0);
    assert_int_equal(list.count, 0);
    key_list_clear(&list);
    list_refused(KEY_A "\n", 0644, "line 1: behind the key");
    list_refused(KEY_A " a b\n", 0644, "line 1: behind the key");
    list_refused("\nparis " KEY_A "\n", 0644, "line 2: no key");
    list_refused(KEY_A " a\n" KEY_B " a\n", 0644, "the name a stands twice");
    list_refused(KEY_A " a\n" KEY_A " b\n", 0644, "a and b have the same key");
    list_refused(KEY_A " a\n", 0664, "its mode is 0664");
    list_refused(KEY_A " a\n", 0646, "its mode is 0646");
}

/* Many, in an order that is not theirs. */
static void test_many(void **state)
{
    struct key_list list = {0};
    FILE *stream;
    char key[KEY_SIZE];

    (void) state;
    put("", 0644);
    stream = fopen(file, "w");
    assert_non_null(stream);
    for (int i = 0; i < 1000; i++)
        fprintf(stream, "%040d client-%d\n", i * 7919 % 1000, i);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(key_list_read(file, &list, NULL), 0);
    assert_int_equal(list.count, 1000);
    for (int i = 0; i < 1000; i++) {
        char name[32];

        snprintf(key, sizeof key, "%040d", i * 7919 % 1000);
        snprintf(name, sizeof name, "client-%d", i);
        assert_string_equal(key_list_find(&list, key)->name, name);
    }
    key_list_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),   cmocka_unit_test(test_names),
        cmocka_unit_test(test_secret), cmocka_unit_test(test_credential),
        cmocka_unit_test(test_owner),  cmocka_unit_test(test_public),
        cmocka_unit_test(test_list),   cmocka_unit_test(test_many),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
