/* clients/request.c, find.c, flight.c and link.c: what is sent where, and
 * again. */
#include <config.h>

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clients/find.h"
#include "clients/flight.h"
#include "clients/link.h"
#include "clients/precis-client.h"

/* ---- request.c ---- */

static void it_writes_headers(void **state)
{
    precis_request request;
    precis_error error;
    char *header = NULL;
    size_t size = 0;

    (void) state;
    precis_request_init(&request);
    request.language = "fr";
    request.words = 30;
    request.title = "\"Un\"";
    request.title_size = 4;
    request.order = "score";
    assert_int_equal(
        precis_request_format(&request, "\"a\"", &header, &size, &error), 0);
    assert_int_equal(size, strlen("{\"id\":\"a\",\"language\":\"fr\","
                                  "\"title\":\"\\\"Un\\\"\",\"words\":30,"
                                  "\"order\":\"score\"}"));
    assert_memory_equal(header, "{\"id\":\"a\",", 10);
    free(header);

    precis_request_init(&request);
    request.terse = request.no_quotes = 1;
    request.no_questions = request.compress = 1;
    request.keywords = 7;
    assert_int_equal(
        precis_request_format(&request, NULL, &header, &size, &error), 0);
    assert_int_equal(size, strlen("{\"terse\":true,\"no_quotes\":true,"
                                  "\"no_questions\":true,\"compress\":true,"
                                  "\"keywords\":7}"));
    assert_memory_equal(header, "{\"terse\":true,", 14);
    free(header);
}

static void it_refuses_bad_requests(void **state)
{
    precis_request good, bad;
    precis_error error;
    char *header;
    size_t size;

    (void) state;
    precis_request_init(&good);
    bad = good;
    bad.words = bad.sentences = 1;
    assert_int_equal(precis_request_format(&bad, NULL, &header, &size, &error),
                     PRECIS_EBAD_REQUEST);
    bad = good;
    bad.order = "best";
    assert_int_equal(precis_request_format(&bad, NULL, &header, &size, &error),
                     PRECIS_EBAD_REQUEST);
    assert_string_equal(error.key, "order");
    bad = good;
    bad.op = "sing";
    assert_int_equal(precis_request_format(&bad, NULL, &header, &size, NULL),
                     PRECIS_EBAD_REQUEST);
    bad = good;
    bad.timeout_ms = PRECIS_TIMEOUT_MS_MAX + 1;
    assert_int_equal(precis_request_format(&bad, NULL, &header, &size, &error),
                     PRECIS_EBAD_REQUEST);
    bad = good;
    bad.size = 0;
    assert_int_equal(precis_request_format(&bad, NULL, &header, &size, &error),
                     PRECIS_EBAD_REQUEST);
}

/* ---- find.c ---- */

static void it_knows_who_listens(void **state)
{
    static const struct {
        const char *name;
        int code;
    } rows[] = {
        {"ipc:///nonexistent/precis.sock", PRECIS_ENO_ANSWER},
        {"ipc://@precis-test-nobody", PRECIS_ENO_ANSWER},
        {"ipc:///dev/null", PRECIS_ENO_ANSWER},
        {"tcp://127.0.0.1:1", PRECIS_ENO_ANSWER},
        {"ipc://", PRECIS_EBAD_REQUEST},
        {"tcp://", PRECIS_EBAD_REQUEST},
        {"tcp://:1", PRECIS_EBAD_REQUEST},
        {"tcp://a:", PRECIS_EBAD_REQUEST},
        {"tcp://a:b", PRECIS_EBAD_REQUEST},
        {"", PRECIS_EBAD_REQUEST},
        {"inproc://a", PRECIS_EBAD_REQUEST},
    };
    struct endpoint found = {.is_ipv6 = 7};
    precis_error error;
    size_t i;

    (void) state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(endpoint_probe(rows[i].name, 100, &found, &error),
                         rows[i].code);
        assert_string_equal(error.key, "endpoint");
    }
    assert_int_equal(found.is_ipv6, 7);
}

static void it_finds_the_users_service(void **state)
{
    char folder[] = "/tmp/precis.XXXXXX";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct endpoint found;
    char name[128];
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void) state;
    assert_non_null(mkdtemp(folder));
    snprintf(name, sizeof name, "%s/precis", folder);
    assert_int_equal(mkdir(name, 0700), 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/precis/precis.sock",
             folder);
    assert_int_equal(bind(fd, (struct sockaddr *) &address, sizeof address), 0);
    setenv("XDG_RUNTIME_DIR", folder, 1);
    setenv("PRECIS_ENDPOINT", "", 1);
    assert_int_not_equal(endpoint_find(NULL, 100, &found, NULL) == 0
                             && strstr(found.name, folder) != NULL,
                         1); /* bound, and nobody listens */
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(endpoint_find(NULL, 100, &found, NULL), 0);
    assert_non_null(strstr(found.name, folder));
    setenv("PRECIS_ENDPOINT", "ipc:///nonexistent", 1);
    assert_int_equal(endpoint_find(NULL, 100, &found, NULL), PRECIS_ENO_ANSWER);
    unsetenv("PRECIS_ENDPOINT");
    close(fd);
    unlink(address.sun_path);
    rmdir(name);
    rmdir(folder);
}

