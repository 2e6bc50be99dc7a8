/* The handler's thread owns the REP socket and reads the list under the mutex;
 * the loop changes the list.  The thread neither logs nor waits for anybody,
 * so that a handshake is never held up.  Whatever ends it, its last act is to
 * ring the bell (pthread_cleanup_push), unless the context is terminated: then
 * it was meant to end. */
#include <config.h>

#include "daemon/zap.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/job.h"

/* libzmq 4.3 has it, though some builds hide its name: a socket with a domain
 * admits nobody where there is no handler. */
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

/* The frames of a question about CURVE. */
enum {
    ASKED_VERSION,
    ASKED_ID,
    ASKED_DOMAIN,
    ASKED_ADDRESS,
    ASKED_IDENTITY,
    ASKED_MECHANISM,
    ASKED_KEY,
    ASKED_SIZE
};

/* What the handshake is told.  After `later` the connection is closed without
 * a word, and libzmq's client tries again. */
static const char admitted[] = "200", later[] = "300", refused[] = "400";

struct zap {
    void *socket; /* the thread's, once it runs */
    pthread_t thread;
    int bell;
    atomic_int is_dead;
    pthread_mutex_t mutex; /* of what follows */
    struct key_list list;
    struct zap_refusal refusal;
    struct failures failures; /* has a mutex of its own */
};

/* ---- the thread ---- */

