/* The file is read with inih.  Debian's inih tells its handler no line
 * numbers, cuts lines at 200 bytes without a word and takes an indented line
 * for the continuation of the one before.  So the reader that we give it
 * counts the lines, refuses long ones and NULs, and takes the blanks off
 * their beginning.  inih calls the handler right after the line was read, so
 * the count is the line of the key at hand. */
#include <config.h>

#include "daemon/config.h"

#include <errno.h>
#include <grp.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/endpoint.h"
#include "daemon/log.h"
#include "engine/precis.h"
#include "po/intl.h"
#include "protocol/keys.h"
#include "protocol/protocol.h"

#define KIB 1024L
#define MIB (1024L * KIB)

/* inih's buffer, less the line's end and the NUL. */
#define LINE_MAX_BYTES 197

#define MEMBER(name) offsetof(struct config, name)

static const struct config_key keys[] = {
    {"endpoint", 'e', CONFIG_ENDPOINT, 0, 0, 0, 0, N_("ENDPOINT"),
     N_("ipc://PATH or tcp://HOST:PORT, up to 16 times"),
     N_("the user's or the system's socket")},
    {"socket-mode", 0, CONFIG_OCTAL, MEMBER(socket_mode), 0600, 0777, 0660,
     N_("MODE"), N_("permission bits of ipc sockets"), "0660"},
    {"socket-group", 'g', CONFIG_GROUP, MEMBER(socket_group), 0, 0, 0,
     N_("GROUP"), N_("group of ipc sockets"), N_("the group of the process")},
    {"control-endpoint", 0, CONFIG_CONTROL, MEMBER(control_endpoint), 0, 0, 0,
     N_("ENDPOINT"), N_("ipc://PATH of the control socket, or none"),
     N_("beside the first ipc socket")},
    {"curve-key", 0, CONFIG_FILE, MEMBER(curve_key), 0, 0, 0, N_("FILE"),
     N_("secret key of the service: tcp asks for keys"), N_("none")},
    {"authorized-keys", 0, CONFIG_FILE, MEMBER(authorized_keys), 0, 0, 0,
     N_("FILE"), N_("keys of the clients that may ask over tcp"),
     N_("the system's list")},
    {"workers", 'w', CONFIG_NUMBER, MEMBER(workers), 1, 256, 0, "N",
     N_("threads that summarize"), N_("one per core")},
    {"queue-length", 0, CONFIG_NUMBER, MEMBER(queue_length), 1, 65536, 1024,
     "N", N_("requests that may wait; more are answered busy"), "1024"},
    {"queue-bytes", 0, CONFIG_BYTES, MEMBER(queue_bytes), MIB, 1024 * MIB,
     64 * MIB, N_("BYTES"), N_("bytes of the requests that may wait"), "64M"},
    {"article-limit", 0, CONFIG_BYTES, MEMBER(article_limit), KIB,
     PRECIS_ARTICLE_LIMIT_MAX, PRECIS_ARTICLE_LIMIT, N_("BYTES"),
     N_("largest article; more is answered too_large"), "4M"},
    {"summary-limit", 0, CONFIG_BYTES, MEMBER(summary_limit), KIB, 64 * MIB,
     64 * KIB, N_("BYTES"),
     N_("largest summary; more is answered too_large"), "64K"},
    {"timeout", 't', CONFIG_NUMBER, MEMBER(timeout), 1,
     PROTOCOL_TIMEOUT_MS_MAX, PROTOCOL_TIMEOUT_MS, N_("MILLISECONDS"),
     N_("deadline of requests that name none"), "10000"},
    {"memory-alarm", 0, CONFIG_BYTES, MEMBER(memory_alarm), 32 * MIB,
     1024 * 1024 * MIB, 768 * MIB, N_("BYTES"),
     N_("resident memory above which work is refused"), "768M"},
    {"connections", 0, CONFIG_NUMBER, MEMBER(connections), 1, 100000, 2000,
     "N", N_("connections at a time; more are closed"), "2000"},
    {"connections-per-address", 0, CONFIG_NUMBER,
     MEMBER(connections_per_address), 1, 100000, 64, "N",
     N_("tcp connections at a time of one address"), "64"},
    {"log-level", 'l', CONFIG_LEVEL, MEMBER(log_level), 0, 0,
     LOG_LEVEL_NOTICE, N_("LEVEL"), N_("error, warning, notice, info or debug"),
     "notice"},
};
#define KEY_COUNT (sizeof keys / sizeof keys[0])

