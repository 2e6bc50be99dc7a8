#include <config.h>

#include "daemon/stats.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/precis.h"

static const char *const loss_names[LOSS_COUNT] = {
    [LOSS_NO_ENVELOPE] = "no_envelope",
    [LOSS_GONE] = "client_gone",
    [LOSS_SLOW] = "client_slow",
};

static const char *const refusal_names[REFUSAL_COUNT] = {
    [REFUSAL_LIMIT] = "limit",
    [REFUSAL_ADDRESS] = "address",
    [REFUSAL_DESCRIPTORS] = "descriptors",
    [REFUSAL_FAILURES] = "failures",
};

static const char *const cut_names[CUT_COUNT] = {
    [CUT_ENDLESS] = "endless",
    [CUT_MEMORY] = "memory",
    [CUT_SLOW] = "slow",
};

/* Requests that were refused without being worked on. */
static const int rejections[] = {PRECIS_EBUSY, PRECIS_ETOO_LARGE,
                                 PRECIS_ETIMEOUT, PRECIS_ESHUTTING_DOWN,
                                 PRECIS_EBAD_REQUEST};

void stats_init(struct stats *stats)
{
    *stats = (struct stats){.start_us = clock_us(), .start = time(NULL)};
    stats_reload(stats, 1);
    stats->reloads = 0;
}

void stats_reload(struct stats *stats, int is_good)
{
    stats->reloads++;
    stats->reload_is_good = is_good;
    if (is_good)
        stats->reload_time = time(NULL);
}

/* Most articles are in the language of the one before. */
static size_t language_number(size_t last, const char *language)
{
    const char *name = precis_language(last);

    if (name != NULL && strcmp(name, language) == 0)
        return last;
    for (size_t i = 0; i < STATS_LANGUAGES_MAX
                       && (name = precis_language(i)) != NULL;
         i++)
        if (strcmp(name, language) == 0)
            return i;
    return STATS_LANGUAGES_MAX;
}

void stats_add(struct stats *stats, const struct job *job)
{
    size_t code = (size_t) -job->code;
    uint64_t now_us = clock_us();

    if (code >= STATS_CODES)
        code = (size_t) -PRECIS_EINTERNAL;
    stats->requests[job->op][code]++;
    stats->denied += job->code == PRECIS_EDENIED;
    stats->bytes_in += job->bytes_in;
    stats->bytes_out += job->bytes_out;
    stats->replaced += job->replaced;
    stats->sentences += job->sentences;
    rates_add(&stats->rates, now_us, job->code != 0,
              job->service_us != 0 ? now_us - job->arrival_us : 0);
    if (job->service_us == 0)
        return; /* answered by the loop */
    histogram_add(&stats->duration[job->op], now_us - job->arrival_us);
    histogram_add(&stats->queue_wait, job->wait_us);
    rates_add(&stats->waits, now_us, 0, job->wait_us);
    /* The mean of about the last 16, kept as a whole number. */
    stats->mean_service_us
        = (stats->mean_service_us * 15 + job->service_us + 15) / 16;
    if (job->code == 0 && job->language[0] != '\0') {
        stats->language = language_number(stats->language, job->language);
        stats->articles[stats->language]++;
    }
}

/* ---- the process ---- */

static uint64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    uint64_t total, resident = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%" SCNu64 " %" SCNu64, &total, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * (uint64_t) sysconf(_SC_PAGESIZE);
}

static uint64_t open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    uint64_t count = 0;

    if (folder == NULL)
        return 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count > 3 ? count - 3 : 0; /* ., .. and the folder's own */
}

static double cpu_seconds(void)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* ---- status ---- */

static void add_member(struct buffer *out, const char *key, uint64_t number)
{
    buffer_add_key(out, key);
    buffer_add_number(out, number);
}

static void add_text_member(struct buffer *out, const char *key,
                            const char *text)
{
    buffer_add_key(out, key);
    buffer_add_json(out, text, strlen(text));
}

