#include <config.h>

#include "clients/link.h"

#include <limits.h>
#include <stdint.h>

int links_are_connected(const struct links *links)
{
    size_t i;

    for (i = 0; i < links->count; i++)
        if (links->rows[i].is_connected)
            return 1;
    return 0;
}

int links_are_there(const struct links *links)
{
    size_t i;

    for (i = 0; i < links->count; i++)
        if (links->rows[i].socket != NULL)
            return 1;
    return 0;
}

const precis_error *links_refusal(const struct links *links)
{
    const precis_error *refusal = NULL;
    size_t i;

    for (i = 0; i < links->count; i++) {
        const struct link *link = &links->rows[i];

        if (link->watch.error.code != 0)
            refusal = &link->watch.error;
        else if (link->socket != NULL)
            return NULL;
    }
    return refusal;
}

int links_are_gone(const struct links *links)
{
    size_t i;

    for (i = 0; i < links->count; i++)
        if (links->rows[i].looks < LOST_TRIES)
            return 0;
    return 1;
}

void link_wait(struct link *link, struct flights *flights)
{
    unsigned wait = LOST_WAIT_MS;
    unsigned i;

    for (i = 0; i < link->losses && wait < LOST_WAIT_MS_MAX; i++)
        wait *= 3;
    if (wait > LOST_WAIT_MS_MAX)
        wait = LOST_WAIT_MS_MAX;
    if (link->losses < UINT_MAX)
        link->losses++;
    link->due = now_ms() + flights_jitter(flights, wait);
}

void links_hurry(struct links *links, struct flights *flights)
{
    size_t i;

    for (i = 0; i < links->count; i++) {
        struct link *link = &links->rows[i];

        link->looks = 0;
        if (link->socket == NULL) {
            link->losses = 0;
            link_wait(link, flights);
        }
    }
}

void links_forget(struct links *links)
{
    size_t i;

    for (i = 0; i < links->count; i++) {
        links->rows[i].looks = 0;
        links->rows[i].losses = 0;
        links->rows[i].due = 0;
        links->rows[i].watch.error.code = 0;
    }
}

void link_hear(struct link *link, int code, unsigned retry_after_ms)
{
    long long now = now_ms();

    link->heard = now;
    link->asked_until = 0;
    link->losses = 0;
    if (code == PRECIS_EBUSY)
        link->avoid_until = now + retry_after_ms;
    else if (code == PRECIS_ESHUTTING_DOWN)
        link->avoid_until = now + DRAIN_WAIT_MS;
}

/* Smaller is better: requests under way, and a burden that outweighs them. */
static size_t link_burden(const struct link *link, int number,
                          const struct flights *flights,
                          const struct flight *flight)
{
    size_t burden = flights_count(flights, number);

    if (link->avoid_until > now_ms())
        burden += PRECIS_IN_FLIGHT_MAX;
    if (flight->link == number)
        burden += PRECIS_IN_FLIGHT_MAX;
    return burden;
}

int links_choose(struct links *links, const struct flights *flights,
                 const struct flight *flight, unsigned tried)
{
    size_t least = SIZE_MAX;
    int best = -1;
    size_t i;

    for (i = 0; i < links->count; i++) {
        size_t number = (links->turn + i) % links->count;
        const struct link *link = &links->rows[number];
        size_t burden;

        if (link->socket == NULL || (tried >> number & 1) != 0)
            continue;
        burden = link_burden(link, (int) number, flights, flight);
        if (burden < least) {
            least = burden;
            best = (int) number;
        }
    }
    links->turn++;
    return best;
}