static void ring(struct zap *zap)
{
    static const uint64_t one = 1;

    while (write(zap->bell, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static int frame_is(zmq_msg_t *frame, const char *text)
{
    size_t size = strlen(text);

    return zmq_msg_size(frame) == size
           && memcmp(zmq_msg_data(frame), text, size) == 0;
}

static void read_address(zmq_msg_t *frame, char text[ZAP_ADDRESS_SIZE])
{
    size_t size = frame != NULL ? zmq_msg_size(frame) : 0;

    if (size >= ZAP_ADDRESS_SIZE)
        size = ZAP_ADDRESS_SIZE - 1;
    if (size > 0)
        memcpy(text, zmq_msg_data(frame), size);
    text[size] = '\0';
}

/* With the lock held. */
static void remember_refusal(struct zap *zap, const char *key,
                             const char *address, int is_blocked)
{
    struct zap_refusal *refusal = &zap->refusal;

    memcpy(refusal->address, address, strlen(address) + 1);
    memcpy(refusal->key, key, strlen(key) + 1);
    refusal->count++;
    refusal->total++;
    if (!is_blocked)
        return;
    refusal->blocked++;
    memcpy(refusal->blocked_address, address, strlen(address) + 1);
}

/* A handshake may be quicker than the end of its connection, which the monitor
 * makes: so a blocked address is asked to come later, and nothing counted. */
static const char *judge(struct zap *zap, const char *key, const char *text)
{
    int is_known = key_list_find(&zap->list, key) != NULL;
    int is_blocked = 0;
    uint64_t now = clock_us();
    struct address address;

    if (address_parse(text, &address) == 0) {
        if (failures_is_blocked(&zap->failures, &address, now))
            return later;
        if (is_known)
            failures_forget(&zap->failures, &address);
        else
            is_blocked = failures_add(&zap->failures, &address, now);
    }
    if (!is_known)
        remember_refusal(zap, key, text, is_blocked);
    return is_known ? admitted : refused;
}

/* Fails closed: a question that is not exactly ours is answered no.  Returns
 * the status, and fills the key where the client's is on the list, else "". */
static const char *decide(struct zap *zap, zmq_msg_t *frames, int count,
                          char key[KEY_SIZE])
{
    int is_ours = count == ASKED_SIZE && frame_is(&frames[ASKED_VERSION], "1.0")
                  && frame_is(&frames[ASKED_DOMAIN], ZAP_DOMAIN)
                  && frame_is(&frames[ASKED_MECHANISM], "CURVE")
                  && zmq_msg_size(&frames[ASKED_KEY]) == KEY_BYTES;
    char address[ZAP_ADDRESS_SIZE];
    const char *status;

    key[0] = '\0';
    read_address(count > ASKED_ADDRESS ? &frames[ASKED_ADDRESS] : NULL,
                 address);
    if (is_ours)
        zmq_z85_encode(key, zmq_msg_data(&frames[ASKED_KEY]), KEY_BYTES);
    pthread_mutex_lock(&zap->mutex);
    /* No client has the key "". */
    status = judge(zap, key, address);
    pthread_mutex_unlock(&zap->mutex);
    if (status == refused)
        ring(zap);
    if (status != admitted)
        key[0] = '\0';
    return status;
}

/* The frames of a question; those beyond are read, and counted.  How many, or
 * -1. */
static int receive(void *socket, zmq_msg_t frames[ASKED_SIZE])
{
    zmq_msg_t extra;
    int count = 0;
    int more = 1;

    while (more) {
        zmq_msg_t *frame = count < ASKED_SIZE ? &frames[count] : &extra;
        int rc;

        zmq_msg_init(frame);
        do
            rc = zmq_msg_recv(frame, socket, 0);
        while (rc < 0 && errno == EINTR);
        if (rc < 0) {
            zmq_msg_close(frame);
            while (count > 0)
                if (--count < ASKED_SIZE)
                    zmq_msg_close(&frames[count]);
            return -1;
        }
        more = zmq_msg_more(frame);
        if (count++ >= ASKED_SIZE)
            zmq_msg_close(frame);
    }
    return count;
}

/* 0, or -1 */
static int reply(void *socket, zmq_msg_t *id, const char *status,
                 const char *key)
{
    const char *why = status == admitted  ? "OK"
                      : status == refused ? "unknown key"
                                          : "too many failures";
    const char *texts[] = {"1.0", NULL, status, why, key, ""};
    const size_t count = sizeof texts / sizeof texts[0];

    for (size_t i = 0; i < count; i++) {
        const void *data = texts[i] != NULL ? texts[i] : zmq_msg_data(id);
        size_t size = texts[i] != NULL ? strlen(texts[i]) : zmq_msg_size(id);
        int rc;

        do
            rc = zmq_send(socket, data, size, i + 1 < count ? ZMQ_SNDMORE : 0);
        while (rc < 0 && errno == EINTR);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int serve(struct zap *zap)
{
    zmq_msg_t frames[ASKED_SIZE];
    char key[KEY_SIZE];
    int count = receive(zap->socket, frames);
    int rc;

    if (count < 0)
        return -1;
    if (count > ASKED_ID) {
        const char *status = decide(zap, frames, count, key);

        rc = reply(zap->socket, &frames[ASKED_ID], status, key);
    } else {
        /* No libzmq asks so, and it has no number to answer to. */
        rc = -1;
        errno = EPROTO;
    }
    while (count > 0)
        if (--count < ASKED_SIZE)
            zmq_msg_close(&frames[count]);
    return rc;
}

static void die(void *argument)
{
    struct zap *zap = argument;

    atomic_store(&zap->is_dead, 1);
    ring(zap);
}

static void *run(void *argument)
{
    struct zap *zap = argument;
    int is_meant;

    pthread_cleanup_push(die, zap);
    while (serve(zap) == 0)
        ;
    is_meant = errno == ETERM;
    zmq_close(zap->socket);
    pthread_cleanup_pop(!is_meant);
    return NULL;
}

/* ---- the loop ---- */

static int open_socket(struct zap *zap, void *context)
{
    static const int linger = 0;

    zap->socket = zmq_socket(context, ZMQ_REP);
    if (zap->socket == NULL)
        return errno;
    if (zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof linger) == 0
        && zmq_bind(zap->socket, ZAP_ENDPOINT) == 0)
        return 0;
    return errno;
}

int zap_start(struct zap **out, void *context, struct key_list *list)
{
    struct zap *zap = calloc(1, sizeof *zap);
    int error;

    if (zap == NULL) {
        key_list_clear(list);
        return ENOMEM;
    }
    zap->list = *list;
    *list = (struct key_list){0};
    pthread_mutex_init(&zap->mutex, NULL);
    failures_init(&zap->failures);
    zap->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    error = zap->bell >= 0 ? open_socket(zap, context) : errno;
    if (error == 0)
        error = pthread_create(&zap->thread, NULL, run, zap);
    if (error == 0) {
        *out = zap;
        return 0;
    }
    if (zap->socket != NULL)
        zmq_close(zap->socket);
    if (zap->bell >= 0)
        close(zap->bell);
    failures_clear(&zap->failures);
    pthread_mutex_destroy(&zap->mutex);
    key_list_clear(&zap->list);
    free(zap);
    return error;
}

int zap_guard(void *socket, const char secret[KEY_SIZE])
{
    static const int on = 1;

    if (zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen(ZAP_DOMAIN))
            != 0
        || zmq_setsockopt(socket, ZMQ_ZAP_ENFORCE_DOMAIN, &on, sizeof on) != 0
        || zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) != 0
        || zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, KEY_SIZE) != 0)
        return errno;
    return 0;
}

size_t zap_change(struct zap *zap, struct key_list *list)
{
    struct key_list old;
    size_t gone = 0;

    pthread_mutex_lock(&zap->mutex);
    old = zap->list;
    zap->list = *list;
    pthread_mutex_unlock(&zap->mutex);
    *list = (struct key_list){0};
    for (size_t i = 0; i < old.count; i++)
        gone += zap_client(zap, old.rows[i].key) == NULL;
    key_list_clear(&old);
    return gone;
}

/* The list changes in this thread only: reading needs no lock. */
const char *zap_client(const struct zap *zap, const char *key)
{
    const struct key_client *client = key_list_find(&zap->list, key);

    return client != NULL ? client->name : NULL;
}

struct failures *zap_failures(struct zap *zap)
{
    return &zap->failures;
}

size_t zap_client_count(const struct zap *zap)
{
    return zap->list.count;
}

int zap_bell(const struct zap *zap)
{
    return zap->bell;
}

int zap_answer_bell(struct zap *zap, struct zap_refusal *refusal)
{
    uint64_t times;

    while (read(zap->bell, &times, sizeof times) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&zap->mutex);
    *refusal = zap->refusal;
    zap->refusal.count = 0;
    zap->refusal.blocked = 0;
    pthread_mutex_unlock(&zap->mutex);
    return atomic_load(&zap->is_dead);
}

void zap_stop(struct zap *zap)
{
    if (zap == NULL)
        return;
    pthread_join(zap->thread, NULL);
    close(zap->bell);
    failures_clear(&zap->failures);
    pthread_mutex_destroy(&zap->mutex);
    key_list_clear(&zap->list);
    free(zap);
}
