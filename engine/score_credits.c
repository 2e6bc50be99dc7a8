/* score_credits.c - the default method: every distinct word and word pair of
 * the article gets a credit for standing in the summary.
 *
 * A credit is, up to a correction, the estimated chance that the word stands
 * in a human summary, from what credits.c says of it: how often its stem
 * comes, in how many sentences, where first, how common it is in the language,
 * how often such a word was in a summary elsewhere, the title:
 *
 *     p(w) = logistic(sum of one weight for each feature)
 *     credit(w) = 2 A p(w) + sum of one correction for each feature
 *
 * and the same for pairs.  The expected overlap with a reference, over the
 * words of both, is an expected F1 (ROUGE: Lin, 2004); the corrections make
 * it rank sets of sentences.  The weights are fitted by bench/credits/train,
 * first p by logistic regression, then everything together so that the sets
 * of sentences scored best have the best ROUGE (listwise: Cao and others,
 * "Learning to rank: from pairwise approach to listwise approach", 2007).
 */
#include <config.h>

#include "engine/weights.h"

#include <string.h>

/* A stem of the query makes a word worth this much more: about what a whole
 * summary of an ordinary article earns, so that a sentence with it wins over
 * any without. */
#define QUERY_CREDIT 40.0

/* What a word or a pair earns beyond its chance. */
static double correction(both_sums sums)
{
    return extra_sum(sums) / MODEL_UNIT;
}

static worths first_worths(const struct credits *c, uint32_t form)
{
    double most = c->once[form] > 0 ? c->once[form] : 0;

    if (c->twice[form] > most)
        most = c->twice[form];
    if (c->thrice[form] > most)
        most = c->thrice[form];
    return (worths){ c->once[form], most };
}

static worths pair_worths(double credit)
{
    return (worths){ credit, credit > 0 ? credit : 0 };
}

/* Log-odds of the words that stand in no sentence. */
#define ODDS_NOWHERE -9

/* What pairs ask of their words. */
struct side {
    uint32_t pairs;  /* pair_slot_of() asks for it, and for ... */
    uint16_t row;    /* ... this, or PAIR_NO_ROW */
    uint8_t level;   /* of its log-odds */
    uint8_t is_stop; /* a function word */
};

/* What credits are made of is read at places that nobody foresees, in tables
 * that are larger than the nearest caches.  So of a batch of words or pairs all
 * is asked for first, and comes while other things are done. */
#define BATCH 64

struct maker {
    struct document *d;
    struct credits *c;
    const struct credit_model *model;
    const struct model_sums *sums;
    struct side *sides;   /* by form */
    unsigned article;     /* bucket */
    both_sums both[BATCH];
    uint32_t slots[BATCH];
};

/* ---- words ---- */

/* Asks for the rows of all words. */
static void fetch_rows(const struct document *d)
{
    const struct word_table *table = &d->language->table;

    for (uint32_t i = 0; i < d->form_count; i++) {
        uint32_t row = d->forms[i].row;
        if (row == NONE)
            continue;
        __builtin_prefetch(table->values + 4 * (size_t) row);
        __builtin_prefetch(table->pairs + row);
    }
}

static struct side side_of(const struct maker *m, uint32_t form)
{
    const struct word_table *table = &m->d->language->table;
    uint32_t row = m->d->forms[form].row;

    return (struct side){
        .pairs = table->pairs[row == NONE ? table->count : row],
        .row = (uint16_t) (row == NONE ? PAIR_NO_ROW : row),
        .level = (uint8_t) level(ODDS_NOWHERE),
        .is_stop = m->d->forms[form].stem == NONE,
    };
}

