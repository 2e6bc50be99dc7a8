/* engine/facts.c: pairs that stand nowhere else are listed, and quotation marks
 * found, the same one by one and many at once. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "engine/facts.h"
#include "engine/wide.h"

#if WIDE

#define ROUNDS 20000
#define FORMS 40
#define TOKENS 70 /* more than four times WIDE_PAIRS */

/* A number below `bound`, the same in every run. */
static uint32_t below(uint32_t bound)
{
    static uint32_t random = 1;

    random = random * 1664525 + 1013904223;
    return (random >> 12) % bound;
}

/* What one way to list them reads and writes. */
struct listing {
    struct credit_pair pairs[TOKENS + WIDE_PAIRS];
    uint32_t pair_of[TOKENS], form_of[TOKENS], list[2 * TOKENS];
    struct aside aside[2 + TOKENS + WIDE_PAIRS];
    uint8_t asked[FORMS + sizeof(uint32_t)];
    struct credit_facts facts;
    struct collector collector;
    size_t before; /* of other sentences */
};

static struct listing listings[2];

static void invent(struct listing *l)
{
    memset(l, 0, sizeof *l);
    for (size_t i = 0; i < FORMS; i++)
        l->asked[i] = (uint8_t) (below(2) ? below(4) : 0);
    memset(l->asked + FORMS, UINT8_MAX, sizeof l->asked - FORMS);
    for (size_t i = 0; i < TOKENS; i++) {
        l->form_of[i] = below(FORMS);
        l->pair_of[i] = below(2);
    }
    l->facts.first_pair = FORMS + 1;
    l->facts.pair_count = below(3);
    l->before = below(3);
}

static void connect(struct listing *l)
{
    l->facts.pairs = l->pairs;
    l->facts.pair_of = l->pair_of;
    l->facts.form_of = l->form_of;
    l->collector = (struct collector){
        .facts = &l->facts, .asked = l->asked, .list = l->list,
        .aside = l->aside, .aside_count = l->before,
    };
}

/* What is not written to for those put aside, and what is beyond the last,
 * means nothing. */
static void same(struct listing *a, struct listing *b, uint32_t token,
                 uint32_t tokens)
{
    size_t others = a->collector.aside_count;

    assert_int_equal(others, b->collector.aside_count);
    assert_memory_equal(a->aside, b->aside, others * sizeof *a->aside);
    assert_int_equal(a->facts.pair_count, b->facts.pair_count);
    for (size_t i = 0; i < a->facts.pair_count; i++) {
        assert_int_equal(a->pairs[i].x, b->pairs[i].x);
        assert_int_equal(a->pairs[i].y, b->pairs[i].y);
        assert_int_equal(a->pairs[i].last, b->pairs[i].last);
        assert_int_equal(a->pairs[i].place, b->pairs[i].place);
    }
    for (size_t i = a->before; i < others; i++) {
        uint32_t t = a->aside[i].token;
        assert_in_range(t, token, token + tokens - 2);
        a->pair_of[t] = b->pair_of[t] = 0;
        a->list[2 * t + 2] = b->list[2 * t + 2] = 0;
    }
    assert_memory_equal(a->pair_of, b->pair_of, sizeof a->pair_of);
    assert_memory_equal(a->list, b->list, sizeof a->list);
}

static void test_single_pairs(void **state)
{
    size_t others = 0;

    (void) state;
    if (wide_is_there())
        for (int round = 0; round < ROUNDS; round++) {
            struct listing *narrow = &listings[0], *wide = &listings[1];
            const uint32_t token = below(3), sentence = below(30);
            const struct segment segment = {
                .token = token, .tokens = 1 + below(TOKENS - token),
            };
            invent(narrow);
            *wide = *narrow;
            connect(narrow);
            connect(wide);
            single_pairs_narrow(&narrow->collector, &segment, sentence);
            single_pairs_wide(&wide->collector, &segment, sentence);
            same(narrow, wide, token, segment.tokens);
            others += wide->collector.aside_count;
        }
    if (others == 0)
        skip();
    assert_in_range(others, ROUNDS, ROUNDS * TOKENS / 3);
}

static void test_quotes(void **state)
{
    static const char *const parts[] = {
        "\"", "\xC2\xAB", "\xE2\x80\x9C", "\xC3\xAB", "\xC5\x9C", "\x9C",
        "\xAB", "\xE2\x80\x99", "\xC2", "\xE2\x80",
    };
    static char text[400];
    size_t found = 0;

    (void) state;
    if (wide_is_there())
        for (int round = 0; round < ROUNDS; round++) {
            size_t size = below(sizeof text + 1), at = below(100);
            memset(text, ' ', sizeof text);
            for (size_t i = below(300); i < sizeof text - 3;
                 i += 1 + below(300)) {
                const char *part = parts[below(10)];
                memcpy(text + i, part, strlen(part));
            }
            at = at < size ? at : size;
            assert_int_equal(quote_find_wide(text, size, at),
                             quote_find_narrow(text, size, at));
            found += quote_find_wide(text, size, at) < size;
        }
    if (found == 0)
        skip();
    assert_in_range(found, ROUNDS / 10, ROUNDS * 9 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_pairs),
        cmocka_unit_test(test_quotes),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

#include <stdio.h>

int main(void)
{
    puts("1..0 # SKIP no code for many at once in this build");
    return 0;
}

#endif
