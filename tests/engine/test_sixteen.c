/* What is done for many bytes, slots or classes at once says the same as what
 * is done for one after the other: engine/sixteen.h, engine/events.h and
 * engine/tally.c. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/events.h"
#include "engine/sixteen.h"
#include "engine/tally.h"
#include "engine/unicode.h"
#include "stemmers/language.h"

#define ROUNDS 20000

/* A number below `bound`, the same in every run. */
static unsigned below(unsigned bound)
{
    static uint32_t random = 1;

    random = random * 1664525 + 1013904223;
    return (random >> 8) % bound;
}

#ifdef __SSE2__
/* Letters of ASCII and Latin, signs among them, and now and then a byte that
 * is no valid text; one byte more. */
static void write_text(unsigned char *text)
{
    for (size_t i = 0; i < SIXTEEN + 1; i++) {
        unsigned kind = below(8);
        text[i] = (unsigned char) (kind < 5    ? 'A' + below(58)
                                   : kind == 5 ? 0xC3
                                   : kind == 6 ? 0x80 + below(64)
                                               : below(256));
    }
}

static void test_letters(void **state)
{
    unsigned char text[SIXTEEN + 1], small[SIXTEEN];

    (void) state;
    for (int round = 0; round < ROUNDS; round++) {
        struct letters letters;
        write_text(text);
        letters = letters_at((const char *) text);
        _mm_storeu_si128((void *) small, letters.small);
        for (size_t i = 0; i < SIXTEEN; i++) {
            unsigned c = text[i];
            if (i + 1 < SIXTEEN && c == 0xC3 && (text[i + 1] & 0xC0) == 0x80) {
                uint32_t wide = 0xC0u | (text[i + 1] & 0x3F);
                int letter = (unicode_class(wide) & CLASS_LETTER) != 0;
                assert_int_equal(letters.found >> i & 3, letter ? 3 : 0);
                if (letter && wide < 0xFF) { /* ÿ's capital is elsewhere */
                    assert_int_equal(small[i], 0xC3);
                    assert_int_equal(small[i + 1],
                                     0x80 | (unicode_lower(wide) & 0x3F));
                }
                i++;
                continue;
            }
            assert_int_equal(letters.found >> i & 1,
                             c < 0x80 && (unicode_class(c) & CLASS_LETTER));
            if (c < 0x80 && (unicode_class(c) & CLASS_LETTER))
                assert_int_equal(small[i], unicode_lower(c));
        }
    }
}

static void test_hash(void **state)
{
    unsigned char text[SIXTEEN + 1];

    (void) state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t size = 1 + below(SIXTEEN);
        uint32_t hash = LEXICON_HASH;
        write_text(text);
        for (size_t i = 0; i < size; i++)
            hash = lexicon_hash(hash, text[i]);
        assert_true(sixteen_hash(sixteen((const char *) text), size) == hash);
    }
}
#else
static void test_letters(void **state)
{
    (void) state;
    skip();
}

static void test_hash(void **state)
{
    (void) state;
    skip();
}
#endif

/* Is there an event at `at`?  -1, it may be said or not, of what begins and
 * ends nothing: 0xC3 that leads no capital, a capital behind a sign, and marks
 * that stand inside of sentences. */
static int is_event(const struct splitter *s, size_t at)
{
    unsigned char c = (unsigned char) s->text[at], before = 'a';
    unsigned char next = (unsigned char) byte_at(s, at + 1);

    if (at > 0)
        before = (unsigned char) s->text[at - 1];
    if (c == 0xC3 && (next < 0x80 || next > 0x9E))
        return -1;
    if (s->tables->events[c] == EVENT_CAPITAL && before < 0x80
        && !is_class(before, CLASS_LETTER | CLASS_DIGIT) && before != ' '
        && before != ')' && before != ']')
        return -1;
    if ((c == 0xC2 && next == 0xA0)
        || (c == 0xE2 && next == 0x80
            && (unsigned char) byte_at(s, at + 2) == 0x99))
        return -1;
    return s->tables->events[c] != EVENT_NONE;
}

