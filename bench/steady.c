/* steady.c - holds a load through libprecis-client, and accounts for it.
 *
 *     steady [OPTION...] CORPUS
 *
 *     -e ENDPOINT  a service; several share the load
 *     -c CLIENTS   threads with a client each; 4
 *     -w WINDOW    requests that a client has under way at most; 32
 *     -r RATE      requests a second, of all clients; 0: as fast as it goes
 *     -n REQUESTS  and then the end; 0: no end by number
 *     -s SECONDS   and then the end; 0: no end by time
 *     -i SECONDS   between two reports; 1
 *     -t MS        time-out of a request; 10000
 *
 * CORPUS is as for bench/load.  Before the load a quiet client asks for each
 * article once; every later summary of it must be the same.  SIGTERM ends the
 * load; what is under way then is waited for.
 *
 * Each report is a line of JSON: what came since the last one, with latencies
 * counted from when a request was due.  "gap_ms" is the longest time without
 * any summary.  The last line, with "total":true, is about all; "lost" are
 * requests without an outcome, of which the library promises none.
 */
#include <config.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/bodies.h"
#include "bench/clock.h"
#include "clients/precis-client.h"
#include "protocol/protocol.h"

#define CLIENTS_MAX 64
#define CODES 16 /* of precis-error.h */

/* What a quiet client was told of a body. */
struct told {
    char *summary;
    size_t size;
};

/* What happened since the last report, and in all. */
struct tally {
    unsigned long long sent, good, wrong;
    unsigned long long errors[CODES];
    uint32_t *latencies; /* microseconds, of good ones */
    size_t count, room;
    double gap; /* seconds */
};

struct slot {
    unsigned long long number; /* 0: free */
    double due;
    size_t body;
};

struct client {
    pthread_t thread;
    precis_client *client;
    size_t next;            /* body */
    double start, interval; /* of its requests; interval 0: no pace */
    unsigned long long sent, limit;
    struct slot slots[PRECIS_IN_FLIGHT_MAX];
};

static struct {
    const char *endpoints[PRECIS_ENDPOINTS_MAX];
    size_t endpoint_count;
    size_t clients, window;
    double rate, seconds, every;
    unsigned long long requests;
    unsigned timeout_ms;
} settings = {.clients = 4, .window = 32, .every = 1, .timeout_ms = 10000};

static struct bodies bodies;
static struct told *told; /* of each body */
static struct tally tally, total;
static double last_good;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_ending;
static atomic_size_t running;

static void request_fill(precis_request *request, size_t body)
{
    precis_request_init(request);
    request->article = bodies.list[body].data;
    request->article_size = bodies.list[body].size;
    request->timeout_ms = settings.timeout_ms;
}

static precis_client *open_client(void)
{
    precis_client *client = NULL;
    precis_error error;

    if (precis_client_open_list(&client, settings.endpoints,
                                settings.endpoint_count, 10000, &error)
        != 0)
        fprintf(stderr, "steady: %s\n", error.message);
    return client;
}

/* What a single quiet client is told. */
static int learn(void)
{
    precis_client *client = open_client();
    precis_error error = {.message = "no client"};
    size_t i;
    int code = client == NULL;

    told = calloc(bodies.count, sizeof *told);
    if (told == NULL)
        return -1;
    for (i = 0; i < bodies.count && code == 0; i++) {
        precis_request request;
        precis_reply *reply = NULL;
        const char *summary;

        request_fill(&request, i);
        code = precis_client_call(client, &request, &reply, &error);
        if (code != 0)
            break;
        summary = precis_reply_summary(reply, &told[i].size);
        told[i].summary = malloc(told[i].size + 1);
        if (told[i].summary == NULL)
            return -1;
        memcpy(told[i].summary, summary, told[i].size);
        precis_reply_free(reply);
    }
    precis_client_close(client);
    if (code != 0)
        fprintf(stderr, "steady: %s\n", error.message);
    return code;
}

/* ---- counting ---- */

static void count_latency(double seconds)
{
    if (tally.count == tally.room) {
        size_t room = tally.room * 2 + 1024;
        uint32_t *more = realloc(tally.latencies, room * sizeof *more);

        if (more == NULL)
            return;
        tally.latencies = more;
        tally.room = room;
    }
    tally.latencies[tally.count++] = (uint32_t) (seconds * 1e6);
}

