/* engine/weights.c: what is added up beforehand is the sum of the weights of
 * the features that the trainer fits. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "engine/earn.h"
#include "engine/wide.h"

#define ROUNDS 20000

static struct weights *weights;

static int start(void **state)
{
    (void) state;
    weights = weights_new();
    return weights == NULL;
}

static int end(void **state)
{
    (void) state;
    weights_free(weights);
    return 0;
}

/* A number below `bound`, the same in every run. */
static unsigned below(unsigned bound)
{
    static uint32_t random = 1;

    random = random * 1664525 + 1013904223;
    return (random >> 12) % bound;
}

static int sum(const int16_t *table, const uint16_t *index, int count)
{
    int total = 0;

    for (int i = 0; i < count; i++)
        total += table[index[i]];
    return total;
}

/* An article of two words and of one pair of them, with facts that no text
 * need have. */
struct invented {
    struct document document;
    struct credit_facts facts;
    struct form forms[2];
    struct stem stems[2];
    struct credit_word words[2];
    struct credit_pair pair;
};

static void invent_word(struct invented *a, unsigned i)
{
    a->words[i] = (struct credit_word){
        .count = 1 + below(20), .first = below(30), .spread = 1 + below(9),
        .quoted = below(4), .capital = below(3), .inside = below(4),
        .lead = (uint8_t) below(4), .heading = (uint8_t) below(2),
        .prior = (uint8_t) below(PRIOR_BUCKETS),
        .common = (uint8_t) below(COMMON_BUCKETS),
    };
    a->stems[i] = (struct stem){
        .count = a->words[i].count + below(3),
        .in_title = (uint8_t) below(2),
    };
    a->forms[i] = (struct form){
        .stem = below(3) == 0 ? NONE : i, .in_title = (uint8_t) below(2),
        .letters = (uint8_t) (1 + below(LETTERS_MAX)),
        .digit = (uint8_t) below(2),
    };
}

static void invent(struct invented *a)
{
    memset(a, 0, sizeof *a);
    a->document.forms = a->forms;
    a->document.stems = a->stems;
    a->facts.words = a->words;
    a->facts.sentences = 30 + below(100);
    a->facts.article_words = below(1000);
    a->facts.has_title = below(2) == 0;
    a->facts.neutral = below(4) == 0;
    invent_word(a, 0);
    invent_word(a, 1);
    a->pair = (struct credit_pair){
        .x = 0, .y = 1, .prior = (uint8_t) below(PAIR_PRIOR_BUCKETS),
        .place = (uint16_t) (below(FIRSTS) + below(2) * PLACE_CAPITAL
                             + below(2) * PLACE_TITLE
                             + below(TIMES) * PLACE_TIMES),
    };
}

static const struct credit_model *any_model(void)
{
    static const char *const codes[] = { "fr", "de" };

    return &language_find(codes[below(2)])->models[below(2)];
}

static void test_words(void **state)
{
    (void) state;
    for (int round = 0; round < ROUNDS; round++) {
        const struct credit_model *model = any_model();
        uint16_t index[WORD_FEATURES];
        struct invented a;
        struct word_buckets b;
        both_sums both;
        invent(&a);
        word_features(&a.document, &a.facts, 0, index);
        b = word_buckets(&a.document, &a.facts, 0,
                         relative_bucket(&a.facts, a.words[0].first));
        both = word_sums(weights_of(weights, model), &b,
                         article_bucket(a.facts.article_words));
        assert_int_equal(odds_sum(both),
                         sum(model->word_odds, index, WORD_FEATURES));
        assert_int_equal(extra_sum(both),
                         sum(model->word_extra, index, WORD_FEATURES));
    }
}

static void test_pairs(void **state)
{
    (void) state;
    for (int round = 0; round < ROUNDS; round++) {
        const struct credit_model *model = any_model();
        double x = below(16000) / 1000.0 - 9, y = below(16000) / 1000.0 - 9;
        uint16_t index[PAIR_FEATURES];
        struct invented a;
        both_sums both;
        invent(&a);
        pair_features(&a.document, &a.facts, &a.pair, x, y, index);
        both = pair_sums(weights_of(weights, model), &a.pair, level(x),
                         level(y), pair_kind(a.forms[0].stem == NONE,
                                             a.forms[1].stem == NONE),
                         article_bucket(a.facts.article_words));
        assert_int_equal(odds_sum(both),
                         sum(model->pair_odds, index, PAIR_FEATURES));
        assert_int_equal(extra_sum(both),
                         sum(model->pair_extra, index, PAIR_FEATURES));
    }
}

/* Kept or not, a chance is the same, to the last bit. */
static void test_chances(void **state)
{
    (void) state;
    for (int sum = -40000; sum <= 40000; sum += 7) {
        double chance = logistic(sum / MODEL_UNIT);
        for (int i = 0; i < 2; i++) {
            both_sums moved = (both_sums) (int64_t) (sum + MOVED);
            double kept = moved_chance(weights, moved);
            assert_memory_equal(&kept, &chance, sizeof kept);
            assert_int_equal(moved_odds(moved), sum);
        }
    }
}