const struct config_key *config_key(size_t number)
{
    return number < KEY_COUNT ? &keys[number] : NULL;
}

static const struct config_key *config_find_key(const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

/* Of the kinds that own a text. */
static int has_text(const struct config_key *key)
{
    return key->kind == CONFIG_GROUP || key->kind == CONFIG_CONTROL
           || key->kind == CONFIG_FILE;
}

static char **config_text(struct config *config, const struct config_key *key)
{
    return (char **) (void *) ((char *) config + key->member);
}

static long *config_number(struct config *config, const struct config_key *key)
{
    return (long *) (void *) ((char *) config + key->member);
}

void config_init(struct config *config)
{
    *config = (struct config){0};
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (keys[i].kind != CONFIG_ENDPOINT && !has_text(&keys[i]))
            *config_number(config, &keys[i]) = keys[i].initial;
}

void config_clear_endpoints(struct config *config)
{
    while (config->endpoint_count > 0)
        free(config->endpoints[--config->endpoint_count]);
}

void config_clear(struct config *config)
{
    config_clear_endpoints(config);
    free(config->file);
    config->file = NULL;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (has_text(&keys[i])) {
            free(*config_text(config, &keys[i]));
            *config_text(config, &keys[i]) = NULL;
        }
    }
}

int config_check(const struct config *config, char reason[CONFIG_REASON_SIZE])
{
    for (size_t i = 0; config->curve_key == NULL && i < config->endpoint_count;
         i++) {
        if (!endpoint_is_remote(config->endpoints[i]))
            continue;
        snprintf(reason, CONFIG_REASON_SIZE,
                 _("endpoint %.100s is refused without keys: others than this "
                   "machine reach it; \"precisctl keygen\" makes the file "
                   "for curve-key"),
                 config->endpoints[i]);
        return -1;
    }
    return 0;
}

const char *config_authorized_keys(const struct config *config)
{
    return config->authorized_keys != NULL ? config->authorized_keys
                                           : CONFIG_AUTHORIZED_KEYS;
}

static int is_same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

int config_is_same(const struct config *a, const struct config *b,
                   const struct config_key *key)
{
    if (has_text(key))
        return is_same_text(*config_text((struct config *) a, key),
                            *config_text((struct config *) b, key));
    if (key->kind != CONFIG_ENDPOINT)
        return *config_number((struct config *) a, key)
               == *config_number((struct config *) b, key);
    if (a->endpoints_given != b->endpoints_given)
        return 0;
    for (size_t i = 0; i < a->endpoints_given; i++)
        if (strcmp(a->endpoints[i], b->endpoints[i]) != 0)
            return 0;
    return 1;
}

void config_swap(struct config *a, struct config *b,
                 const struct config_key *key)
{
    if (has_text(key)) {
        char *text = *config_text(a, key);

        *config_text(a, key) = *config_text(b, key);
        *config_text(b, key) = text;
    } else {
        long number = *config_number(a, key);

        *config_number(a, key) = *config_number(b, key);
        *config_number(b, key) = number;
    }
}

/* ---- values ---- */

/* Bytes as people write them: 4M rather than 4194304. */
static void format_bytes(char *out, size_t size, long bytes)
{
    if (bytes % MIB == 0)
        snprintf(out, size, "%ldM", bytes / MIB);
    else
        snprintf(out, size, "%ldK", bytes / KIB);
}

static int refuse_range(const struct config_key *key, const char *value,
                        char *reason)
{
    char low[32], high[32];

    if (key->kind == CONFIG_BYTES) {
        format_bytes(low, sizeof low, key->min);
        format_bytes(high, sizeof high, key->max);
    } else if (key->kind == CONFIG_OCTAL) {
        snprintf(low, sizeof low, "%04lo", (unsigned long) key->min);
        snprintf(high, sizeof high, "%04lo", (unsigned long) key->max);
    } else {
        snprintf(low, sizeof low, "%ld", key->min);
        snprintf(high, sizeof high, "%ld", key->max);
    }
    snprintf(reason, CONFIG_REASON_SIZE,
             key->kind == CONFIG_OCTAL
                 ? _("%s must be octal, %s to %s, not \"%.64s\"")
                 : _("%s must be %s to %s, not \"%.64s\""),
             key->name, low, high, value);
    return -1;
}