/* ---- flight.c ---- */

static unsigned long long add(struct flights *flights, unsigned busy_tries)
{
    precis_request request;
    precis_error error;
    unsigned long long number = 0;

    precis_request_init(&request);
    request.article = "Il pleut.";
    request.article_size = 9;
    request.busy_tries = busy_tries;
    assert_int_equal(flights_add(flights, &request, &number, &error), 0);
    return number;
}

static void answer(struct flights *flights, const char *header)
{
    precis_reply *reply = NULL;
    precis_error error;

    precis_reply_parse(&reply, header, strlen(header), "", 0, &error);
    flights_answer(flights, 0, reply, &error);
}

static void clear(struct flights *flights)
{
    size_t i;

    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        flight_clear(&flights->rows[i]);
}

/* As if all that is due had been sent. */
static void send_all(struct flights *flights)
{
    struct flight *flight;

    while ((flight = flights_due(flights, now_ms() + 1000000)) != NULL)
        flight_sent(flight, 0, "test");
}

static void it_matches_replies(void **state)
{
    struct flights flights = {.service = "test"};
    struct flight *done;

    (void) state;
    add(&flights, 3);
    add(&flights, 3);
    add(&flights, 3);
    send_all(&flights);
    answer(&flights, "{\"id\":2,\"status\":\"ok\"}");
    answer(&flights, "{\"id\":99,\"status\":\"ok\"}");
    answer(&flights, "{\"id\":2,\"status\":\"ok\"}");
    done = flights_finished(&flights, 0);
    assert_int_equal(done->number, 2);
    assert_null(flights_finished(&flights, 1));
    answer(&flights, "nonsense"); /* to the one that has waited longest */
    done = flights_finished(&flights, 0);
    assert_int_equal(done->number, 1);
    assert_int_equal(precis_reply_code(done->reply), PRECIS_EBAD_REPLY);
    clear(&flights);
}

static void it_sends_again_what_was_busy(void **state)
{
    static const char busy[] = "{\"id\":1,\"status\":\"error\",\"error\":"
                               "{\"code\":\"busy\",\"retry_after_ms\":40}}";
    struct flights flights = {.service = "test"};
    struct flight *flight = &flights.rows[0];
    long long wait;

    (void) state;
    add(&flights, 2);
    send_all(&flights);
    answer(&flights, busy);
    assert_int_equal(flight->state, READY);
    wait = flight->due - now_ms();
    assert_true(wait > 20 && wait <= 60);
    assert_null(flights_due(&flights, now_ms()));
    assert_true(flights_next(&flights, now_ms() + 9999) == flight->due);
    send_all(&flights);
    answer(&flights, busy);
    wait = flight->due - now_ms();
    assert_true(wait > 60 && wait <= 120);
    send_all(&flights);
    answer(&flights, busy);
    assert_int_equal(flight->state, DONE);
    assert_int_equal(precis_reply_code(flight->reply), PRECIS_EBUSY);
    clear(&flights);
}

static void it_waits_as_long_as_it_is_asked_to(void **state)
{
    static const char busy[] = "{\"id\":1,\"status\":\"error\",\"error\":"
                               "{\"code\":\"busy\",\"retry_after_ms\":7000}}";
    static const char draining[] = "{\"id\":1,\"status\":\"error\",\"error\":"
                                   "{\"code\":\"shutting_down\"}}";
    struct flights flights = {.service = "test"};
    struct flight *flight = &flights.rows[0];
    long long total = 0;
    int i;

    (void) state;
    add(&flights, 3);
    flight->deadline = now_ms() + 60000;
    send_all(&flights);
    answer(&flights, busy);
    assert_true(flight->due - now_ms() > 6900);
    clear(&flights);

    /* All tries together outlast the second of an idle service's drain. */
    flights.last_number = 0;
    add(&flights, 3);
    for (i = 0; i < 3; i++) {
        send_all(&flights);
        answer(&flights, draining);
        assert_int_equal(flight->state, READY);
        total += flight->due - now_ms();
    }
    assert_true(total > 1500);
    clear(&flights);

    /* A wait that ends past the deadline is none. */
    flights.last_number = 0;
    add(&flights, 3);
    flight->deadline = now_ms() + 5000;
    send_all(&flights);
    answer(&flights, busy);
    assert_int_equal(flight->state, DONE);
    assert_int_equal(precis_reply_code(flight->reply), PRECIS_EBUSY);
    clear(&flights);
}