/* Are the events that are found those of the table? */
static void finds_events(const struct splitter *s)
{
    struct block block = { 0 };
    size_t next = 0, at = 0;

    while (at < s->size) {
        next = next_event(s, at, &block);
        for (; at < next; at++)
            assert_true(is_event(s, at) <= 0);
        if (at < s->size)
            assert_true(is_event(s, at) != 0);
        at++;
    }
}

static void test_events(void **state)
{
    static const char bytes[] = "aez '.!?\"#()*\n@AZ[\xC3\x80\x9E\x9F\xA9"
                                "\xC2\xE2\x80\x99\xA0\xBB:-]";
    struct split_tables tables = { .language = language_find("fr") };
    char *text = malloc(200);

    (void) state;
    assert_non_null(text);
    events_find(&tables);
    for (int round = 0; round < ROUNDS / 4; round++) {
        struct splitter s = { .tables = &tables, .size = below(200) };
        s.text = text + 200 - s.size; /* nothing may be read behind it */
        for (size_t i = 200 - s.size; i < 200; i++)
            text[i] = below(3) ? 'a' : bytes[below(sizeof bytes - 1)];
        finds_events(&s);
#if WIDE
        s.is_wide = wide_is_there();
        finds_events(&s);
#endif
    }
    free(text);
}

/* A hash that is in the table, or is not. */
static uint32_t some_hash(void)
{
    uint32_t slot = below(NGRAM_SLOTS);
    uint32_t check = below(2) ? ngram_slots[slot].check : below(0x10000);

    return (slot << 16 | check) - (below(20) << 16);
}

static uint32_t slot_of(uint32_t hash)
{
    uint32_t slot = hash >> (32 - NGRAM_SLOT_BITS);

    while (ngram_slots[slot].weights != NGRAM_FREE
           && ngram_slots[slot].check != (uint16_t) hash)
        slot = (slot + 1) % NGRAM_SLOTS;
    return slot;
}

static void add_weights(uint32_t slot, unsigned *sums)
{
    unsigned weights = ngram_slots[slot].weights;
    const uint16_t *list = ngram_lists + ngram_bases[slot / NGRAM_BLOCK]
                           + weights / 16;

    if (weights == NGRAM_FREE)
        return;
    for (size_t c = 0; weights >= NGRAM_ROW && c < NGRAM_CLASSES_MAX; c++)
        sums[c] += ngram_rows[weights - NGRAM_ROW][c];
    for (size_t i = 0; weights < NGRAM_ROW && i < weights % 16; i++)
        sums[list[i] & 0xFF] += list[i] >> 8;
}

static void test_features(void **state)
{
    (void) state;
    for (int round = 0; round < ROUNDS / 20; round++) {
        unsigned sums[NGRAM_CLASSES_MAX] = { 0 };
        uint16_t scores[NGRAM_CLASSES_MAX];
        uint32_t hashes[FEATURES_MAX];
        struct features features;
        size_t count = below(FEATURES_MAX);
        for (size_t i = 0; i < count; i++) {
            uint32_t slot;
            hashes[i] = some_hash();
            slot = slot_of(hashes[i]);
            assert_int_equal(feature_slot(hashes[i]) % NGRAM_SLOTS, slot);
            add_weights(slot, sums);
        }
        features_start(&features);
        features_take(hashes, count, &features);
        features_sum(&features, scores);
        for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
            assert_int_equal(scores[c], sums[c]);
        features_start(&features);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(feature_take(hashes[i], &features),
                             ngram_slots[slot_of(hashes[i])].weights
                                 != NGRAM_FREE);
        features_sum(&features, scores);
        for (size_t c = 0; c < NGRAM_CLASSES_MAX; c++)
            assert_int_equal(scores[c], sums[c]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_features),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
