#include <config.h>

#include "daemon/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

/* Replies up to here are copied: cheaper than a block of their own, and the
 * worker keeps its buffer. */
#define COPY_MAX 16384

/* A reply has at most the envelope, magic, header and body. */
#define PARTS_MAX (PROTOCOL_FRAMES_MAX + 3)

/* The one reply that must need no memory. */
static char no_memory[] = "{\"status\":\"error\",\"error\":{\"code\":"
                          "\"internal\",\"message\":\"out of memory\"}}";
static char magic[] = PROTOCOL_MAGIC;

#ifdef __SANITIZE_THREAD__
#define USE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define USE_TSAN 1
#endif
#endif
#ifdef USE_TSAN
#include <sanitizer/tsan_interface.h>
/* libzmq's own hand-over is invisible to ThreadSanitizer. */
#define HAND_OVER(pointer) __tsan_release(pointer)
#define TAKE_OVER(pointer) __tsan_acquire(pointer)
#else
#define HAND_OVER(pointer) ((void) (pointer))
#define TAKE_OVER(pointer) ((void) (pointer))
#endif

struct message {
    size_t count;
    size_t bytes;
    int is_cut;
    struct frame frames[PARTS_MAX];
    zmq_msg_t parts[PARTS_MAX];
};

struct message *message_new(void)
{
    struct message *message = malloc(sizeof *message);

    if (message != NULL)
        message->count = message->bytes = 0, message->is_cut = 0;
    return message;
}

static void message_cut(struct message *message, size_t count)
{
    while (message->count > count) {
        message->count--;
        message->bytes -= message->frames[message->count].size;
        zmq_msg_close(&message->parts[message->count]);
    }
}

void message_clear(struct message *message)
{
    message_cut(message, 0);
    message->is_cut = 0;
}

void message_free(struct message *message)
{
    if (message == NULL)
        return;
    message_clear(message);
    free(message);
}

static void message_keep(struct message *message)
{
    zmq_msg_t *part = &message->parts[message->count];
    struct frame *frame = &message->frames[message->count];

    frame->data = zmq_msg_data(part);
    frame->size = zmq_msg_size(part);
    message->bytes += frame->size;
    message->count++;
}

int message_receive(struct message *message, void *socket)
{
    zmq_msg_t extra;
    zmq_msg_t *part;
    int more = 1;

    while (more) {
        int is_extra = message->count == PROTOCOL_FRAMES_MAX;

        part = is_extra ? &extra : &message->parts[message->count];
        zmq_msg_init(part);
        if (zmq_msg_recv(part, socket, ZMQ_DONTWAIT) < 0) {
            int error = errno;

            zmq_msg_close(part);
            if (error == EINTR)
                continue;
            message_clear(message);
            return error;
        }
        more = zmq_msg_more(part);
        if (is_extra) {
            message->is_cut = 1;
            zmq_msg_close(part);
        } else {
            message_keep(message);
        }
    }
    return 0;
}

const struct frame *message_frames(const struct message *message,
                                   size_t *count)
{
    *count = message->count;
    return message->frames;
}

/* Of the first frame, which the ROUTER itself makes, not all is known. */
static const zmq_msg_t *sent_part(const struct message *message)
{
    return message->count > 1 ? &message->parts[1] : NULL;
}

const char *message_sender(const struct message *message)
{
    const zmq_msg_t *part = sent_part(message);

    return part != NULL ? zmq_msg_gets(part, "User-Id") : NULL;
}

int message_descriptor(const struct message *message)
{
    const zmq_msg_t *part = sent_part(message);

    return part != NULL ? zmq_msg_get(part, ZMQ_SRCFD) : -1;
}

size_t message_bytes(const struct message *message)
{
    return message->bytes;
}

int message_is_cut(const struct message *message)
{
    return message->is_cut;
}

/* libzmq has "localhost:UID:GID:PID" for a peer on ipc, and an address for
 * one on tcp. */
long message_peer_uid(struct message *message)
{
    static const char local[] = "localhost:";
    const char *peer;
    char *end;
    long uid;

    if (message->count == 0)
        return -1;
    peer = zmq_msg_gets(&message->parts[message->count - 1], "Peer-Address");
    if (peer == NULL || strncmp(peer, local, sizeof local - 1) != 0)
        return -1;
    peer += sizeof local - 1;
    if (*peer < '0' || *peer > '9')
        return -1;
    uid = strtol(peer, &end, 10);
    return *end == ':' && strchr(end + 1, ':') != NULL ? uid : -1;
}

/* Called by a thread of libzmq once a large reply has been sent. */
static void free_data(void *data, void *hint)
{
    (void) hint;
    TAKE_OVER(data);
    free(data);
}

static int message_add_static(struct message *message, char *text)
{
    /* Without a function to free it, libzmq keeps only the pointer. */
    if (zmq_msg_init_data(&message->parts[message->count], text, strlen(text),
                          NULL, NULL)
        != 0)
        return -1;
    message_keep(message);
    return 0;
}

static int message_add(struct message *message, struct buffer *buffer)
{
    zmq_msg_t *part = &message->parts[message->count];

    if (buffer->failed)
        return -1;
    if (buffer->size <= COPY_MAX) {
        if (zmq_msg_init_size(part, buffer->size) != 0)
            return -1;
        if (buffer->size > 0)
            memcpy(zmq_msg_data(part), buffer->data, buffer->size);
    } else {
        HAND_OVER(buffer->data);
        if (zmq_msg_init_data(part, buffer->data, buffer->size, free_data,
                              NULL)
            != 0)
            return -1;
        buffer_init(buffer);
    }
    message_keep(message);
    return 0;
}

int message_reply(struct message *message, size_t envelope,
                  struct buffer *header, struct buffer *body)
{
    message_cut(message, envelope);
    message->is_cut = 0;
    if (message_add_static(message, magic) == 0
        && message_add(message, header) == 0
        && message_add(message, body) == 0)
        return 0;
    message_cut(message, envelope);
    message_add_static(message, magic);
    message_add_static(message, no_memory);
    message_add_static(message, no_memory + strlen(no_memory));
    return -1;
}

int message_send(struct message *message, void *socket)
{
    for (size_t i = 0; i < message->count; i++) {
        int more = i + 1 < message->count ? ZMQ_SNDMORE : 0;
        int rc;

        do
            rc = zmq_msg_send(&message->parts[i], socket,
                              ZMQ_DONTWAIT | more);
        while (rc < 0 && errno == EINTR);
        /* A ROUTER decides on the first frame, the client's identity; the
         * others follow it or, where the client leaves meanwhile, are
         * discarded. */
        if (rc < 0)
            return errno;
    }
    message->count = 0; /* each part is empty now, as after zmq_msg_init() */
    message->bytes = 0;
    return 0;
}
