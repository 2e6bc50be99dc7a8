/* earn_words.c - the credits of words; see score_credits.c. */
#include <config.h>

#include "engine/earn.h"

#include <string.h>

#include "engine/wide.h"

/* A stem of the query makes a word worth this much more: about what a whole
 * summary of an ordinary article earns, so that a sentence with it wins over
 * any without. */
#define QUERY_CREDIT 40.0

/* Log-odds of the words that stand in no sentence. */
#define ODDS_NOWHERE -9

/* What the plain words of a sentence have in common: the sum of that, and where
 * the sums are that differ. */
struct plain_sums {
    uint32_t sentence;
    both_sums all;
    const both_sums *opening;      /* by digit and capital */
    const both_sums *prior;        /* by bucket and function word */
    const both_sums *prior_title;  /* by bucket */
    const both_sums *common;       /* by bucket and capital */
    const both_sums *place;        /* by letters */
};

struct word_maker {
    const struct maker *m;
    both_sums *sums;       /* by form, moved */
    uint32_t *trained;     /* by form: the four numbers of its row */
    uint32_t *plain, *others; /* forms that are, and that are not */
    size_t plain_count, other_count;
    uint32_t letters;      /* 0: a model that asks for none, else all bits */
    uint8_t *relative;     /* by sentence: relative_bucket() */
    unsigned nowhere;      /* not 0: some of the others are in no sentence, */
    unsigned asked;        /* or their stem may be the query's */
};

void fetch_rows(const struct document *d)
{
    const struct word_table *table = &d->language->table;

    for (uint32_t i = 0; i < d->form_count; i++) {
        uint32_t row = d->forms[i].row;
        row = row < table->count ? row : (uint32_t) table->count;
        __builtin_prefetch(table->values + 4 * (size_t) row);
        __builtin_prefetch(table->pairs + row);
    }
}

/* ---- kinds ---- */

/* Reads what the table has of the words, and finds those that are plain. */
static void sort_words(struct word_maker *w)
{
    const struct document *d = w->m->d;
    const struct word_table *table = &d->language->table;
    const uint8_t *values = table->values;
    const uint32_t *pairs = table->pairs, rows = (uint32_t) table->count;
    const uint32_t count = (uint32_t) d->form_count;
    const struct stem *stems = d->stems;
    const struct form *form = d->forms;
    const struct credit_word *word = w->m->c->facts.words;
    struct side *side = w->m->sides;
    size_t plain = 0, others = 0;

    for (uint32_t i = 0; i < count; i++, form++, word++, side++) {
        uint32_t is_content = form->stem != NONE, content = 0 - is_content;
        const struct stem *stem = &stems[form->stem & content];
        uint32_t row = form->row < rows ? form->row : rows;
        uint32_t strange = (word->count ^ 1) | word->heading | form->in_title
                           | (((stem->count ^ 1) | stem->in_title
                               | stem->in_query) & content);
        memcpy(&w->trained[i], values + 4 * (size_t) row, 4);
        side->pairs = pairs[row];
        side->row = (uint16_t) (form->row < PAIR_NO_ROW ? form->row
                                                        : PAIR_NO_ROW);
        side->content = (uint8_t) is_content;
        w->plain[plain] = i;
        plain += strange == 0;
        w->others[others] = i;
        others += strange != 0;
    }
    w->plain_count = plain;
    w->other_count = others;
}

/* ---- sums ---- */

static inline void sum_write(const struct word_maker *w, uint32_t form,
                             both_sums sums)
{
    w->sums[form] = sums;
    w->m->sides[form].level = (uint8_t) sum_level(moved_odds(sums));
}

static void plain_begin(struct plain_sums *p, const struct word_maker *w,
                        const struct credit_word *word)
{
    const struct maker *m = w->m;
    const struct model_sums *sums = m->sums;
    unsigned title = m->c->facts.has_title != 0, one = count_buckets[1];
    unsigned first = BUCKET(first_buckets, word->first);
    unsigned spread = spread_buckets[1], at = spread * FIRSTS + first;

    p->sentence = word->first;
    p->all = MOVED + sums->count[title][one][at]
             + sums->heading[0][0][one][quoted_bucket(word)][spread]
             + sums->article[m->article][at];
    p->opening = sums->opening[word->lead][first][0];
    p->prior = sums->prior[0][at];
    p->prior_title = sums->prior_title[title];
    p->common = sums->common[title][0][one];
    p->place = sums->place[0] + w->relative[word->first];
}

static void sum_plain(struct word_maker *w)
{
    const struct credit_word *words = w->m->c->facts.words;
    const struct form *forms = w->m->d->forms;
    const uint32_t letters = w->letters;
    struct plain_sums p = { .sentence = NONE };

    for (size_t i = 0; i < w->plain_count; i++) {
        uint32_t id = w->plain[i], trained = w->trained[id];
        unsigned prior = trained & 255, common = trained >> 8 & 255;
        const struct form *form = &forms[id];
        const struct credit_word *word = &words[id];
        /* capital_bucket() of a word that is inside at most once */
        unsigned capital = (word->inside + 2 * word->capital) & letters;
        if (word->first != p.sentence)
            plain_begin(&p, w, word);
        sum_write(w, id,
                  p.all + p.opening[form->digit * CAPITALS + capital]
                      + p.prior[prior * (2 * SPREADS * FIRSTS)
                                + (form->stem == NONE)]
                      + p.prior_title[prior]
                      + p.common[common * (COUNTS * CAPITALS) + capital]
                      + p.place[(form->letters & letters) * RELATIVES]);
    }
}

