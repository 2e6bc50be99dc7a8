/* precis.conf: values, faults with their lines, and that the table, the
 * sample file and the manual page name the same keys. */
#include <config.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config.h"
#include "daemon/endpoint.h"
#include "daemon/log.h"
#include "daemon/reload.h"

/* Loads a file of these bytes; returns the number of faults, and their text
 * in *errors with the file's name taken out: "LINE: reason". */
static size_t load(struct config *config, const char *bytes, size_t size,
                   char *errors, size_t room)
{
    char name[] = "/tmp/precis-conf.XXXXXX";
    int fd = mkstemp(name);
    char *text = NULL;
    size_t text_size;
    size_t faults;
    FILE *stream;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t) size);
    close(fd);
    stream = open_memstream(&text, &text_size);
    assert_non_null(stream);
    config_init(config);
    faults = config_load(config, name, stream);
    fclose(stream);
    unlink(name);
    *errors = '\0';
    for (char *line = text; *line != '\0';) {
        char *end = strchr(line, '\n');
        size_t used = strlen(errors);

        assert_memory_equal(line, name, strlen(name));
        snprintf(errors + used, room - used, "%.*s",
                 (int) (end + 1 - line - (long) strlen(name) - 1),
                 line + strlen(name) + 1);
        line = end + 1;
    }
    free(text);
    return faults;
}

static void assert_faults(const char *text, const char *wanted)
{
    struct config config;
    char errors[4096];

    load(&config, text, strlen(text), errors, sizeof errors);
    assert_string_equal(errors, wanted);
    config_clear(&config);
}

static int set_named(struct config *config, const char *name,
                     const char *value, char *reason)
{
    for (size_t i = 0; config_key(i) != NULL; i++)
        if (strcmp(config_key(i)->name, name) == 0)
            return config_set(config, config_key(i), value, reason);
    return -2;
}

static void test_defaults(void **state)
{
    struct config config;

    (void) state;
    config_init(&config);
    assert_int_equal(config.endpoint_count, 0);
    assert_int_equal(config.socket_mode, 0660);
    assert_null(config.socket_group);
    assert_null(config.curve_key);
    assert_null(config.authorized_keys);
    assert_null(config.control_endpoint);
    assert_int_equal(config.workers, 0);
    assert_int_equal(config.queue_length, 1024);
    assert_int_equal(config.queue_bytes, 64 << 20);
    assert_int_equal(config.article_limit, 4 << 20);
    assert_int_equal(config.summary_limit, 64 << 10);
    assert_int_equal(config.timeout, 10000);
    assert_int_equal(config.memory_alarm, 768 << 20);
    assert_int_equal(config.connections, 2000);
    assert_int_equal(config.connections_per_address, 64);
    assert_int_equal(config.log_level, LOG_LEVEL_NOTICE);
    config_clear(&config);
}

static void test_all_values(void **state)
{
    static const char text[]
        = "\xef\xbb\xbf# comment\n"
          "; comment\n"
          "[precisd]\n"
          "endpoint = ipc:///tmp/a.sock\n"
          "  endpoint = tcp://127.0.0.1:5555 ; beside it\n"
          "\tsocket-mode = 0600\r\n"
          "socket-group=root\n"
          "control-endpoint = ipc:///tmp/c.sock\n"
          "\n"
          "workers = 3\n"
          "queue-length : 7\n"
          "queue-bytes = 2M\n"
          "article-limit = 64K\n"
          "summary-limit = 2K\n"
          "timeout = 250\n"
          "memory-alarm = 100M\n"
          "connections = 9\n"
          "connections-per-address = 8\n"
          "log-level = info";
    struct config config;
    char errors[1024];

    (void) state;
    load(&config, text, sizeof text - 1, errors, sizeof errors);
    assert_string_equal(errors, "");
    assert_int_equal(config.endpoint_count, 2);
    assert_string_equal(config.endpoints[0], "ipc:///tmp/a.sock");
    assert_string_equal(config.endpoints[1], "tcp://127.0.0.1:5555");
    assert_int_equal(config.socket_mode, 0600);
    assert_string_equal(config.socket_group, "root");
    assert_string_equal(config.control_endpoint, "ipc:///tmp/c.sock");
    assert_int_equal(config.workers, 3);
    assert_int_equal(config.queue_length, 7);
    assert_int_equal(config.queue_bytes, 2 << 20);
    assert_int_equal(config.article_limit, 64 << 10);
    assert_int_equal(config.summary_limit, 2 << 10);
    assert_int_equal(config.timeout, 250);
    assert_int_equal(config.memory_alarm, 100 << 20);
    assert_int_equal(config.connections, 9);
    assert_int_equal(config.connections_per_address, 8);
    assert_int_equal(config.log_level, LOG_LEVEL_INFO);
    config_clear(&config);
}