/* The level of a sum is that of the number that it stands for, and what is
 * moved has the correction that it had. */
static void test_sums(void **state)
{
    (void) state;
    for (int sum = -40000; sum <= 40000; sum++) {
        int extra = sum * 7 % 3001;
        both_sums both = (uint64_t) sum + ((uint64_t) extra << 32);
        assert_int_equal(sum_level(sum), level(sum / MODEL_UNIT));
        assert_int_equal(moved_extra(both + MOVED), extra);
        assert_int_equal(extra_sum(both), extra);
    }
}

#if WIDE
#define EIGHT WIDE_CREDITS

/* As earn_words.c has it for any processor. */
static void word_credits(both_sums sums, uint32_t trained,
                         const struct credits *c, size_t i)
{
    double p = 3.7 * moved_chance(weights, sums);

    c->once[i] = p + moved_extra(sums) / MODEL_UNIT;
    c->twice[i] = (trained >> 16 & 255) * p / 255;
    c->thrice[i] = (trained >> 24) * p / 255;
    c->first[i] = first_worths(c->once[i], c->twice[i], c->thrice[i]);
    again_worths(&c->again[i], EIGHT, c->twice[i], c->thrice[i]);
}

/* Eight at once are the same as one by one, to the last bit, and are not said
 * to be where one is not kept. */
static void test_wide(void **state)
{
    static double numbers[2][4][EIGHT];
    static worths firsts[2][2][EIGHT], agains[2][2 * EIGHT];
    int known = 0;

    (void) state;
    if (!wide_is_there())
        skip();
    for (int round = 0; round < ROUNDS; round++) {
        struct credits c[2];
        both_sums sums[EIGHT];
        uint32_t trained[EIGHT];
        int are_pairs, are_words;
        for (int k = 0; k < 2; k++)
            c[k] = (struct credits){
                .once = numbers[k][0], .twice = numbers[k][1],
                .thrice = numbers[k][2], .pair = numbers[k][3],
                .first = firsts[k][0], .again = agains[k],
                .facts.nothing = EIGHT,
            };
        for (size_t i = 0; i < EIGHT; i++) {
            int odds = (int) below(round % 2 ? 32768 : 40000) - MOVED;
            int extra = (int) below(9000) - 4500;
            sums[i] = MOVED + (uint64_t) odds + ((uint64_t) extra << 32);
            trained[i] = below(0x10000) << 16 | below(0x10000);
            trained[i] &= below(2) ? UINT32_MAX : 0xFFFF;
            word_credits(sums[i], trained[i], &c[0], i);
        }
        weights_earn(weights, 3.7, sums, EIGHT, c[0].pair, firsts[0][1]);
        are_pairs = pair_credits_wide(weights, 3.7, sums, c[1].pair,
                                      firsts[1][1]);
        are_words = word_credits_wide(weights, 3.7, sums, trained, &c[1], 0);
        assert_int_equal(are_pairs, are_words);
        for (size_t i = 0; i < EIGHT; i++)
            if ((uint32_t) sums[i] >= CHANCES)
                assert_false(are_pairs);
        known += are_pairs;
        if (are_pairs) {
            assert_memory_equal(numbers[1], numbers[0], sizeof numbers[0]);
            assert_memory_equal(firsts[1], firsts[0], sizeof firsts[0]);
            assert_memory_equal(agains[1], agains[0], sizeof agains[0]);
        }
    }
    assert_in_range(known, ROUNDS / 2, ROUNDS * 3 / 4);
}

#define WORDS 40 /* not only whole sixteens */

/* An article of so many words. */
struct many_words {
    struct invented any; /* its facts */
    struct form forms[WORDS];
    struct stem stems[WORDS];
    struct credit_word words[WORDS];
    uint8_t relatives[200];
};

static void invent_words(struct many_words *a, const struct language *language)
{
    invent(&a->any);
    for (unsigned i = 0; i < WORDS; i++) {
        struct invented b = { 0 };
        invent_word(&b, 0);
        a->forms[i] = b.forms[0];
        a->stems[i] = b.stems[0];
        a->words[i] = b.words[0];
        a->forms[i].stem = b.forms[0].stem == NONE ? NONE : WORDS - 1 - i;
        a->forms[i].row = below(5) == 0 ? NONE : below(70000);
        if (below(3) != 0)
            a->forms[i].row %= (uint32_t) language->table.count;
        a->stems[i].in_query = below(9) == 0;
        if (below(9) == 0)
            a->words[i].count = 0;
    }
    a->any.document.language = language;
    a->any.document.form_count = 1 + below(WORDS);
    a->any.document.forms = a->forms;
    a->any.document.stems = a->stems;
    a->any.facts.words = a->words;
    for (uint32_t i = 0; i < a->any.facts.sentences; i++)
        a->relatives[i] = (uint8_t) relative_bucket(&a->any.facts, i);
}