static void sum_nowhere(struct word_maker *w, uint32_t form)
{
    if (w->m->c->facts.words[form].count == 0) {
        w->m->sides[form].level = (uint8_t) level(ODDS_NOWHERE);
        w->nowhere = 1;
    }
}

static void sum_others(struct word_maker *w)
{
    const struct maker *m = w->m;
    const struct credit_facts *facts = &m->c->facts;

    for (size_t i = 0; i < w->other_count; i++) {
        uint32_t form = w->others[i];
        struct credit_word *word = &facts->words[form];
        struct word_buckets b;
        word->prior = w->trained[form] & 255;
        word->common = w->trained[form] >> 8 & 255;
        b = word_buckets(m->d, facts, form, w->relative[word->first]);
        sum_write(w, form, MOVED + word_sums(m->sums, &b, m->article));
        w->asked |= any_stem(m->d, form)->in_query;
        sum_nowhere(w, form);
    }
}

static void sum_words(struct word_maker *w)
{
#if WIDE
    if (wide_is_there()) {
        w->other_count = words_sum_wide(w->m, w->relative, w->sums,
                                        w->trained, w->others);
        for (size_t i = 0; i < w->other_count; i++)
            sum_nowhere(w, w->others[i]);
        w->asked = 1;
        return;
    }
#endif
    sort_words(w);
    sum_plain(w);
    sum_others(w);
}

/* ---- credits ---- */

static void earn_some(const struct word_maker *w, size_t i, size_t end)
{
    const struct maker *m = w->m;
    struct weights *weights = m->d->weights;
    const double scale = 2 * m->model->word_scale;
    double *once = m->c->once, *twice = m->c->twice, *thrice = m->c->thrice;
    worths *first = m->c->first;

    for (; i < end; i++) {
        both_sums sums = w->sums[i];
        double p = scale * moved_chance(weights, sums);
        double credit = p + moved_extra(sums) / MODEL_UNIT;
        worths again = { w->trained[i] >> 16 & 255, w->trained[i] >> 24 };
        again = again * p / 255; /* 0 but of function words */
        once[i] = credit;
        twice[i] = again[0];
        thrice[i] = again[1];
        first[i] = first_worths(credit, again[0], again[1]);
        again_worths(&m->c->again[i], m->d->form_count, again[0], again[1]);
    }
}

static void earn_all(const struct word_maker *w)
{
    const struct maker *m = w->m;
    size_t i = 0;

#if WIDE
    if (wide_is_there())
        for (; i + WIDE_CREDITS <= m->d->form_count; i += WIDE_CREDITS)
            if (!word_credits_wide(m->d->weights, 2 * m->model->word_scale,
                                   w->sums + i, w->trained + i, m->c, i))
                earn_some(w, i, i + WIDE_CREDITS);
#endif
    earn_some(w, i, m->d->form_count);
}

/* Words that stand in no sentence earn nothing, and those whose stem is the
 * query's earn more. */
static void earn_others(const struct word_maker *w)
{
    const struct document *d = w->m->d;
    struct credits *c = w->m->c;

    for (size_t i = 0; (w->nowhere || w->asked) && i < w->other_count; i++) {
        uint32_t form = w->others[i], stem = d->forms[form].stem;
        if (c->facts.words[form].count == 0) {
            c->once[form] = c->twice[form] = c->thrice[form] = 0;
            c->first[form] = (worths){ 0, 0 };
        } else if (stem != NONE && d->stems[stem].in_query) {
            c->once[form] += QUERY_CREDIT;
            c->first[form] = first_worths(c->once[form], c->twice[form],
                                          c->thrice[form]);
        }
    }
}

int earn_words(struct maker *m)
{
    struct arena *arena = m->d->arena;
    struct word_maker w = {
        .m = m, .letters = m->c->facts.neutral ? 0 : UINT32_MAX,
    };
    size_t count = m->d->form_count + WIDE_WORDS;
    size_t sentences = m->c->facts.sentences;

    w.sums = arena_take(arena, count * sizeof *w.sums);
    w.trained = arena_take(arena, 3 * count * sizeof *w.trained);
    w.relative = arena_take_array(arena, sentences + sizeof(uint32_t), 1);
    if (w.sums == NULL || w.trained == NULL || w.relative == NULL)
        return PRECIS_EINTERNAL;
    w.plain = w.trained + count;
    w.others = w.plain + count;
    for (uint32_t i = 0; i < sentences; i++)
        w.relative[i] = (uint8_t) relative_bucket(&m->c->facts, i);
    sum_words(&w);
    earn_all(&w);
    earn_others(&w);
    return 0;
}