static void test_faults(void **state)
{
    (void) state;
    assert_faults("[precisd]\n\nfoo = 1\n", "3: unknown key foo\n");
    assert_faults("[precis]\nworkers = 1\n",
                  "2: workers stands in the unknown section [precis]; there "
                  "is only [precisd]\n");
    assert_faults("workers = 1\n",
                  "1: workers stands before the section [precisd]\n");
    assert_faults("[precisd]\nworkers = 1\n\nworkers = 1\n",
                  "4: workers stands already in line 2\n");
    assert_faults("[precisd]\nworkers = 257\n",
                  "2: workers must be 1 to 256, not \"257\"\n");
    assert_faults("[precisd]\nworkers = -1\n",
                  "2: workers must be 1 to 256, not \"-1\"\n");
    assert_faults("[precisd]\nworkers =\n",
                  "2: workers must be 1 to 256, not \"\"\n");
    assert_faults("[precisd]\nworkers = 2x\n",
                  "2: workers must be 1 to 256, not \"2x\"\n");
    assert_faults("[precisd]\nworkers = 99999999999999999999\n",
                  "2: workers must be 1 to 256, not "
                  "\"99999999999999999999\"\n");
    assert_faults("[precisd]\nsummary-limit = 65M\n",
                  "2: summary-limit must be 1K to 64M, not \"65M\"\n");
    assert_faults("[precisd]\narticle-limit = 17M\n",
                  "2: article-limit must be 1K to 16M, not \"17M\"\n");
    assert_faults("[precisd]\narticle-limit = 99999999999999M\n",
                  "2: article-limit must be 1K to 16M, not "
                  "\"99999999999999M\"\n");
    assert_faults("[precisd]\nsocket-mode = 0680\n",
                  "2: socket-mode must be octal, 0600 to 0777, not "
                  "\"0680\"\n");
    assert_faults("[precisd]\nlog-level = loud\n",
                  "2: log-level must be error, warning, notice, info or "
                  "debug, not \"loud\"\n");
    assert_faults("[precisd]\nsocket-group = no such group\n",
                  "2: socket-group: there is no group \"no such group\" on "
                  "this system\n");
    assert_faults("[precisd]\ncontrol-endpoint = tcp://127.0.0.1:5\n",
                  "2: control-endpoint must be ipc://PATH or none, not "
                  "\"tcp://127.0.0.1:5\"\n");
    assert_faults("[precisd]\nendpoint = ipc:///a\nendpoint = ipc:///a\n",
                  "3: endpoint ipc:///a stands twice\n");
    assert_faults("[precisd]\nworkers = 1\nhello\n",
                  "3: neither [section], key = value nor a comment\n");
    assert_faults("[precisd]\nx = 1\ny = 2\n",
                  "2: unknown key x\n3: unknown key y\n");
}