/* The weights of words, each summed up; 0 of those in no sentence. */
static void sum_words(struct maker *m, uint32_t begin, uint32_t end)
{
    struct document *d = m->d;
    struct credit_facts *facts = &m->c->facts;
    uint32_t first = NONE;
    unsigned relative = 0;

    for (uint32_t i = begin; i < end; i++) {
        struct credit_word *word = &facts->words[i];
        uint32_t row = d->forms[i].row;
        struct word_buckets b;
        both_sums both;
        m->sides[i] = side_of(m, i);
        if (word->count == 0) /* only in headings or the title */
            continue;
        if (row != NONE) {
            const uint8_t *trained = d->language->table.values
                                     + 4 * (size_t) row;
            word->prior = trained[0];
            word->common = trained[1];
        }
        if (word->first != first) { /* forms are in the order of the text */
            first = word->first;
            relative = relative_bucket(facts, first);
        }
        b = word_buckets(d, facts, i, relative);
        both = word_sums(m->sums, &b, m->article);
        m->both[i - begin] = both;
        m->sides[i].level = (uint8_t) level(odds_sum(both) / MODEL_UNIT);
        weights_fetch(d->weights, odds_sum(both));
    }
}

static void earn_words(struct maker *m, uint32_t begin, uint32_t end)
{
    struct document *d = m->d;
    struct credits *c = m->c;

    for (uint32_t i = begin; i < end; i++) {
        both_sums both = m->both[i - begin];
        uint32_t stem = d->forms[i].stem, row = d->forms[i].row;
        double p;
        if (c->facts.words[i].count == 0) {
            c->first[i] = (worths){ 0, 0 };
            continue;
        }
        p = 2 * m->model->word_scale
            * weights_chance(d->weights, odds_sum(both));
        c->once[i] = p + correction(both);
        if (row != NONE) { /* function words */
            const uint8_t *trained = d->language->table.values
                                     + 4 * (size_t) row;
            c->twice[i] = p * trained[2] / 255;
            c->thrice[i] = p * trained[3] / 255;
        }
        if (stem != NONE && d->stems[stem].in_query)
            c->once[i] += QUERY_CREDIT;
        c->first[i] = first_worths(c, i);
    }
}

/* ---- pairs ---- */

/* Asks for what the table says of pairs. */
static void fetch_pairs(struct maker *m, size_t begin, size_t end)
{
    const struct credit_pair *pairs = m->c->facts.pairs;
    const uint32_t *slots = m->d->language->table.pair_slots;

    for (size_t i = begin; i < end; i++) {
        uint32_t slot = pair_slot_of(m->sides[pairs[i].x].pairs,
                                     m->sides[pairs[i].y].row);
        m->slots[i - begin] = slot;
        __builtin_prefetch(slots + slot);
    }
}

static void sum_pairs(struct maker *m, size_t begin, size_t end)
{
    const uint32_t *slots = m->d->language->table.pair_slots;

    for (size_t i = begin; i < end; i++) {
        struct credit_pair *pair = &m->c->facts.pairs[i];
        const struct side *x = &m->sides[pair->x], *y = &m->sides[pair->y];
        both_sums both;
        pair->prior = pair_find(slots, m->slots[i - begin], x->pairs, y->row);
        both = pair_sums(m->sums, pair, x->level, y->level,
                         pair_kind(x->is_stop, y->is_stop), m->article);
        m->both[i - begin] = both;
        weights_fetch(m->d->weights, odds_sum(both));
    }
}

static void earn_pairs(struct maker *m, size_t begin, size_t end)
{
    worths *first = m->c->first + m->c->facts.first_pair;

    for (size_t i = begin; i < end; i++) {
        both_sums both = m->both[i - begin];
        double credit = 2 * m->model->pair_scale
                            * weights_chance(m->d->weights, odds_sum(both))
                        + correction(both);
        m->c->pair[i] = credit;
        first[i] = pair_worths(credit);
    }
}

/* The credits of all words, then of pairs, which ask for those. */
static void make_credits(struct maker *m)
{
    size_t words = m->d->form_count, pairs = m->c->facts.pair_count;

    for (size_t i = 0, end; i < words; i = end) {
        end = i + BATCH < words ? i + BATCH : words;
        sum_words(m, (uint32_t) i, (uint32_t) end);
        earn_words(m, (uint32_t) i, (uint32_t) end);
    }
    for (size_t i = 0, end; i < pairs; i = end) {
        end = i + BATCH < pairs ? i + BATCH : pairs;
        fetch_pairs(m, i, end);
        sum_pairs(m, i, end);
        earn_pairs(m, i, end);
    }
}

/* ---- sentences ---- */

