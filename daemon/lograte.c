#include <config.h>

#include "daemon/lograte.h"

#include "daemon/log.h"

#define SECOND_US 1000000

static struct {
    uint64_t second;
    unsigned lines;
    unsigned long held_back;
} sources[LOGRATE_SOURCES];
static size_t pending; /* sources with something held back */

/* FNV-1a. */
unsigned lograte_source(size_t listener, const void *name, size_t size)
{
    const unsigned char *bytes = name;
    uint32_t hash = 2166136261u;

    hash = (hash ^ (uint32_t) listener) * 16777619u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 16777619u;
    return (hash ^ hash >> 16) % LOGRATE_SOURCES;
}

static void tell(unsigned source)
{
    log_line(LOG_LEVEL_NOTICE, "log source=%u held_back=%lu", source,
             sources[source].held_back);
    sources[source].held_back = 0;
    pending--;
}

int lograte_allows(unsigned source, uint64_t now_us)
{
    uint64_t second = now_us / SECOND_US;

    if (log_is_on(LOG_LEVEL_DEBUG))
        return 1;
    if (sources[source].second != second) {
        if (sources[source].held_back > 0)
            tell(source);
        sources[source].second = second;
        sources[source].lines = 0;
    }
    if (sources[source].lines++ < LOGRATE_LINES)
        return 1;
    pending += sources[source].held_back == 0;
    sources[source].held_back++;
    return 0;
}

void lograte_tell(uint64_t now_us)
{
    for (unsigned i = 0; pending > 0 && i < LOGRATE_SOURCES; i++)
        if (sources[i].held_back > 0 && sources[i].second != now_us / SECOND_US)
            tell(i);
}

int lograte_is_pending(void)
{
    return pending > 0;
}