/* Is it what weights.h has of one word? */
static void same_sums(const struct maker *m, struct many_words *a, uint32_t i,
                      both_sums sums)
{
    const struct word_table *table = &m->d->language->table;
    const struct side *side = &m->sides[i];
    uint32_t row = a->forms[i].row;
    struct word_buckets b;

    row = row < table->count ? row : (uint32_t) table->count;
    a->words[i].prior = table->values[4 * row];
    a->words[i].common = table->values[4 * row + 1];
    b = word_buckets(m->d, &m->c->facts, i, a->relatives[a->words[i].first]);
    assert_true(sums == MOVED + word_sums(m->sums, &b, m->article));
    assert_int_equal(side->pairs, table->pairs[row]);
    assert_int_equal(side->row, a->forms[i].row < PAIR_NO_ROW
                                    ? a->forms[i].row
                                    : PAIR_NO_ROW);
    assert_int_equal(side->level, sum_level(moved_odds(sums)));
    assert_int_equal(side->content, a->forms[i].stem != NONE);
}

/* Those of sixteen words at once are the same as one by one, and those are
 * listed that are in no sentence, or whose stem is the query's. */
static void test_wide_words(void **state)
{
    const struct language *language = language_find("fr");
    static struct many_words a;
    struct side sides[WORDS + WIDE_WORDS];
    both_sums sums[WORDS + WIDE_WORDS];
    uint32_t trained[WORDS + WIDE_WORDS], others[WORDS + WIDE_WORDS];
    size_t all = 0;

    (void) state;
    if (!wide_is_there())
        skip();
    for (int round = 0; round < ROUNDS / 10; round++) {
        struct credits credits = { 0 };
        const struct maker m = {
            .d = &a.any.document, .c = &credits, .sides = sides,
            .sums = weights_of(weights, &language->models[below(2)]),
            .article = below(ARTICLES),
        };
        size_t count, other = 0;
        invent_words(&a, language);
        credits.facts = a.any.facts;
        count = words_sum_wide(&m, a.relatives, sums, trained, others);
        for (uint32_t i = 0; i < m.d->form_count; i++) {
            const struct stem *stem = any_stem(m.d, i);
            uint8_t values[4];
            int is_asked = a.forms[i].stem != NONE && stem->in_query;
            same_sums(&m, &a, i, sums[i]);
            memcpy(values, &trained[i], sizeof values);
            assert_int_equal(values[0], a.words[i].prior);
            assert_int_equal(values[1], a.words[i].common);
            if (a.words[i].count == 0 || is_asked)
                assert_int_equal(others[other++], i);
        }
        assert_int_equal(count, other);
        all += count;
    }
    assert_in_range(all, ROUNDS / 10, WORDS / 2 * ROUNDS / 10);
}

#define MANY 20 /* not only whole eights */

/* Words of which the table says something together, at or soon behind the slot
 * where it is begun, or not. */
static void invent_sides(struct side sides[2], const struct word_table *table)
{
    uint32_t slot = below(table->pairs[table->count] / 16 - 1);

    for (int k = 0; k < 2; k++)
        sides[k] = (struct side){ .level = (uint8_t) below(LEVELS),
                                  .content = (uint8_t) below(2),
                                  .pairs = below(99999), .row = 3 };
    sides[0].pairs = slot * 16;
    sides[1].row = (uint16_t) (table->pair_slots[slot + below(6)] >> 8);
    if (sides[1].row == UINT16_MAX || below(9) == 0)
        sides[1].row = PAIR_NO_ROW;
}

/* The sums of eight pairs at once are those that weights.h has of one. */
static void test_wide_pairs(void **state)
{
    const struct language *language = language_find("fr");
    const struct word_table *table = &language->table;
    struct document document = { .language = language };
    struct side sides[2 * MANY];
    struct credit_pair pairs[MANY + EIGHT] = { 0 };
    struct wide_pairs wide[MANY / EIGHT + 1];
    int found = 0;

    (void) state;
    if (!wide_is_there())
        skip();
    for (int round = 0; round < ROUNDS / 10; round++) {
        const struct maker m = {
            .d = &document, .sides = sides, .article = below(ARTICLES),
            .sums = weights_of(weights, &language->models[below(2)]),
        };
        for (uint32_t i = 0; i < MANY; i++) {
            struct invented a;
            invent(&a);
            invent_sides(&sides[2 * i], table);
            pairs[i] = a.pair;
            pairs[i].x = 2 * i;
            pairs[i].y = 2 * i + 1;
        }
        pairs_begin_wide(&m, pairs, MANY, wide);
        pairs_sum_wide(&m, wide, MANY);
        for (uint32_t i = 0; i < MANY; i++) {
            const struct side *x = &sides[2 * i], *y = x + 1;
            pairs[i].prior = pair_search(
                table->pair_slots, pair_slot_of(x->pairs, y->row), y->row);
            found += pairs[i].prior != 0;
            assert_true(wide[i / EIGHT].sums[i % EIGHT]
                        == MOVED + pair_sums(m.sums, &pairs[i], x->level,
                                             y->level,
                                             2u * x->content + y->content,
                                             m.article));
        }
    }
    assert_in_range(found, ROUNDS / 10, MANY * ROUNDS / 10 - 1);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_chances),
        cmocka_unit_test(test_sums),
#if WIDE
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_wide_words),
        cmocka_unit_test(test_wide_pairs),
#endif
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, end);
}
