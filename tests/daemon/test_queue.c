/* The hand-over queue: order, both bounds, closing, and threads. */
#include <config.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/queue.h"

#define ITEMS 20000
#define TAKERS 4

struct number {
    struct queue_item item;
    unsigned value;
};

static void test_order(void **state)
{
    struct number numbers[3] = {{.value = 0}, {.value = 1}, {.value = 2}};
    struct queue queue;

    (void) state;
    assert_int_equal(queue_init(&queue, 10, 100), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(queue_push(&queue, &numbers[i].item), i);
    assert_int_equal(queue_count(&queue, NULL), 3);
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(queue_take(&queue), &numbers[i].item);
    assert_int_equal(queue_count(&queue, NULL), 0);
    queue_clear(&queue);
}

static void test_count_bound(void **state)
{
    struct number numbers[3] = {{.value = 0}};
    struct queue queue;

    (void) state;
    assert_int_equal(queue_init(&queue, 2, 100), 0);
    assert_int_equal(queue_push(&queue, &numbers[0].item), 0);
    assert_int_equal(queue_push(&queue, &numbers[1].item), 1);
    assert_int_equal(queue_push(&queue, &numbers[2].item), -1);
    assert_ptr_equal(queue_take(&queue), &numbers[0].item);
    assert_int_equal(queue_push(&queue, &numbers[2].item), 1);
    queue_clear(&queue);
}

static void test_byte_bound(void **state)
{
    struct number numbers[3] = {
        {{NULL, 60}, 0}, {{NULL, 40}, 1}, {{NULL, 1}, 2}};
    struct queue queue;
    size_t bytes;

    (void) state;
    assert_int_equal(queue_init(&queue, 10, 100), 0);
    assert_int_equal(queue_push(&queue, &numbers[0].item), 0);
    assert_int_equal(queue_push(&queue, &numbers[1].item), 1);
    assert_int_equal(queue_push(&queue, &numbers[2].item), -1);
    assert_int_equal(queue_count(&queue, &bytes), 2);
    assert_int_equal(bytes, 100);
    assert_ptr_equal(queue_take(&queue), &numbers[0].item);
    assert_int_equal(queue_count(&queue, &bytes), 1);
    assert_int_equal(bytes, 40);
    assert_int_equal(queue_push(&queue, &numbers[2].item), 1);
    queue_clear(&queue);
}

static void test_large_item_alone(void **state)
{
    struct number large = {{NULL, SIZE_MAX}, 0};
    struct number small = {{NULL, 1}, 1};
    struct queue queue;

    (void) state;
    assert_int_equal(queue_init(&queue, 10, 100), 0);
    assert_int_equal(queue_push(&queue, &large.item), 0);
    assert_int_equal(queue_push(&queue, &small.item), -1);
    assert_ptr_equal(queue_take(&queue), &large.item);
    assert_int_equal(queue_push(&queue, &small.item), 0);
    assert_int_equal(queue_push(&queue, &large.item), -1);
    queue_clear(&queue);
}

static void test_take_all(void **state)
{
    struct number numbers[2] = {{{NULL, 5}, 0}, {{NULL, 6}, 1}};
    struct queue queue;
    size_t bytes;

    (void) state;
    assert_int_equal(queue_init(&queue, 10, 100), 0);
    assert_null(queue_take_all(&queue));
    queue_push(&queue, &numbers[0].item);
    queue_push(&queue, &numbers[1].item);
    assert_ptr_equal(queue_take_all(&queue), &numbers[0].item);
    assert_ptr_equal(numbers[0].item.next, &numbers[1].item);
    assert_null(numbers[1].item.next);
    assert_int_equal(queue_count(&queue, &bytes), 0);
    assert_int_equal(bytes, 0);
    assert_int_equal(queue_push(&queue, &numbers[0].item), 0);
    assert_ptr_equal(queue_take(&queue), &numbers[0].item);
    queue_clear(&queue);
}

static void test_close(void **state)
{
    struct number numbers[2] = {{.value = 0}};
    struct queue queue;

    (void) state;
    assert_int_equal(queue_init(&queue, 10, 100), 0);
    queue_push(&queue, &numbers[0].item);
    queue_close(&queue);
    assert_int_equal(queue_push(&queue, &numbers[1].item), -1);
    assert_ptr_equal(queue_take(&queue), &numbers[0].item);
    assert_null(queue_take(&queue));
    assert_null(queue_take(&queue));
    queue_clear(&queue);
}

/* Two lanes of 25 and one that comes late with one item. */
static void test_turns(void **state)
{
    static struct number numbers[51];
    struct queue_lane lanes[3] = {{.first = NULL}};
    struct queue queue;
    size_t place = 0;

    (void) state;
    assert_int_equal(queue_init(&queue, 100, SIZE_MAX), 0);
    for (unsigned i = 0; i < 51; i++) {
        numbers[i] = (struct number){.item = {.bytes = 1}, .value = i};
        queue_push_lane(&queue, &lanes[i / 25], &numbers[i].item);
    }
    for (unsigned i = 0; i < QUEUE_TURN_COUNT; i++)
        assert_ptr_equal(queue_take(&queue), &numbers[i].item);
    for (unsigned i = 0; i < QUEUE_TURN_COUNT; i++)
        assert_ptr_equal(queue_take(&queue), &numbers[25 + i].item);
    assert_ptr_equal(queue_take(&queue), &numbers[50].item);
    assert_null(lanes[2].first);
    for (place = QUEUE_TURN_COUNT; place < 25; place++)
        assert_ptr_equal(queue_take(&queue), &numbers[place].item);
    for (place = QUEUE_TURN_COUNT; place < 25; place++)
        assert_ptr_equal(queue_take(&queue), &numbers[25 + place].item);
    assert_int_equal(queue_count(&queue, NULL), 0);
    assert_null(queue.first);
    queue_clear(&queue);
}

/* A large item is a turn of its own. */
static void test_turn_of_bytes(void **state)
{
    struct number numbers[4] = {{{NULL, QUEUE_TURN_BYTES}, 0},
                                {{NULL, QUEUE_TURN_BYTES - 1}, 1},
                                {{NULL, 1}, 2},
                                {{NULL, 1}, 3}};
    static const size_t wanted[4] = {0, 3, 1, 2};
    struct queue_lane lanes[2] = {{.first = NULL}};
    struct queue queue;

    (void) state;
    assert_int_equal(queue_init(&queue, 10, SIZE_MAX), 0);
    for (size_t i = 0; i < 4; i++)
        queue_push_lane(&queue, &lanes[i == 3], &numbers[i].item);
    for (size_t i = 0; i < 4; i++)
        assert_ptr_equal(queue_take(&queue), &numbers[wanted[i]].item);
    for (size_t i = 0; i < 4; i++)
        queue_push_lane(&queue, &lanes[i == 3], &numbers[i].item);
    assert_ptr_equal(queue_take_all(&queue), &numbers[0].item);
    assert_ptr_equal(numbers[2].item.next, &numbers[3].item);
    assert_null(numbers[3].item.next);
    assert_null(lanes[0].first);
    assert_null(queue_take_all(&queue));
    queue_clear(&queue);
}

/* Takes until the queue is closed; counts and sums what it got. */
struct taker {
    struct queue *queue;
    pthread_t thread;
    unsigned long count, sum;
};

static void *taker_run(void *argument)
{
    struct taker *taker = argument;
    struct queue_item *item;

    while ((item = queue_take(taker->queue)) != NULL) {
        taker->count++;
        taker->sum += ((struct number *) (void *) item)->value;
    }
    return NULL;
}

static void test_threads(void **state)
{
    static struct number numbers[ITEMS];
    struct taker takers[TAKERS] = {{0}};
    unsigned long count = 0, sum = 0, wanted = 0;
    struct queue queue;

    (void) state;
    assert_int_equal(queue_init(&queue, ITEMS, SIZE_MAX), 0);
    for (int i = 0; i < TAKERS; i++) {
        takers[i].queue = &queue;
        assert_int_equal(pthread_create(&takers[i].thread, NULL, taker_run,
                                        &takers[i]),
                         0);
    }
    for (unsigned i = 0; i < ITEMS; i++) {
        numbers[i].value = i;
        wanted += i;
        assert_true(queue_push(&queue, &numbers[i].item) >= 0);
    }
    queue_close(&queue);
    for (int i = 0; i < TAKERS; i++) {
        pthread_join(takers[i].thread, NULL);
        count += takers[i].count;
        sum += takers[i].sum;
    }
    assert_int_equal(count, ITEMS);
    assert_int_equal(sum, wanted);
    queue_clear(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_count_bound),
        cmocka_unit_test(test_byte_bound),
        cmocka_unit_test(test_large_item_alone),
        cmocka_unit_test(test_take_all),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_turn_of_bytes),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_threads),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