static void test_lines(void **state)
{
    static const char nul[] = "[precisd]\nworkers = 1\0 2\ntimeout = 0\n";
    struct config config;
    char errors[1024];
    char text[512] = "[precisd]\n#";
    size_t size = strlen(text);

    (void) state;
    /* 197 bytes are allowed, 198 are not; what comes after is still read. */
    memset(text + size, 'x', 196);
    memcpy(text + size + 196, "\nfoo = 1\n", 10);
    load(&config, text, strlen(text), errors, sizeof errors);
    assert_string_equal(errors, "3: unknown key foo\n");
    config_clear(&config);
    memset(text + size, 'x', 197);
    memcpy(text + size + 197, "\nfoo = 1\n", 10);
    load(&config, text, strlen(text), errors, sizeof errors);
    assert_string_equal(errors, "2: the line is longer than 197 bytes\n"
                                "3: unknown key foo\n");
    config_clear(&config);
    load(&config, nul, sizeof nul - 1, errors, sizeof errors);
    assert_string_equal(errors,
                        "2: the line has a NUL byte\n"
                        "3: timeout must be 1 to 600000, not \"0\"\n");
    config_clear(&config);
}

static void test_no_file(void **state)
{
    struct config config;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    (void) state;
    config_init(&config);
    assert_int_equal(config_load(&config, "/no/such/file", stream), 1);
    assert_int_equal(config_load(&config, "/", stream), 1);
    fclose(stream);
    assert_string_equal(text, "/no/such/file: No such file or directory\n"
                              "/: Is a directory\n");
    free(text);
    config_clear(&config);
}

static void test_many_endpoints(void **state)
{
    char reason[CONFIG_REASON_SIZE];
    char endpoint[64];
    struct config config;

    (void) state;
    config_init(&config);
    for (int i = 0; i < CONFIG_ENDPOINTS_MAX; i++) {
        snprintf(endpoint, sizeof endpoint, "ipc:///tmp/%d", i);
        assert_int_equal(
            config_set(&config, config_key(0), endpoint, reason), 0);
    }
    assert_int_equal(config_set(&config, config_key(0), "ipc:///b", reason),
                     -1);
    assert_string_equal(reason, "more than 16 endpoints");
    config_clear_endpoints(&config);
    assert_int_equal(config.endpoint_count, 0);
    config_clear(&config);
}

static void test_endpoints(void **state)
{
    static const char *const good[] = {
        "ipc:///run/precis/precis.sock", "ipc://relative.sock",
        "tcp://127.0.0.1:1",             "tcp://127.1.2.3:65535",
        "tcp://localhost:5555",          "tcp://[::1]:5555",
        "tcp://127.0.0.1:*",             "tcp://*:5555",
        "tcp://0.0.0.0:*",               "tcp://10.0.0.1:5555",
        "tcp://[::]:5555",               "tcp://[2001:db8::1]:5555",
    };
    static const char *const bad[] = {
        "", "ipc://", "ipc://@abstract", "ipc://*", "tcp://", "tcp://:5",
        "tcp://::1:5555", "tcp://example.org:5555", "tcp://[]:5555",
        "tcp://[::1:5555", "tcp://[10.0.0.1]:5555", "tcp://[::g]:5555",
        "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:65536", "tcp://127.0.0.1:5x",
        "tcp://localhost.example.org:5", "tcp://eth0:5555", "tcp://127.1:5",
        "inproc://x", "udp://127.0.0.1:5", "/run/precis", "ipc:///a b",
        "ipc:///a\nb",
        ("tcp://127.0.0.1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:5"),
    };
    char path[ENDPOINT_PATH_MAX + 16] = "ipc://";
    char reason[CONFIG_REASON_SIZE];

    (void) state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(endpoint_check(good[i], reason, sizeof reason), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        reason[0] = '\0';
        assert_int_equal(endpoint_check(bad[i], reason, sizeof reason), -1);
        assert_true(reason[0] != '\0');
        assert_null(strchr(reason, '\n'));
    }
    memset(path + 6, 'p', ENDPOINT_PATH_MAX);
    assert_int_equal(endpoint_check(path, reason, sizeof reason), 0);
    path[6 + ENDPOINT_PATH_MAX] = 'p';
    assert_int_equal(endpoint_check(path, reason, sizeof reason), -1);
}

