#include <config.h>

#include "daemon/failures.h"

#include <sys/random.h>

#include "daemon/job.h"

int failures_init(struct failures *failures)
{
    *failures = (struct failures){0};
    if (getrandom(&failures->seed, sizeof failures->seed, GRND_NONBLOCK) < 0)
        failures->seed = clock_us();
    return pthread_mutex_init(&failures->mutex, NULL);
}

void failures_clear(struct failures *failures)
{
    pthread_mutex_destroy(&failures->mutex);
}

/* ---- with the lock held ---- */

static struct failures_row *find_set(struct failures *failures,
                                     const struct address *address)
{
    return failures->rows[address_hash(address, failures->seed)
                          % FAILURES_SETS];
}

static struct failures_row *row_find(struct failures *failures,
                                     const struct address *address)
{
    struct failures_row *set = find_set(failures, address);

    for (size_t i = 0; i < FAILURES_SET_SIZE; i++)
        if (set[i].begun_us != 0
            && address_is_same(&set[i].address, address))
            return &set[i];
    return NULL;
}

/* The one that has it, a free one, or that of whoever failed first. */
static struct failures_row *row_take(struct failures *failures,
                                     const struct address *address)
{
    struct failures_row *set = find_set(failures, address);
    struct failures_row *row = row_find(failures, address);

    if (row != NULL)
        return row;
    row = &set[0];
    for (size_t i = 1; i < FAILURES_SET_SIZE; i++)
        if (set[i].begun_us < row->begun_us)
            row = &set[i];
    *row = (struct failures_row){.address = *address};
    return row;
}

/* ---- any thread ---- */

int failures_add(struct failures *failures, const struct address *address,
                 uint64_t now_us)
{
    struct failures_row *row;
    int is_over;

    if (!address_is_known(address))
        return 0;
    pthread_mutex_lock(&failures->mutex);
    row = row_take(failures, address);
    if (row->begun_us == 0 || now_us - row->begun_us >= FAILURES_US) {
        row->begun_us = now_us;
        row->count = 0;
    }
    is_over = ++row->count >= FAILURES_MOST;
    if (is_over) {
        /* Handshakes under way may fail yet; that is no second time. */
        is_over = row->until_us <= now_us;
        row->until_us = now_us + FAILURES_US;
        row->count = 0;
        failures->blocked += (uint64_t) is_over;
    }
    pthread_mutex_unlock(&failures->mutex);
    return is_over;
}

void failures_forget(struct failures *failures,
                     const struct address *address)
{
    struct failures_row *row;

    pthread_mutex_lock(&failures->mutex);
    row = row_find(failures, address);
    if (row != NULL)
        *row = (struct failures_row){0};
    pthread_mutex_unlock(&failures->mutex);
}

int failures_is_blocked(struct failures *failures,
                        const struct address *address, uint64_t now_us)
{
    const struct failures_row *row;
    int is_blocked;

    if (!address_is_known(address))
        return 0;
    pthread_mutex_lock(&failures->mutex);
    row = row_find(failures, address);
    is_blocked = row != NULL && now_us < row->until_us;
    pthread_mutex_unlock(&failures->mutex);
    return is_blocked;
}

uint64_t failures_blocked(struct failures *failures)
{
    uint64_t blocked;

    pthread_mutex_lock(&failures->mutex);
    blocked = failures->blocked;
    pthread_mutex_unlock(&failures->mutex);
    return blocked;
}