/* Digits only: no sign, no blanks. */
static int parse_number(const struct config_key *key, const char *value,
                        long *number)
{
    long unit = 1;
    char *end;

    if (*value < '0' || *value > '9')
        return -1;
    errno = 0;
    *number = strtol(value, &end, key->kind == CONFIG_OCTAL ? 8 : 10);
    if (errno != 0)
        return -1;
    if (key->kind == CONFIG_BYTES && (*end == 'K' || *end == 'M'))
        unit = *end++ == 'K' ? KIB : MIB;
    if (*end != '\0' || *number > key->max / unit)
        return -1;
    *number *= unit;
    return *number >= key->min ? 0 : -1;
}

static int set_number(struct config *config, const struct config_key *key,
                      const char *value, char *reason)
{
    long number;

    if (parse_number(key, value, &number) != 0)
        return refuse_range(key, value, reason);
    *config_number(config, key) = number;
    return 0;
}

static int set_level(struct config *config, const struct config_key *key,
                     const char *value, char *reason)
{
    int level = log_level_find(value);

    if (level < 0) {
        snprintf(reason, CONFIG_REASON_SIZE, _("%s must be %s, not \"%.64s\""),
                 key->name, _(key->help), value);
        return -1;
    }
    *config_number(config, key) = level;
    return 0;
}

static int set_text(struct config *config, const struct config_key *key,
                    const char *value, char *reason)
{
    char *copy = strdup(value);

    if (copy == NULL) {
        snprintf(reason, CONFIG_REASON_SIZE, "%s", _("out of memory"));
        return -1;
    }
    free(*config_text(config, key));
    *config_text(config, key) = copy;
    return 0;
}

static int set_group(struct config *config, const struct config_key *key,
                     const char *value, char *reason)
{
    if (getgrnam(value) == NULL) {
        snprintf(reason, CONFIG_REASON_SIZE,
                 _("%s: there is no group \"%.64s\" on this system"), key->name,
                 value);
        return -1;
    }
    return set_text(config, key, value, reason);
}

static int set_control(struct config *config, const struct config_key *key,
                       const char *value, char *reason)
{
    if (strcmp(value, "none") != 0) {
        if (endpoint_check(value, reason, CONFIG_REASON_SIZE) != 0)
            return -1;
        if (endpoint_path(value) == NULL) {
            snprintf(reason, CONFIG_REASON_SIZE,
                     _("%s must be ipc://PATH or none, not \"%.64s\""),
                     key->name, value);
            return -1;
        }
    }
    return set_text(config, key, value, reason);
}

/* A name, never a key: whoever writes the key itself here would show it to
 * all who see the options of a process. */
static int set_file(struct config *config, const struct config_key *key,
                    const char *value, char *reason)
{
    if (*value == '\0' || key_is_valid(value, strlen(value))) {
        snprintf(reason, CONFIG_REASON_SIZE,
                 _("%s is the name of a file, not a key"), key->name);
        return -1;
    }
    return set_text(config, key, value, reason);
}

static int add_endpoint(struct config *config, const struct config_key *key,
                        const char *value, char *reason)
{
    char *copy;

    if (endpoint_check(value, reason, CONFIG_REASON_SIZE) != 0)
        return -1;
    for (size_t i = 0; i < config->endpoint_count; i++) {
        if (strcmp(config->endpoints[i], value) == 0
            && !endpoint_is_ephemeral(value)) {
            snprintf(reason, CONFIG_REASON_SIZE, _("%s %s stands twice"),
                     key->name, value);
            return -1;
        }
    }
    if (config->endpoint_count == CONFIG_ENDPOINTS_MAX) {
        snprintf(reason, CONFIG_REASON_SIZE, _("more than %d endpoints"),
                 CONFIG_ENDPOINTS_MAX);
        return -1;
    }
    copy = strdup(value);
    if (copy == NULL) {
        snprintf(reason, CONFIG_REASON_SIZE, "%s", _("out of memory"));
        return -1;
    }
    config->endpoints[config->endpoint_count++] = copy;
    return 0;
}

