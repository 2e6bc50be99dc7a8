/* launch.c - what one run of a whole program costs.
 *
 *     launch RUNS PROGRAM [ARGUMENT...]
 *
 * Runs it again and again, its output thrown away, and prints for each run
 * the microseconds it took, those of processor time, and the most memory it
 * had in kB.  A process of its own, and a small one: the kernel hands the
 * memory of whoever starts a program on to it as what it once had.
 */
#include <config.h>

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e6 * (double) now.tv_sec + 1e-3 * (double) now.tv_nsec;
}

static double time_us(struct timeval time)
{
    return 1e6 * (double) time.tv_sec + (double) time.tv_usec;
}

static int launch(char **argv, const posix_spawn_file_actions_t *actions)
{
    struct rusage usage;
    double begun = now_us();
    pid_t pid;
    int status, rc = posix_spawnp(&pid, argv[0], actions, NULL, argv, environ);

    if (rc != 0)
        return fprintf(stderr, "launch: cannot start %s\n", argv[0]), -1;
    if (wait4(pid, &status, 0, &usage) != pid || status != 0)
        return fprintf(stderr, "launch: %s failed\n", argv[0]), -1;
    printf("%.1f %.0f %ld\n", now_us() - begun,
           time_us(usage.ru_utime) + time_us(usage.ru_stime),
           usage.ru_maxrss);
    return 0;
}

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t actions;
    unsigned long runs = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;

    if (runs < 1)
        return fprintf(stderr, "usage: launch RUNS PROGRAM...\n"), 64;
    if (posix_spawn_file_actions_init(&actions) != 0
        || posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY,
                                            0) != 0)
        return perror("launch"), 70;
    while (runs > 0 && launch(argv + 2, &actions) == 0)
        runs--;
    posix_spawn_file_actions_destroy(&actions);
    return runs == 0 ? 0 : 69;
}
