/* rates.h - how much was done of late, and how long it took.
 *
 * Seconds are counted in a ring of a minute.  Times go into two histograms,
 * that of this half minute and that of the one before; percentiles are of
 * both, and so of the last 30 to 60 seconds.
 */
#ifndef DAEMON_RATES_H
#define DAEMON_RATES_H

#include <stdint.h>

/* Upper bounds of the histograms' buckets, in microseconds; the last bucket
 * has none. */
#define HISTOGRAM_BUCKETS 14
extern const uint64_t histogram_bounds_us[HISTOGRAM_BUCKETS - 1];

struct histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS]; /* each its own, not yet summed up */
    uint64_t sum_us;
    uint64_t count;
};

void histogram_add(struct histogram *histogram, uint64_t us);

/* The time that `percent` of a hundred are not above, between the bounds of
 * its bucket by proportion; 0 where nothing was counted. */
uint64_t histogram_percentile(const struct histogram *histogram,
                              unsigned percent);

#define RATES_SECONDS 60

struct rates {
    uint64_t second; /* the newest in the ring */
    uint32_t requests[RATES_SECONDS], errors[RATES_SECONDS];
    uint64_t half_minute; /* that recent[0] is of */
    struct histogram recent[2];
};

/* Counts a reply; us is 0 where no worker had to do with it. */
void rates_add(struct rates *rates, uint64_t now_us, int is_error, uint64_t us);

/* Replies a second on the average of the last `seconds` full ones, at most
 * RATES_SECONDS - 1. */
double rates_requests(struct rates *rates, uint64_t now_us, unsigned seconds);
double rates_errors(struct rates *rates, uint64_t now_us, unsigned seconds);

/* Of late. */
uint64_t rates_percentile(struct rates *rates, uint64_t now_us,
                          unsigned percent);

#endif