static void count_reply(const struct slot *slot, const precis_reply *reply)
{
    const struct told *wanted = &told[slot->body];
    int code = precis_reply_code(reply);
    double time = now();
    size_t size;
    const char *summary = precis_reply_summary(reply, &size);

    pthread_mutex_lock(&lock);
    if (code != 0) {
        tally.errors[-code < CODES ? -code : CODES - 1]++;
    } else if (size != wanted->size
               || memcmp(summary, wanted->summary, size) != 0) {
        tally.wrong++;
    } else {
        tally.good++;
        if (time - last_good > tally.gap)
            tally.gap = time - last_good;
        last_good = time;
        count_latency(time - slot->due);
    }
    pthread_mutex_unlock(&lock);
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left;
    uint32_t b = *(const uint32_t *) right;

    return (a > b) - (a < b);
}

static double percentile(const struct tally *of, unsigned part)
{
    return of->count > 0 ? of->latencies[(of->count - 1) * part / 100] / 1e3
                         : 0;
}

static void print_errors(const struct tally *of)
{
    const char *comma = "";
    int code;

    printf("\"errors\":{");
    for (code = 1; code < CODES; code++)
        if (of->errors[code] > 0) {
            printf("%s\"%s\":%llu", comma, code_name(-code), of->errors[code]);
            comma = ",";
        }
    printf("}");
}

static void total_add(void)
{
    int code;

    total.sent += tally.sent;
    total.good += tally.good;
    total.wrong += tally.wrong;
    for (code = 0; code < CODES; code++)
        total.errors[code] += tally.errors[code];
    if (tally.gap > total.gap)
        total.gap = tally.gap;
}

static void report(double begun)
{
    pthread_mutex_lock(&lock);
    if (now() - last_good > tally.gap)
        tally.gap = now() - last_good;
    if (tally.count > 0)
        qsort(tally.latencies, tally.count, sizeof *tally.latencies, compare);
    printf("{\"second\":%.2f,\"sent\":%llu,\"good\":%llu,\"wrong\":%llu,",
           now() - begun, tally.sent, tally.good, tally.wrong);
    print_errors(&tally);
    printf(
        ",\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"gap_ms\":%.1f}\n",
        percentile(&tally, 50), percentile(&tally, 99), percentile(&tally, 100),
        tally.gap * 1e3);
    fflush(stdout);
    total_add();
    tally = (struct tally){.latencies = tally.latencies, .room = tally.room};
    pthread_mutex_unlock(&lock);
}

static int report_total(double seconds)
{
    unsigned long long outcomes = total.good + total.wrong;
    int code;

    for (code = 0; code < CODES; code++)
        outcomes += total.errors[code];
    printf("{\"total\":true,\"seconds\":%.2f,\"sent\":%llu,\"good\":%llu,"
           "\"wrong\":%llu,\"lost\":%llu,\"gap_ms\":%.1f,",
           seconds, total.sent, total.good, total.wrong, total.sent - outcomes,
           total.gap * 1e3);
    print_errors(&total);
    printf("}\n");
    return total.wrong == 0 && total.sent == outcomes ? 0 : 1;
}

/* ---- a client ---- */

static struct slot *find_slot(struct client *client, unsigned long long number)
{
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        if (client->slots[i].number == number)
            return &client->slots[i];
    return NULL;
}

static double due(const struct client *client)
{
    return client->interval > 0
               ? client->start + (double) client->sent * client->interval
               : 0;
}

static int is_done(const struct client *client)
{
    return is_ending || (client->limit > 0 && client->sent >= client->limit);
}

/* Sends what is due, as far as the window goes. */
static void send_due(struct client *client)
{
    while (!is_done(client) && due(client) <= now()
           && precis_client_in_flight(client->client) < settings.window) {
        struct slot *slot = find_slot(client, 0);
        precis_request request;
        precis_error error;

        slot->body = client->next++ % bodies.count;
        slot->due = client->interval > 0 ? due(client) : now();
        request_fill(&request, slot->body);
        if (precis_client_send(client->client, &request, &slot->number, &error)
            != 0) {
            fprintf(stderr, "steady: %s\n", error.message);
            exit(70);
        }
        client->sent++;
        pthread_mutex_lock(&lock);
        tally.sent++;
        pthread_mutex_unlock(&lock);
    }
}