/* What a word earns that is there so many times already. */
static worths again_worths(const struct credits *c, uint32_t form,
                           unsigned times)
{
    if (times > 1)
        return (worths){ c->thrice[form], c->thrice[form] };
    return (worths){ c->twice[form], c->twice[form] > c->thrice[form]
                                         ? c->twice[form]
                                         : c->thrice[form] };
}

/* The sentence by itself: what it covers, each once, over its words.  Sums up
 * what it earns, repeated words too. */
static double sentence_score(const struct credits *c,
                             const struct segment *segment,
                             const struct items *items, worths *sum)
{
    const uint32_t *next = items->list, *end = next + items->count;
    const worths *first = c->first;
    double once = 0;
    worths all = { 0, 0 };

    if (items->again == 0) {
        for (; next < end; next++)
            all += first[*next];
        *sum = all;
        return all[0] / ((double) segment->tokens + CREDITS_SMOOTH);
    }
    for (; next < end; next++) {
        if (*next & ITEM_AGAIN) {
            all += again_worths(c, item_number(*next), item_times(*next));
            continue;
        }
        all += first[*next];
        once += first[*next][0];
    }
    *sum = all;
    return once / ((double) segment->tokens + CREDITS_SMOOTH);
}

/* Room for what is summed up.  0, or PRECIS_EINTERNAL. */
static int sums_take(struct document *d, struct credits *c)
{
    size_t items = c->facts.first_pair + c->facts.pair_count;

    c->first = arena_take(d->arena, (items + 1) * sizeof *c->first);
    c->sums = arena_take(d->arena, (d->segment_count + 1) * sizeof *c->sums);
    if (c->first == NULL || c->sums == NULL)
        return PRECIS_EINTERNAL;
    c->first[c->facts.nothing] = (worths){ 0, 0 };
    return 0;
}

int credits_sum(struct document *d, struct credits *c)
{
    if (sums_take(d, c) != 0)
        return PRECIS_EINTERNAL;
    for (uint32_t i = 0; i < d->form_count; i++)
        c->first[i] = first_worths(c, i);
    for (size_t i = 0; i < c->facts.pair_count; i++)
        c->first[c->facts.first_pair + i] = pair_worths(c->pair[i]);
    for (uint32_t i = 0; i < d->segment_count; i++)
        sentence_score(c, &d->segments[i], &c->facts.items[i], &c->sums[i]);
    return 0;
}

int score_credits(struct document *d)
{
    struct maker m = { .d = d };
    struct credits *c = arena_take_array(d->arena, 1, sizeof *c);

    if (d->weights == NULL) /* nobody keeps them */
        d->weights = arena_take_array(d->arena, 1, sizeof *d->weights);
    fetch_rows(d);
    if (c == NULL || d->weights == NULL
        || credits_collect(d, &c->facts, d->language->neutral, 0) != 0)
        return PRECIS_EINTERNAL;
    c->once = arena_take_array(d->arena, d->form_count + 1, 3 * sizeof(double));
    c->pair = arena_take(d->arena,
                         (c->facts.pair_count + 1) * sizeof *c->pair);
    m.sides = arena_take(d->arena, (d->form_count + 1) * sizeof *m.sides);
    if (c->once == NULL || c->pair == NULL || m.sides == NULL
        || sums_take(d, c) != 0)
        return PRECIS_EINTERNAL;
    c->twice = c->once + d->form_count;
    c->thrice = c->twice + d->form_count;
    m.c = c;
    m.model = &d->language->models[c->facts.has_title];
    m.sums = weights_of(d->weights, m.model);
    m.article = article_bucket(c->facts.article_words);
    make_credits(&m);
    for (uint32_t i = 0; i < d->segment_count; i++) {
        if (d->segments[i].kind != PRECIS_SENTENCE)
            continue;
        d->scores[i] = sentence_score(c, &d->segments[i], &c->facts.items[i],
                                      &c->sums[i]);
        if (d->scores[i] < 0) /* corrections can outweigh what is covered */
            d->scores[i] = 0;
        if (d->scores[i] > c->best)
            c->best = d->scores[i];
    }
    score_by_terms(d);
    d->credits = c;
    return 0;
}
