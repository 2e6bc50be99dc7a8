#include <config.h>

#include "daemon/security.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/job.h"
#include "daemon/log.h"
#include "po/intl.h"

/* Refusals are logged once in so long, with their number: whoever tries keys
 * does not fill the log. */
#define SAID_US 1000000

/* A path of any sane length. */
#define FILE_SIZE 1024

/* ---- opening ---- */

/* The file of the service's secret key; $CREDENTIALS_DIRECTORY before it is
 * where systemd puts what LoadCredential= names.  NULL: too long, or there is
 * no such folder. */
static const char *secret_file(const char *named, char *room, size_t size)
{
    static const char variable[] = "$CREDENTIALS_DIRECTORY";
    const char *folder = getenv(variable + 1);
    int written;

    if (strncmp(named, variable, sizeof variable - 1) != 0)
        return named;
    if (folder == NULL || *folder != '/')
        return NULL;
    written = snprintf(room, size, "%s%s", folder,
                       named + sizeof variable - 1);
    return written < 0 || (size_t) written >= size ? NULL : room;
}

/* The secret key and the clients'.  0, or -1 and *error. */
static int read_keys(struct security *security, const struct config *config,
                     struct key_list *list, precis_error *error)
{
    char room[FILE_SIZE];
    const char *file = secret_file(config->curve_key, room, sizeof room);

    if (file == NULL) {
        snprintf(error->message, sizeof error->message,
                 _("curve-key: systemd gave no credentials, %s is for "
                   "LoadCredential="),
                 config->curve_key);
        return -1;
    }
    return key_read_secret(file, security->secret, error) == 0
                   && key_list_read(config_authorized_keys(config), list,
                                    error)
                          == 0
               ? 0
               : -1;
}

static int start_handler(struct security *security, void *context,
                         struct key_list *list, char *reason)
{
    size_t count = list->count;
    int error = zap_start(&security->zap, context, list);

    if (error != 0) {
        snprintf(reason, SECURITY_REASON_SIZE,
                 _("cannot check the keys of clients: %s"), strerror(error));
        return EX_OSERR;
    }
    log_line(count > 0 ? LOG_LEVEL_NOTICE : LOG_LEVEL_WARNING,
             "curve clients=%zu%s", count,
             count > 0 ? "" : ": nobody may ask, see precisctl authorize");
    return 0;
}

int security_open(struct security *security, void *context,
                  const struct config *config,
                  char reason[SECURITY_REASON_SIZE])
{
    precis_error error = {.offset = -1};
    struct key_list list = {0};

    *security = (struct security){0};
    if (config->curve_key == NULL)
        return 0;
    if (read_keys(security, config, &list, &error) == 0)
        return start_handler(security, context, &list, reason);
    security_forget(security);
    snprintf(reason, SECURITY_REASON_SIZE, "%s", error.message);
    return EX_CONFIG;
}

int security_guard(const struct security *security, void *socket)
{
    return security->zap != NULL ? zap_guard(socket, security->secret) : 0;
}

void security_forget(struct security *security)
{
    explicit_bzero(security->secret, sizeof security->secret);
}

void security_close(struct security *security)
{
    zap_stop(security->zap);
    peers_clear(&security->peers);
    security_forget(security);
    security->zap = NULL;
}

/* ---- while it runs ---- */

static int is_client(const void *context, const char *key)
{
    return zap_client(context, key) != NULL;
}

int security_read(const struct security *security, const struct config *config,
                  struct key_list *list, char reason[SECURITY_REASON_SIZE])
{
    precis_error error = {.offset = -1};

    if (security->zap == NULL
        || key_list_read(config_authorized_keys(config), list, &error) == 0)
        return 0;
    snprintf(reason, SECURITY_REASON_SIZE, "%s", error.message);
    return -1;
}

void security_change(struct security *security, struct key_list *list)
{
    size_t cut = 0;

    if (security->zap == NULL)
        return;
    if (zap_change(security->zap, list) > 0)
        cut = peers_cut(&security->peers, is_client, security->zap);
    log_line(LOG_LEVEL_NOTICE, "curve clients=%zu connections_cut=%zu",
             zap_client_count(security->zap), cut);
}

struct failures *security_failures(const struct security *security)
{
    return security->zap != NULL ? zap_failures(security->zap) : NULL;
}

int security_admits(struct security *security, const struct message *message,
                    int descriptor)
{
    const char *key = message_sender(message);

    if (key == NULL || zap_client(security->zap, key) == NULL)
        return 0;
    peers_note(&security->peers, descriptor, key);
    return 1;
}

int security_bell(const struct security *security)
{
    return security->zap != NULL ? zap_bell(security->zap) : -1;
}

/* Counts what happened; how often since it was last told, where that may be
 * told again, else 0. */
static unsigned long said_add(struct said *said, unsigned long count,
                              uint64_t now)
{
    unsigned long times = said->untold += count;

    if (count == 0 || (said->told_us != 0 && now - said->told_us < SAID_US))
        return 0;
    said->told_us = now;
    said->untold = 0;
    return times;
}

static void log_refused(struct security *security,
                        const struct zap_refusal *refusal, uint64_t now)
{
    char address[LOG_FIELD_SIZE];
    unsigned long times = said_add(&security->refusals, refusal->count, now);

    if (times > 0)
        log_line(LOG_LEVEL_WARNING, "curve refused=%lu address=%s key=%s",
                 times, log_escape(address, refusal->address,
                                   strlen(refusal->address)),
                 refusal->key[0] != '\0' ? refusal->key : "-");
}

static void log_blocked(struct security *security,
                        const struct zap_refusal *refusal, uint64_t now)
{
    char address[LOG_FIELD_SIZE];
    unsigned long times = said_add(&security->blocks, refusal->blocked, now);

    if (times > 0)
        log_line(LOG_LEVEL_WARNING,
                 "curve blocked=%lu address=%s failures=%d seconds=%d", times,
                 log_escape(address, refusal->blocked_address,
                            strlen(refusal->blocked_address)),
                 FAILURES_MOST, FAILURES_US / 1000000);
}

int security_answer_bell(struct security *security)
{
    struct zap_refusal refusal;
    uint64_t now = clock_us();

    if (zap_answer_bell(security->zap, &refusal) != 0) {
        log_line(LOG_LEVEL_ERROR, "curve: keys are not checked any more");
        return -1;
    }
    security->refused = refusal.total;
    log_refused(security, &refusal, now);
    log_blocked(security, &refusal, now);
    return 0;
}