/* Milliseconds until something is to be sent. */
static unsigned wait_ms(const struct client *client)
{
    double left = due(client) - now();

    if (is_done(client)
        || precis_client_in_flight(client->client) >= settings.window)
        return 100;
    if (left > 0.1)
        return 100;
    return left > 0 ? (unsigned) (left * 1000) + 1 : 0;
}

static void receive(struct client *client)
{
    unsigned wait = wait_ms(client);
    unsigned long long number;
    precis_reply *reply;
    precis_error error;
    struct slot *slot;
    struct timespec time = {.tv_nsec = (long) wait * 1000000};

    if (precis_client_in_flight(client->client) == 0) {
        nanosleep(&time, NULL);
        return;
    }
    if (precis_client_receive(client->client, wait, &number, &reply, &error)
        != 0)
        return;
    slot = find_slot(client, number);
    if (slot == NULL) {
        fprintf(stderr, "steady: a second outcome of %llu\n", number);
        exit(70);
    }
    count_reply(slot, reply);
    slot->number = 0;
    precis_reply_free(reply);
}

static void *run(void *argument)
{
    struct client *client = argument;

    while (!is_done(client) || precis_client_in_flight(client->client) > 0) {
        send_due(client);
        receive(client);
    }
    precis_client_close(client->client);
    running--;
    return NULL;
}

/* ---- the flow ---- */

static int parse(int argc, char **argv)
{
    int letter;

    while ((letter = getopt(argc, argv, "e:c:w:r:n:s:i:t:")) != -1)
        switch (letter) {
        case 'e':
            if (settings.endpoint_count == PRECIS_ENDPOINTS_MAX)
                return -1;
            settings.endpoints[settings.endpoint_count++] = optarg;
            break;
        case 'c':
            settings.clients = strtoul(optarg, NULL, 10);
            break;
        case 'w':
            settings.window = strtoul(optarg, NULL, 10);
            break;
        case 'r':
            settings.rate = strtod(optarg, NULL);
            break;
        case 'n':
            settings.requests = strtoull(optarg, NULL, 10);
            break;
        case 's':
            settings.seconds = strtod(optarg, NULL);
            break;
        case 'i':
            settings.every = strtod(optarg, NULL);
            break;
        case 't':
            settings.timeout_ms = (unsigned) strtoul(optarg, NULL, 10);
            break;
        default:
            return -1;
        }
    return optind + 1 == argc && settings.endpoint_count > 0
                   && settings.clients >= 1 && settings.clients <= CLIENTS_MAX
                   && settings.window >= 1
                   && settings.window <= PRECIS_IN_FLIGHT_MAX
                   && settings.every > 0
               ? 0
               : -1;
}

static int start(struct client *clients, double begun)
{
    size_t i;

    for (i = 0; i < settings.clients; i++) {
        struct client *client = &clients[i];

        client->next = i * bodies.count / settings.clients;
        client->limit = settings.requests / settings.clients;
        if (settings.rate > 0)
            client->interval = (double) settings.clients / settings.rate;
        client->start =
            begun + client->interval * (double) i / (double) settings.clients;
        client->client = open_client();
        running++;
        if (client->client == NULL
            || pthread_create(&client->thread, NULL, run, client) != 0)
            return -1;
    }
    return 0;
}

static void watch(double begun)
{
    double next = begun + settings.every;
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    while (running > 0) {
        struct timespec time = {.tv_nsec = 10000000};

        if (sigtimedwait(&signals, NULL, &time) == SIGTERM
            || (settings.seconds > 0 && now() >= begun + settings.seconds))
            is_ending = 1;
        if (now() >= next) {
            report(begun);
            next += settings.every;
        }
    }
    report(begun);
}

int main(int argc, char **argv)
{
    static struct client clients[CLIENTS_MAX];
    sigset_t signals;
    double begun;
    size_t i;

    if (parse(argc, argv) != 0)
        return fprintf(stderr, "usage: steady [OPTION...] CORPUS\n"), 64;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (bodies_load(&bodies, argv[optind]) != 0 || learn() != 0)
        return 69;
    begun = last_good = now();
    if (start(clients, begun) != 0)
        return 70;
    watch(begun);
    for (i = 0; i < settings.clients; i++)
        pthread_join(clients[i].thread, NULL);
    return report_total(now() - begun);
}
