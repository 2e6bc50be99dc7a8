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

/* Bytes of a reason, with the NUL. */
#define CONFIG_REASON_SIZE 320

struct config {
    char *endpoints[CONFIG_ENDPOINTS_MAX]; /* owned; none: the default */
    size_t endpoint_count;
    long socket_mode;
    char *socket_group; /* owned; NULL: the group of the process */
    long workers;       /* 0: one per core */
    long queue_length;
    long queue_bytes;
    long article_limit;
    long timeout; /* milliseconds */
    long memory_alarm; /* bytes */
    long connections;
    long connections_per_address;
    long log_level;
};

/* How a value is written. */
enum config_kind {
    CONFIG_NUMBER,
    CONFIG_BYTES,    /* a number, K or M behind it allowed */
    CONFIG_OCTAL,    /* permission bits */
    CONFIG_LEVEL,    /* a name of log.h */
    CONFIG_GROUP,    /* name of a group */
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

/* Forgets the endpoints, so that those given as options replace those of the
 * file. */
void config_clear_endpoints(struct config *config);

/* Reads a file on top of *config.  Every fault is written to `errors` as
 * "FILE:LINE: reason".  Returns the number of faults. */
size_t config_load(struct config *config, const char *file, FILE *errors);

#endif