/* Others than this machine get in with keys only. */
static void test_remote(void **state)
{
    static const char *const near[]
        = {"ipc:///run/a:b", "tcp://127.0.0.1:1", "tcp://127.9.9.9:*",
           "tcp://localhost:5555", "tcp://[::1]:5555"};
    static const char *const far[]
        = {"tcp://*:5555", "tcp://0.0.0.0:5555", "tcp://[::]:5555",
           "tcp://10.0.0.1:*", "tcp://[2001:db8::1]:5555",
           "tcp://[::ffff:127.0.0.1]:5555"};
    char reason[CONFIG_REASON_SIZE];
    struct config config;

    (void) state;
    config_init(&config);
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++) {
        assert_false(endpoint_is_remote(near[i]));
        assert_int_equal(config_set(&config, config_key(0), near[i], reason),
                         0);
    }
    assert_int_equal(config_check(&config, reason), 0);
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
        assert_true(endpoint_is_remote(far[i]));
    assert_int_equal(config_set(&config, config_key(0), far[3], reason), 0);
    assert_int_equal(config_check(&config, reason), -1);
    assert_non_null(strstr(reason, "tcp://10.0.0.1:*"));
    assert_int_equal(set_named(&config, "curve-key",
                               "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
                               reason),
                     -1);
    assert_string_equal(reason, "curve-key is the name of a file, not a key");
    assert_int_equal(set_named(&config, "curve-key", "", reason), -1);
    assert_int_equal(config_check(&config, reason), -1);
    assert_int_equal(set_named(&config, "curve-key", "/etc/key", reason), 0);
    assert_int_equal(config_check(&config, reason), 0);
    assert_string_equal(config.curve_key, "/etc/key");
    assert_string_equal(config_authorized_keys(&config),
                        CONFIG_AUTHORIZED_KEYS);
    assert_int_equal(set_named(&config, "authorized-keys", "k", reason), 0);
    assert_string_equal(config_authorized_keys(&config), "k");
    config_clear(&config);
}

static void test_default_endpoint(void **state)
{
    char endpoint[160];

    (void) state;
    setenv("XDG_RUNTIME_DIR", "/run/user/1234", 1);
    assert_int_equal(endpoint_default(endpoint, sizeof endpoint), 0);
    assert_string_equal(endpoint,
                        getuid() == 0
                            ? "ipc:///run/precis/precis.sock"
                            : "ipc:///run/user/1234/precis/precis.sock");
    unsetenv("XDG_RUNTIME_DIR");
    assert_int_equal(endpoint_default(endpoint, sizeof endpoint), 0);
    assert_string_equal(endpoint, "ipc:///run/precis/precis.sock");
    assert_int_equal(endpoint_default(endpoint, 10), -1);
}

static void test_folder(void **state)
{
    char folder[] = "/tmp/precis-folder.XXXXXX";
    char endpoint[128], path[64];
    struct stat status;

    (void) state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/precis", folder);
    snprintf(endpoint, sizeof endpoint, "ipc://%s/precis.sock", path);
    assert_int_equal(endpoint_make_folder(endpoint, NULL), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0750);
    assert_int_equal(endpoint_make_folder(endpoint, NULL), 0);
    rmdir(path);
    rmdir(folder);
    assert_int_equal(endpoint_make_folder(endpoint, NULL), ENOENT);
    assert_int_equal(endpoint_set_access(path, NULL, 0600), ENOENT);
    assert_int_equal(endpoint_set_access(folder, "no such group", 0600),
                     ENOENT);
}

static void test_escape(void **state)
{
    char out[LOG_FIELD_SIZE];
    char large[LOG_FIELD_MAX + 1];

    (void) state;
    assert_string_equal(log_escape(out, "a\n\x1b[1m\xc3\xa9", 8),
                        "a\\x0a\\x1b[1m\\xc3\\xa9");
    memset(large, 1, sizeof large);
    assert_int_equal(strlen(log_escape(out, large, sizeof large)),
                     LOG_FIELD_MAX * 4 + 3);
    assert_string_equal(log_escape(out, "", 0), "");
}

/* ---- the three places that name the keys ---- */

static char *read_source(const char *name)
{
    const char *folder = getenv("abs_top_srcdir");
    char path[4096];
    char *text = calloc(1, 1 << 16);
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : ".", name);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

