/* credits.h - the facts of an article's words and word pairs, as the features
 * of the model behind the method `credits`.  Private to engine/; the trainer
 * of bench/ reads articles through the same functions, so that what is fitted
 * is what runs.
 *
 * Every feature is a bucket: a small number that says which of a handful of
 * cases holds.  A word's log-odds is the sum of one weight for each of its
 * features, so no feature needs a logarithm or a product at run time.
 */
#ifndef ENGINE_CREDITS_H
#define ENGINE_CREDITS_H

#include "engine/document.h"

/* Buckets of what the trained word table says of a word: 0 is "not in it". */
#define PRIOR_BUCKETS 24
#define COMMON_BUCKETS 12
#define PAIR_PRIOR_BUCKETS 12

enum word_feature {
    WF_COUNT_SPREAD, WF_FIRST_SPREAD, WF_PRIOR_STOP, WF_COMMON_CAPITAL,
    WF_TITLE_COUNT, WF_TITLE_PRIOR, WF_LENGTH, WF_LEAD_FIRST, WF_HEADING,
    WF_QUOTED, WF_ARTICLE_SPREAD, WF_ARTICLE_FIRST, WF_DIGIT_FIRST,
    WF_RELATIVE, WF_PRIOR_FIRST, WF_COMMON_COUNT, WF_CAPITAL_FIRST,
    WF_FORM_COUNT, WF_PRIOR_SPREAD, WF_TITLE_COMMON, WF_TITLE_FIRST,
    WORD_FEATURES
};

enum pair_feature {
    PF_BOTH, PF_COUNT_KIND, PF_TITLE_KIND, PF_PRIOR_COUNT, PF_FIRST_KIND,
    PF_CAPITAL_KIND, PF_LOW_COUNT, PF_ARTICLE, PF_PRIOR_LOW,
    PAIR_FEATURES
};

extern const uint16_t word_feature_sizes[WORD_FEATURES];
extern const uint16_t pair_feature_sizes[PAIR_FEATURES];

/* Four counts that are added up side by side. */
typedef uint32_t four_counts __attribute__((vector_size(16)));

/* A distinct word of the article, by form id. */
struct credit_word {
    union {
        struct {
            four_counts counts; /* the first four */
            four_counts others;
        };
        struct {
            uint32_t count;   /* in sentences; 0: nowhere but in headings */
            uint32_t quoted;  /* times in sentences with a quotation mark */
            uint32_t inside;  /* times behind the first word of a sentence */
            uint32_t capital; /* those with a capital */
            uint32_t first;   /* index of its first sentence */
            uint32_t spread;  /* sentences with it */
            uint32_t last;    /* scratch: (1 + the last sentence counted)
                                 times 4, and how often it had the word
                                 before, up to 3 */
            uint8_t lead;     /* times in the first three sentences, at most
                                 3 */
            uint8_t heading;  /* stands in a heading too */
            uint8_t prior, common; /* buckets of the trained table */
        };
    };
};

/* A distinct pair of words that stand side by side in a sentence. */
struct credit_pair {
    uint32_t x, y;  /* form ids */
    uint32_t last;  /* scratch: 1 + the last sentence counted */
    uint16_t place; /* what is known of it by itself, in PLACE_... */
    uint8_t prior;  /* bucket of the trained table */
};

/* Items are the forms, one that earns nothing, and the pairs.  What is covered
 * with a sentence, or with several, in the order of the text: an item's number.
 * That of a word that was there already has ITEM_AGAIN added, and how often,
 * times ITEM_TIMES.
 * What earns nothing in any set is left out, or the item that earns nothing
 * stands for it: the second of a pair, the fourth of a word, the second of one
 * that no summary has twice. */
#define ITEM_AGAIN (1u << 31)
#define ITEM_TIMES (1u << 29)

static inline uint32_t item_number(uint32_t item)
{
    return item % ITEM_TIMES;
}

static inline unsigned item_times(uint32_t item)
{
    return item / ITEM_TIMES % 4;
}

struct items {
    uint32_t *list;
    uint32_t count;
    uint32_t again; /* not 0: has ITEM_AGAIN */
};

/* Times that a word earns anything. */
#define EARNING_MAX 3

struct credit_facts {
    struct credit_word *words; /* by form id */
    struct credit_pair *pairs;
    size_t pair_count;
    uint32_t *pair_of;   /* by token: the pair it opens, or NONE */
    uint32_t *form_of;   /* by token */
    struct items *items; /* by segment; of those that are sentences */
    uint32_t nothing;    /* the item that earns nothing ... */
    uint32_t first_pair; /* ... and the first that is a pair */
    size_t sentences, article_words;
    int has_title;
    int neutral;         /* nothing is asked that depends on the language */
};

/* 0, or PRECIS_EINTERNAL.  Everything lies in the document's arena.
 * words[].prior and .common and pairs[].prior are left 0.
 *
 * Where `neutral` is not 0, features say nothing of a word's letters: their
 * number, since a German word has more of them than a French one, and its
 * capital, which a German noun always has and an Arabic one never.  What is
 * left is where and how often words stand, the title, digits, quotations, and
 * whether a word is a stop word.  Where `all_again` is not 0, any word may earn
 * again, and not only those of the trained table: for who trains one. */
int credits_collect(struct document *document, struct credit_facts *facts,
                    int neutral, int all_again);

/* Writes the number of the weight that each feature of a word takes. */
void word_features(const struct document *document,
                   const struct credit_facts *facts, uint32_t form,
                   uint16_t index[WORD_FEATURES]);

/* The same of a pair, given the log-odds of its two words. */
void pair_features(const struct document *document,
                   const struct credit_facts *facts,
                   const struct credit_pair *pair, double x, double y,
                   uint16_t index[PAIR_FEATURES]);

/* A text of more words is no article: it is scored by `frequency`, since the
 * facts of its words and pairs would take some 300 bytes a word, and the model
 * knows nothing of books. */
#define CREDITS_WORDS_MAX 100000

/* What an item, a word or a pair, earns once more in a set of sentences, and
 * the most it can from there on, at least 0: added up side by side. */
typedef double worths __attribute__((vector_size(2 * sizeof(double))));

/* So many rows of gains.h are written at once, as few units have more. */
#define ROWS_STEP 4

/* What covering a word or a pair earns a summary. */
struct credits {
    struct credit_facts facts;
    double *once;   /* by form: standing in the summary at all ... */
    double *twice;  /* ... a second time ... */
    double *thrice; /* ... and a third */
    double *pair;   /* by pair */
    worths *first;  /* by item: in no set yet */
    worths *again;  /* by form: a second time, and behind all a third */
    worths *sums;   /* by segment: the sums of `first` and `again` */
    double best;    /* what a word of the best single sentence earns: its
                       credits over its words and CREDITS_SMOOTH */
};

/* Makes `first` and `sums`, in the document's arena, of the other credits: for
 * who has those from elsewhere than score_credits().  0, or
 * PRECIS_EINTERNAL. */
int credits_sum(struct document *document, struct credits *credits);

/* A summary's score is its credits over (its words + SMOOTH), the shape of an
 * F1 against a reference of so many words. */
#define CREDITS_SMOOTH 33.0

#endif