static const char *outcome_name(size_t code)
{
    return code == 0 ? "ok" : code_name(-(int) code);
}

static uint64_t count_requests(const struct stats *stats, size_t code)
{
    uint64_t count = 0;

    for (size_t op = 0; op < OP_COUNT; op++)
        count += stats->requests[op][code];
    return count;
}

static void add_requests(struct buffer *out, const struct stats *stats)
{
    uint64_t errors = 0;

    for (size_t code = 1; code < STATS_CODES; code++)
        errors += count_requests(stats, code);
    add_member(out, "requests", count_requests(stats, 0) + errors);
    add_member(out, "errors", errors);
    buffer_add_key(out, "outcomes");
    buffer_add_string(out, "{");
    for (size_t code = 0; code < STATS_CODES; code++)
        if (code == 0 || count_requests(stats, code) > 0)
            add_member(out, outcome_name(code), count_requests(stats, code));
    buffer_add_string(out, "}");
}

static void add_endpoints(struct buffer *out, const struct gauges *gauges)
{
    buffer_add_key(out, "endpoints");
    buffer_add_string(out, "[");
    for (size_t i = 0; i < gauges->endpoint_count; i++) {
        if (i > 0)
            buffer_add_string(out, ",");
        buffer_add_json(out, gauges->endpoints[i],
                        strlen(gauges->endpoints[i]));
    }
    buffer_add_string(out, "]");
}

static void add_languages(struct buffer *out)
{
    const char *name;

    buffer_add_key(out, "languages");
    buffer_add_string(out, "[");
    for (size_t i = 0; (name = precis_language(i)) != NULL; i++) {
        if (i > 0)
            buffer_add_string(out, ",");
        buffer_add_json(out, name, strlen(name));
    }
    buffer_add_string(out, "]");
}

static void add_rates(struct buffer *out, struct stats *stats)
{
    uint64_t now_us = clock_us();

    buffer_add_key(out, "requests_per_second");
    buffer_add_real(out, rates_requests(&stats->rates, now_us, 10));
    buffer_add_key(out, "errors_per_second");
    buffer_add_real(out, rates_errors(&stats->rates, now_us, 10));
    add_member(out, "p50_us", rates_percentile(&stats->rates, now_us, 50));
    add_member(out, "p99_us", rates_percentile(&stats->rates, now_us, 99));
}

void stats_format_status(struct stats *stats,
                         const struct gauges *gauges, struct buffer *out)
{
    uint64_t lost = 0;

    for (size_t i = 0; i < LOSS_COUNT; i++)
        lost += stats->losses[i];
    add_text_member(out, "state", gauges->is_draining ? "draining" : "running");
    add_member(out, "pid", (uint64_t) getpid());
    add_member(out, "uptime_seconds",
               (clock_us() - stats->start_us) / 1000000);
    add_endpoints(out, gauges);
    add_languages(out);
    add_member(out, "workers", gauges->workers);
    add_member(out, "workers_busy", gauges->workers_busy);
    add_member(out, "in_flight", gauges->in_flight);
    add_member(out, "queued", gauges->queued);
    add_member(out, "queue_length", gauges->queue_length);
    add_member(out, "queued_bytes", gauges->queued_bytes);
    add_member(out, "queue_bytes", gauges->queue_bytes);
    add_member(out, "clients", gauges->clients);
    add_member(out, "connections", gauges->connections);
    add_member(out, "connections_limit", gauges->connection_limit);
    add_member(out, "article_limit", gauges->article_limit);
    add_member(out, "timeout_ms", gauges->timeout);
    add_requests(out, stats);
    add_rates(out, stats);
    add_member(out, "lost", lost);
    add_member(out, "bytes_in", stats->bytes_in);
    add_member(out, "bytes_out", stats->bytes_out);
    add_member(out, "resident_bytes", resident_bytes());
}

/* ---- metrics ---- */