/* Every key of the table stands in the file between `before` and `after`;
 * manual pages write - as \-. */
static void check_keys(const char *file, const char *before,
                       const char *after, int is_manual)
{
    char *text = read_source(file);
    const struct config_key *key;

    for (size_t i = 0; (key = config_key(i)) != NULL; i++) {
        char wanted[128];
        size_t size = strlen(before);

        snprintf(wanted, sizeof wanted, "%s", before);
        for (const char *next = key->name; *next != '\0'; next++) {
            if (*next == '-' && is_manual)
                wanted[size++] = '\\';
            wanted[size++] = *next;
        }
        snprintf(wanted + size, sizeof wanted - size, "%s", after);
        if (strstr(text, wanted) == NULL)
            fail_msg("%s does not have %s", file, key->name);
    }
    free(text);
}

static void test_documents(void **state)
{
    (void) state;
    check_keys("daemon/precis.conf", "\n#", " = ", 0);
    check_keys("daemon/precis.conf.5", "\n.TP\n.B ", "\n", 1);
    check_keys("daemon/precisd.8", "\\-\\-", " \"", 1);
}

/* What a reload cannot change is said where the manual tells of it. */
static void test_reloading(void **state)
{
    char *page = read_source("daemon/precis.conf.5");
    char *begin = strstr(page, "\n.SS Reloading\n");
    char *end = begin != NULL ? strstr(begin, "\n.SH KEYS\n") : NULL;
    const struct config_key *key;
    size_t reloaded = 0;

    (void) state;
    assert_non_null(end);
    *end = '\0';
    for (size_t i = 0; (key = config_key(i)) != NULL; i++) {
        char wanted[64] = " ";
        size_t size = 1;

        if (reload_has_key(key->name)) {
            reloaded++;
            continue;
        }
        for (const char *next = key->name; *next != '\0'; next++) {
            if (*next == '-')
                wanted[size++] = '\\';
            wanted[size++] = *next;
        }
        wanted[size] = '\0';
        if (strstr(begin, wanted) == NULL)
            fail_msg("Reloading does not name %s", key->name);
    }
    assert_true(reloaded >= 10);
    assert_null(config_key(RELOAD_KEYS_MAX));
    assert_false(reload_has_key("no such key"));
    free(page);
}

/* The sample, with its keys switched on, is valid and changes nothing. */
static void test_sample(void **state)
{
    char *sample = read_source("daemon/precis.conf");
    char *text = calloc(1, strlen(sample) + 1);
    size_t size = 0, keys = 0;
    struct config config, initial;
    char errors[4096];

    (void) state;
    assert_non_null(text);
    for (char *next = sample; *next != '\0'; next++) {
        int is_key = *next == '#' && next > sample && next[-1] == '\n'
                     && next[1] >= 'a' && next[1] <= 'z';

        if (is_key)
            keys++;
        else
            text[size++] = *next;
    }
    load(&config, text, size, errors, sizeof errors);
    assert_string_equal(errors, "");
    while (config_key(keys) != NULL)
        fail_msg("the sample has %zu keys, the table more", keys);
    assert_non_null(config_key(keys - 1));
    config_init(&initial);
    assert_int_equal(config.socket_mode, initial.socket_mode);
    assert_int_equal(config.queue_length, initial.queue_length);
    assert_int_equal(config.queue_bytes, initial.queue_bytes);
    assert_int_equal(config.article_limit, initial.article_limit);
    assert_int_equal(config.summary_limit, initial.summary_limit);
    assert_int_equal(config.timeout, initial.timeout);
    assert_int_equal(config.memory_alarm, initial.memory_alarm);
    assert_int_equal(config.connections, initial.connections);
    assert_int_equal(config.connections_per_address,
                     initial.connections_per_address);
    assert_int_equal(config.log_level, initial.log_level);
    config_clear(&config);
    free(sample);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_all_values),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_many_endpoints),
        cmocka_unit_test(test_endpoints),
        cmocka_unit_test(test_remote),
        cmocka_unit_test(test_default_endpoint),
        cmocka_unit_test(test_folder),
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_reloading),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