static void it_is_sent_again_three_times_in_all(void **state)
{
    static const char busy[] = "{\"id\":1,\"status\":\"error\",\"error\":"
                               "{\"code\":\"busy\",\"retry_after_ms\":1}}";
    struct flights flights = {.service = "test"};
    struct flight *flight = &flights.rows[0];

    (void) state;
    add(&flights, 3);
    send_all(&flights);
    answer(&flights, busy);
    send_all(&flights);
    answer(&flights, busy);
    send_all(&flights);
    flights_lose(&flights, 0, 0);
    assert_int_equal(flight->state, READY);
    send_all(&flights);
    answer(&flights, busy);
    assert_int_equal(flight->state, DONE);
    assert_int_equal(precis_reply_code(flight->reply), PRECIS_EBUSY);
    clear(&flights);
}

static void it_heeds_the_right_service_only(void **state)
{
    struct flights flights = {.service = "test"};
    struct flight *flight = &flights.rows[0];

    (void) state;
    add(&flights, 3);
    flight_sent(flight, 1, "other");
    answer(&flights, "{\"id\":1,\"status\":\"ok\"}"); /* of service 0 */
    answer(&flights, "nonsense");
    flights_lose(&flights, 0, 0);
    assert_int_equal(flight->state, SENT);
    flights_lose(&flights, 1, 0);
    assert_int_equal(flight->state, READY);
    clear(&flights);
}

static void it_notices_silence(void **state)
{
    struct flights flights = {.service = "test"};
    struct flight *flight = &flights.rows[0];
    long long patience = 0;
    long long due;

    (void) state;
    add(&flights, 3);
    assert_true(flights_silence(&flights, 0, 0, &patience) == LLONG_MAX);
    flight_sent(flight, 0, "test");
    due = flights_silence(&flights, 0, 0, &patience);
    assert_true(due == flight->sent + PRECIS_TIMEOUT_MS / 4);
    assert_true(patience == PRECIS_TIMEOUT_MS / 4);
    /* A reply to another request is a sign of life. */
    due = flights_silence(&flights, 0, flight->sent + 70, &patience);
    assert_true(due == flight->sent + 70 + PRECIS_TIMEOUT_MS / 4);
    assert_true(flights_silence(&flights, 1, 0, &patience) == LLONG_MAX);
    flights_lose(&flights, 0, 1);
    flight->deadline = now_ms();
    flights_expire(&flights, 0);
    assert_int_equal(precis_reply_code(flight->reply), PRECIS_ETIMEOUT);
    clear(&flights);
}

static void it_survives_losses(void **state)
{
    struct flights flights = {.service = "test"};
    struct flight *flight = &flights.rows[0];
    int i;

    (void) state;
    add(&flights, 3);
    for (i = 0; i < LOST_TRIES; i++) {
        send_all(&flights);
        flights_lose(&flights, 0, 0);
        assert_int_equal(flight->state, READY);
    }
    send_all(&flights);
    flights_lose(&flights, 0, 0);
    assert_int_equal(flight->state, DONE);
    assert_int_equal(precis_reply_code(flight->reply), PRECIS_ENO_ANSWER);
    clear(&flights);
}

static void it_ends_in_time(void **state)
{
    struct flights flights = {.service = "test"};

    (void) state;
    add(&flights, 3);
    add(&flights, 3);
    send_all(&flights);
    flights_expire(&flights, 1);
    assert_null(flights_finished(&flights, 0));
    flights.rows[0].deadline = flights.rows[1].deadline = now_ms();
    flights_expire(&flights, 1);
    assert_int_equal(precis_reply_code(flights.rows[0].reply), PRECIS_ETIMEOUT);
    clear(&flights);
}

static void it_is_bounded(void **state)
{
    struct flights flights = {.service = "test"};
    precis_request request;
    unsigned long long number;
    precis_error error;
    int i;

    (void) state;
    for (i = 0; i < PRECIS_IN_FLIGHT_MAX; i++)
        add(&flights, 3);
    precis_request_init(&request);
    assert_int_equal(flights_add(&flights, &request, &number, &error),
                     PRECIS_EBUSY);
    clear(&flights);
}

/* ---- link.c ---- */

