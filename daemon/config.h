/* config.h - what the service is told: options and precis.conf.
 *
 * One table holds every key; an option of the same name sets it too.  Help
 * and checks come from the row, and a test compares precis.conf and its
 * manual page with the table.
 *
 * To add a key: a member here, a row in config.c, a paragraph in
 * precis.conf.5 (and its option in precisd.8), a line in precis.conf, a case
 * in tests/daemon/test_config.c.
 */
#ifndef DAEMON_CONFIG_H
#define DAEMON_CONFIG_H

#include <stddef.h>
#include <stdio.h>

#define CONFIG_ENDPOINTS_MAX 16
#define CONFIG_SECTION "precisd"

/* The clients of a service with a key, where no other file is named. */
#define CONFIG_AUTHORIZED_KEYS SYSCONFDIR "/precis/authorized-keys"

/* Bytes of a reason, with the NUL. */
#define CONFIG_REASON_SIZE 320

struct config {
    char *endpoints[CONFIG_ENDPOINTS_MAX]; /* owned; none: the default */
    size_t endpoint_count;
    long socket_mode;
    size_t endpoints_given; /* by file or options; the others are defaults */
    char *socket_group; /* owned; NULL: the group of the process */
    char *control_endpoint; /* owned; "none"; NULL: the default */
    char *curve_key;    /* file; owned; NULL: none */
    char *authorized_keys; /* file; owned; NULL: the usual one */
    long workers;       /* 0: one per core */
    long queue_length;
    long queue_bytes;
    long article_limit;
    long summary_limit;
    long timeout; /* milliseconds */
    long memory_alarm; /* bytes */
    long connections;
    long connections_per_address;
    long log_level;
    char *file; /* owned; NULL: none was read */
    size_t file_count; /* with its drop-ins */
};

/* How a value is written. */
enum config_kind {
    CONFIG_NUMBER,
    CONFIG_BYTES,    /* a number, K or M behind it allowed */
    CONFIG_OCTAL,    /* permission bits */
    CONFIG_LEVEL,    /* a name of log.h */
    CONFIG_GROUP,    /* name of a group */
    CONFIG_CONTROL,  /* ipc://PATH, or none */
    CONFIG_FILE,     /* absolute, or where the process was started */
    CONFIG_ENDPOINT  /* may be given more than once */
};

struct config_key {
    const char *name;
    int letter; /* of the short option, or 0 */
    enum config_kind kind;
    size_t member; /* offset in struct config */
    long min, max, initial;
    const char *argument; /* in help */
    const char *help;     /* one line */
    const char *shown;    /* the default, for people */
};

/* The table, by number from 0; NULL past the last. */
const struct config_key *config_key(size_t number);

void config_init(struct config *config); /* the defaults */
void config_clear(struct config *config);

/* Sets one key.  0, or -1 and a reason without a newline. */
int config_set(struct config *config, const struct config_key *key,
               const char *value, char reason[CONFIG_REASON_SIZE]);

/* Has the key the same value in both?  Of endpoints, those that were given
 * count. */
int config_is_same(const struct config *a, const struct config *b,
                   const struct config_key *key);

/* Swaps a key's value, not that of endpoints. */
void config_swap(struct config *a, struct config *b,
                 const struct config_key *key);

/* Forgets the endpoints, so that those given as options replace those of the
 * file. */
void config_clear_endpoints(struct config *config);

/* What no single key can be blamed for: an endpoint that reaches beyond this
 * machine and no keys.  To be asked when all keys are set.  0, or -1 and a
 * reason without a newline. */
int config_check(const struct config *config, char reason[CONFIG_REASON_SIZE]);

/* The file of the clients' keys.  Borrowed. */
const char *config_authorized_keys(const struct config *config);

/* Reads a file on top of *config.  Every fault is written to `errors` as
 * "FILE:LINE: reason".  Returns the number of faults. */
size_t config_load(struct config *config, const char *file, FILE *errors);

#endif
