#include <config.h>

#include "daemon/rates.h"

#include <stddef.h>

#define SECOND_US 1000000
#define HALF_MINUTE_US (30 * (uint64_t) SECOND_US)

const uint64_t histogram_bounds_us[HISTOGRAM_BUCKETS - 1] = {
    100,   250,   500,    1000,   2500,   5000,    10000,
    25000, 50000, 100000, 250000, 500000, 1000000,
};

void histogram_add(struct histogram *histogram, uint64_t us)
{
    size_t i = 0;

    while (i < HISTOGRAM_BUCKETS - 1 && us > histogram_bounds_us[i])
        i++;
    histogram->buckets[i]++;
    histogram->sum_us += us;
    histogram->count++;
}

uint64_t histogram_percentile(const struct histogram *histogram,
                              unsigned percent)
{
    /* The number of the one that is asked for, from 1. */
    uint64_t rank = (histogram->count * percent + 99) / 100;
    uint64_t low = 0;

    if (rank == 0)
        return 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
        uint64_t high = histogram_bounds_us[i];
        uint64_t count = histogram->buckets[i];

        if (rank <= count)
            return low + (high - low) * rank / count;
        rank -= count;
        low = high;
    }
    return low; /* or longer: no bound is known */
}

/* Empties the seconds that have passed since the last call. */
static void ring_turn(struct rates *rates, uint64_t now_us)
{
    uint64_t second = now_us / SECOND_US;
    uint64_t from = rates->second + 1;

    if (second >= from + RATES_SECONDS)
        from = second - RATES_SECONDS + 1;
    for (; from <= second; from++) {
        rates->requests[from % RATES_SECONDS] = 0;
        rates->errors[from % RATES_SECONDS] = 0;
    }
    rates->second = second;
}

static void recent_turn(struct rates *rates, uint64_t now_us)
{
    uint64_t half_minute = now_us / HALF_MINUTE_US;

    if (half_minute == rates->half_minute)
        return;
    if (half_minute == rates->half_minute + 1)
        rates->recent[1] = rates->recent[0];
    else
        rates->recent[1] = (struct histogram){0};
    rates->recent[0] = (struct histogram){0};
    rates->half_minute = half_minute;
}

void rates_add(struct rates *rates, uint64_t now_us, int is_error, uint64_t us)
{
    ring_turn(rates, now_us);
    rates->requests[rates->second % RATES_SECONDS]++;
    rates->errors[rates->second % RATES_SECONDS] += is_error != 0;
    if (us == 0)
        return;
    recent_turn(rates, now_us);
    histogram_add(&rates->recent[0], us);
}

/* The second under way is not over, and left out. */
static double mean(const struct rates *rates, const uint32_t *ring,
                   unsigned seconds)
{
    uint64_t sum = 0;

    for (unsigned i = 1; i <= seconds; i++)
        sum += ring[(rates->second + RATES_SECONDS - i) % RATES_SECONDS];
    return (double) sum / seconds;
}

double rates_requests(struct rates *rates, uint64_t now_us, unsigned seconds)
{
    ring_turn(rates, now_us);
    return mean(rates, rates->requests, seconds);
}

double rates_errors(struct rates *rates, uint64_t now_us, unsigned seconds)
{
    ring_turn(rates, now_us);
    return mean(rates, rates->errors, seconds);
}

uint64_t rates_percentile(struct rates *rates, uint64_t now_us,
                          unsigned percent)
{
    struct histogram both;

    recent_turn(rates, now_us);
    both = rates->recent[0];
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        both.buckets[i] += rates->recent[1].buckets[i];
    both.count += rates->recent[1].count;
    return histogram_percentile(&both, percent);
}