int config_set(struct config *config, const struct config_key *key,
               const char *value, char reason[CONFIG_REASON_SIZE])
{
    static int (*const set[])(struct config *, const struct config_key *,
                              const char *, char *) = {
        [CONFIG_NUMBER] = set_number, [CONFIG_BYTES] = set_number,
        [CONFIG_OCTAL] = set_number,  [CONFIG_LEVEL] = set_level,
        [CONFIG_GROUP] = set_group,   [CONFIG_ENDPOINT] = add_endpoint,
        [CONFIG_CONTROL] = set_control,
        [CONFIG_FILE] = set_file,
    };

    return set[key->kind](config, key, value, reason);
}

/* ---- the file ---- */

struct reading {
    struct config *config;
    const char *file;
    FILE *stream;
    FILE *errors;
    size_t line;
    size_t faults;
    size_t fault_line;           /* of the latest fault */
    size_t seen[KEY_COUNT];      /* line where a key stood, 0: not yet */
};

static void fault(struct reading *reading, const char *reason)
{
    reading->faults++;
    reading->fault_line = reading->line;
    fprintf(reading->errors, "%s:%zu: %s\n", reading->file, reading->line,
            reason);
}

/* For inih: like fgets().  A line that is refused is given as an empty one. */
static char *read_line(char *line, int room, void *context)
{
    struct reading *reading = context;
    size_t size = 0;
    int has_nul = 0;
    int byte;

    byte = getc(reading->stream);
    if (byte == EOF)
        return NULL;
    reading->line++;
    for (; byte != EOF && byte != '\n'; byte = getc(reading->stream)) {
        if (byte == '\0')
            has_nul = 1;
        if (size == 0 && (byte == ' ' || byte == '\t'))
            continue;
        if (size < (size_t) room - 1)
            line[size] = (char) byte;
        size++;
    }
    if (has_nul || size > LINE_MAX_BYTES) {
        fault(reading, has_nul ? _("the line has a NUL byte")
                               : _("the line is longer than 197 bytes"));
        size = 0;
    }
    line[size] = '\0';
    return line;
}

static int read_key(void *context, const char *section, const char *name,
                    const char *value)
{
    struct reading *reading = context;
    const struct config_key *key = config_find_key(name);
    char reason[CONFIG_REASON_SIZE];
    size_t number;

    if (strcmp(section, CONFIG_SECTION) != 0) {
        snprintf(reason, sizeof reason,
                 *section == '\0'
                     ? _("%.64s stands before the section [precisd]")
                     : _("%.64s stands in the unknown section [%.64s]; there "
                         "is only [precisd]"),
                 name, section);
        fault(reading, reason);
        return 1;
    }
    if (key == NULL) {
        snprintf(reason, sizeof reason, _("unknown key %.64s"), name);
        fault(reading, reason);
        return 1;
    }
    number = (size_t) (key - keys);
    if (reading->seen[number] != 0 && key->kind != CONFIG_ENDPOINT) {
        snprintf(reason, sizeof reason, _("%s stands already in line %zu"),
                 name, reading->seen[number]);
        fault(reading, reason);
        return 1;
    }
    reading->seen[number] = reading->line;
    if (config_set(reading->config, key, value, reason) != 0)
        fault(reading, reason);
    return 1;
}

size_t config_load(struct config *config, const char *file, FILE *errors)
{
    struct reading reading = {
        .config = config, .file = file, .errors = errors};
    int line;

    reading.stream = fopen(file, "re");
    if (reading.stream == NULL) {
        fprintf(errors, _("%s: %s"), file, strerror(errno));
        fputs("\n", errors);
        return 1;
    }
    line = ini_parse_stream(read_line, &reading, read_key, &reading);
    if (ferror(reading.stream)) {
        fprintf(errors, _("%s: %s"), file, strerror(errno));
        fputs("\n", errors);
        reading.faults++;
    } else if (line > 0) {
        /* inih goes on after a line it cannot read and tells the first. */
        reading.line = (size_t) line;
        fault(&reading, _("neither [section], key = value nor a comment"));
    }
    fclose(reading.stream);
    return reading.faults;
}