static void it_shares_the_load(void **state)
{
    struct flights flights = {.service = "test"};
    struct links links = {.count = 3};
    int here;
    int i;

    (void) state;
    links.rows[0].socket = links.rows[2].socket = &here;
    for (i = 0; i < 10; i++) {
        struct flight *flight;
        int number;

        add(&flights, 3);
        flight = &flights.rows[i];
        number = links_choose(&links, &flights, flight, 0);
        assert_true(number == 0 || number == 2); /* 1 is lost */
        flight_sent(flight, number, "test");
    }
    assert_int_equal(flights_count(&flights, 0), 5);
    assert_int_equal(flights_count(&flights, 2), 5);
    /* One that answered busy is left alone while there is another, and so is
     * the one that failed this request. */
    link_hear(&links.rows[0], PRECIS_EBUSY, 10000);
    for (i = 0; i < 5; i++)
        assert_int_equal(links_choose(&links, &flights, &flights.rows[20], 0),
                         2);
    assert_int_equal(links_choose(&links, &flights, &flights.rows[20], 4), 0);
    assert_int_equal(links_choose(&links, &flights, &flights.rows[20], 5), -1);
    links.rows[0].avoid_until = 0;
    flights.rows[20].link = 2;
    assert_int_equal(links_choose(&links, &flights, &flights.rows[20], 0), 0);
    flights.rows[20].link = 0;
    assert_int_equal(links_choose(&links, &flights, &flights.rows[20], 0), 2);
    clear(&flights);
}

static void it_looks_ever_more_rarely(void **state)
{
    static const unsigned waits[] = {100, 300, 900, 2700, 5000, 5000, 5000};
    struct flights flights = {.service = "test"};
    struct links links = {.count = 1};
    struct link *link = &links.rows[0];
    int differs = 0;
    size_t i;

    (void) state;
    for (i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        long long before = now_ms();

        link_wait(link, &flights);
        assert_true(link->due >= before + waits[i]);
        assert_true(link->due <= now_ms() + waits[i] + waits[i] / 2);
    }
    link_hear(link, 0, 0);
    link_wait(link, &flights);
    assert_true(link->due <= now_ms() + 150);
    for (i = 0; i < 20; i++)
        differs +=
            flights_jitter(&flights, 1000) != flights_jitter(&flights, 1000);
    assert_true(differs > 10);
}

/* ---- the whole, where there is no service ---- */

static void it_opens_none_of_several(void **state)
{
    static const char *const names[] = {
        "ipc:///nonexistent/1", "ipc:///nonexistent/2", "ipc:///nonexistent/3"};
    static const char *const wrong[] = {"ipc:///nonexistent/1", "nonsense"};
    const char *many[PRECIS_ENDPOINTS_MAX + 1];
    precis_client *client = NULL;
    precis_error error;
    size_t i;

    (void) state;
    assert_int_equal(precis_client_open_list(&client, names, 3, 100, &error),
                     PRECIS_ENO_ANSWER);
    assert_non_null(strstr(error.message, "ipc:///nonexistent/1"));
    assert_int_equal(precis_client_open_list(&client, wrong, 2, 100, &error),
                     PRECIS_EBAD_REQUEST);
    assert_string_equal(error.key, "endpoint");
    for (i = 0; i < PRECIS_ENDPOINTS_MAX + 1; i++)
        many[i] = names[0];
    assert_int_equal(precis_client_open_list(
                         &client, many, PRECIS_ENDPOINTS_MAX + 1, 100, &error),
                     PRECIS_EBAD_REQUEST);
    assert_int_equal(
        precis_client_open_list(&client, many, PRECIS_ENDPOINTS_MAX, 100, NULL),
        PRECIS_ENO_ANSWER);
    assert_null(client);
}

static void it_says_that_nobody_answers(void **state)
{
    precis_client *client = NULL;
    precis_error error;

    (void) state;
    assert_int_equal(
        precis_client_open(&client, "ipc:///nonexistent/sock", 100, &error),
        PRECIS_ENO_ANSWER);
    assert_non_null(strstr(error.message, "ipc:///nonexistent/sock"));
    assert_null(client);
    precis_client_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_writes_headers),
        cmocka_unit_test(it_refuses_bad_requests),
        cmocka_unit_test(it_knows_who_listens),
        cmocka_unit_test(it_finds_the_users_service),
        cmocka_unit_test(it_matches_replies),
        cmocka_unit_test(it_sends_again_what_was_busy),
        cmocka_unit_test(it_waits_as_long_as_it_is_asked_to),
        cmocka_unit_test(it_is_sent_again_three_times_in_all),
        cmocka_unit_test(it_heeds_the_right_service_only),
        cmocka_unit_test(it_notices_silence),
        cmocka_unit_test(it_shares_the_load),
        cmocka_unit_test(it_looks_ever_more_rarely),
        cmocka_unit_test(it_opens_none_of_several),
        cmocka_unit_test(it_survives_losses),
        cmocka_unit_test(it_ends_in_time),
        cmocka_unit_test(it_is_bounded),
        cmocka_unit_test(it_says_that_nobody_answers),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