__attribute__((format(printf, 2, 3)))
static void add_line(struct buffer *out, const char *format, ...)
{
    char line[256];
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (size > 0)
        buffer_add(out, line,
                   (size_t) size < sizeof line ? (size_t) size
                                               : sizeof line - 1);
}

static void add_head(struct buffer *out, const char *name, const char *type,
                     const char *help)
{
    add_line(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_histogram(struct buffer *out, const char *name,
                          const char *label, const struct histogram *histogram)
{
    const char *comma = *label != '\0' ? "," : "";
    uint64_t count = 0;

    for (size_t i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
        count += histogram->buckets[i];
        add_line(out, "%s_bucket{%s%sle=\"%g\"} %" PRIu64 "\n", name, label,
                 comma, (double) histogram_bounds_us[i] / 1e6, count);
    }
    add_line(out, "%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name, label,
             comma, histogram->count);
    add_line(out, *label != '\0' ? "%s_sum{%s} %.6f\n" : "%s_sum%s %.6f\n",
             name, label, (double) histogram->sum_us / 1e6);
    add_line(out,
             *label != '\0' ? "%s_count{%s} %" PRIu64 "\n"
                            : "%s_count%s %" PRIu64 "\n",
             name, label, histogram->count);
}

static void add_request_metrics(struct buffer *out, const struct stats *stats)
{
    char label[64];

    add_head(out, "precis_requests_total", "counter",
             "Requests answered, by operation and outcome.");
    for (size_t op = 0; op < OP_COUNT; op++)
        for (size_t code = 0; code < STATS_CODES; code++)
            if (stats->requests[op][code] > 0)
                add_line(out,
                         "precis_requests_total{op=\"%s\",outcome=\"%s\"} "
                         "%" PRIu64 "\n",
                         op_name((enum op) op), outcome_name(code),
                         stats->requests[op][code]);
    add_head(out, "precis_request_duration_seconds", "histogram",
             "From the arrival of a request to its reply.");
    for (size_t op = 0; op < OP_COUNT; op++) {
        if (stats->duration[op].count == 0)
            continue;
        snprintf(label, sizeof label, "op=\"%s\"", op_name((enum op) op));
        add_histogram(out, "precis_request_duration_seconds", label,
                      &stats->duration[op]);
    }
    add_head(out, "precis_queue_wait_seconds", "histogram",
             "From the arrival of a request to the begin of its work.");
    add_histogram(out, "precis_queue_wait_seconds", "", &stats->queue_wait);
}

static void add_rejections(struct buffer *out, const struct stats *stats)
{
    add_head(out, "precis_rejected_total", "counter",
             "Requests refused without work, by reason.");
    for (size_t i = 0; i < sizeof rejections / sizeof rejections[0]; i++) {
        size_t code = (size_t) -rejections[i];

        add_line(out, "precis_rejected_total{reason=\"%s\"} %" PRIu64 "\n",
                 outcome_name(code), count_requests(stats, code));
    }
    add_head(out, "precis_lost_total", "counter",
             "Messages and replies that reached nobody, by reason.");
    for (size_t i = 0; i < LOSS_COUNT; i++)
        add_line(out, "precis_lost_total{reason=\"%s\"} %" PRIu64 "\n",
                 loss_names[i], stats->losses[i]);
}

static void add_connections(struct buffer *out, const struct gauges *gauges)
{
    add_head(out, "precis_connections_refused_total", "counter",
             "Connections closed as soon as they came, by reason.");
    for (size_t i = 0; i < REFUSAL_COUNT; i++)
        add_line(out,
                 "precis_connections_refused_total{reason=\"%s\"} %" PRIu64
                 "\n",
                 refusal_names[i], gauges->connections_refused[i]);
    add_head(out, "precis_connections_cut_total", "counter",
             "Connections ended by the service, by reason.");
    for (size_t i = 0; i < CUT_COUNT; i++)
        add_line(out,
                 "precis_connections_cut_total{reason=\"%s\"} %" PRIu64
                 "\n",
                 cut_names[i], gauges->connections_cut[i]);
}

static void add_articles(struct buffer *out, const struct stats *stats)
{
    const char *name;

    add_head(out, "precis_articles_total", "counter",
             "Articles worked on, by language and format.");
    for (size_t i = 0; i < STATS_LANGUAGES_MAX
                       && (name = precis_language(i)) != NULL;
         i++)
        if (stats->articles[i] > 0)
            add_line(out,
                     "precis_articles_total{language=\"%s\",format=\"text\"} "
                     "%" PRIu64 "\n",
                     name, stats->articles[i]);
    add_line(out,
             "precis_articles_total{language=\"other\",format=\"text\"} "
             "%" PRIu64 "\n",
             stats->articles[STATS_LANGUAGES_MAX]);
}

void stats_format_metrics(const struct stats *stats,
                          const struct gauges *gauges, struct buffer *out)
{
    const struct {
        const char *name, *type, *help;
        uint64_t number;
    } rows[] = {
        {"precis_input_bytes_total", "counter", "Bytes of articles received.",
         stats->bytes_in},
        {"precis_output_bytes_total", "counter", "Bytes of replies.",
         stats->bytes_out},
        {"precis_auth_failures_total", "counter",
         "Requests that their sender may not make.", stats->denied},
        {"precis_handshakes_refused_total", "counter",
         "Clients with tcp keys that are not on the list.",
         gauges->handshakes_refused},
        {"precis_config_last_reload_successful", "gauge",
         "1 where the latest reload was taken, or none was tried.",
         (uint64_t) stats->reload_is_good},
        {"precis_config_last_reload_success_timestamp_seconds", "gauge",
         "The configuration in use was read then, in seconds since 1970.",
         (uint64_t) stats->reload_time},
        {"precis_sentences_total", "counter", "Sentences of articles.",
         stats->sentences},
        {"precis_decode_replacements_total", "counter",
         "Undecodable parts that became U+FFFD.", stats->replaced},
        {"precis_queue_depth", "gauge", "Requests waiting.", gauges->queued},
        {"precis_queue_limit", "gauge", "Requests that may wait.",
         gauges->queue_length},
        {"precis_requests_in_flight", "gauge",
         "Requests accepted and not yet answered.", gauges->in_flight},
        {"precis_workers", "gauge", "Threads that summarize.",
         gauges->workers},
        {"precis_workers_busy", "gauge", "Threads at work.",
         gauges->workers_busy},
        {"precis_clients", "gauge", "Clients with requests under way.",
         gauges->clients},
        {"precis_connections", "gauge", "Open connections.",
         gauges->connections},
        {"precis_connections_limit", "gauge", "Connections that may be open.",
         gauges->connection_limit},
        {"precis_connections_total", "counter", "Connections accepted.",
         gauges->connections_accepted},
        {"precis_memory_short", "gauge",
         "1 while requests are refused because memory is short.",
         (uint64_t) gauges->memory_is_short},
        {"process_resident_memory_bytes", "gauge", "Resident memory.",
         resident_bytes()},
        {"process_open_fds", "gauge", "Open descriptors.",
         open_descriptors()},
        {"process_start_time_seconds", "gauge",
         "Start, in seconds since 1970.", (uint64_t) stats->start},
    };

    add_head(out, "precis_build_info", "gauge", "Version and protocol.");
    add_line(out, "precis_build_info{version=\"%s\",protocol=\"%s\"} 1\n",
             precis_version(), PROTOCOL_MAGIC);
    add_request_metrics(out, stats);
    add_rejections(out, stats);
    add_connections(out, gauges);
    add_articles(out, stats);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        add_head(out, rows[i].name, rows[i].type, rows[i].help);
        add_line(out, "%s %" PRIu64 "\n", rows[i].name, rows[i].number);
    }
    add_head(out, "process_cpu_seconds_total", "counter",
             "Processor time, user and system.");
    add_line(out, "process_cpu_seconds_total %.2f\n", cpu_seconds());
}
