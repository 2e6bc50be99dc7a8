/* precis.h - libprecis: bytes of an article in, an extractive summary out.
 *
 * A whole program:
 *
 *     #include <precis.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         static const char article[] = "Il pleut. Il pleut encore. Fin.";
 *         precis_engine *engine;
 *         precis_options options;
 *         const precis_result *result;
 *         precis_error error;
 *         size_t size;
 *
 *         if (precis_engine_new(&engine, &error) != 0)
 *             return fprintf(stderr, "%s\n", error.message), 70;
 *         precis_options_init(&options);
 *         options.language = "fr";
 *         options.limit = PRECIS_LIMIT_SENTENCES;
 *         options.amount = 1;
 *         if (precis_summarize(engine, article, sizeof article - 1, &options,
 *                              &result, &error) != 0)
 *             return fprintf(stderr, "%s\n", error.message), 65;
 *         const char *summary = precis_result_summary(result, &size);
 *         printf("%.*s\n", (int) size, summary);
 *         precis_engine_free(engine);
 *         return 0;
 *     }
 *
 *     cc demo.c $(pkg-config --cflags --libs libprecis)
 *
 * General contract
 * ----------------
 * Sizes and offsets are bytes unless a name says otherwise ("char" in a name
 * counts Unicode code points).  Text is pointer and size, UTF-8, and need not
 * end with a NUL; only option names (language, charset, method) are
 * NUL-terminated.  "Owned" means that the caller frees it, with the call that
 * is named; "borrowed" says until when it is valid; "static" is valid for
 * ever.
 *
 * The library has no global state, starts no thread, prints nothing, never
 * exits.  One engine serves one thread at a time; any number of engines may
 * work at once.  The same bytes and options give the same result, to the last
 * digit, on every machine and at every optimisation level.
 */
#ifndef PRECIS_H
#define PRECIS_H

#include <stddef.h>

#include "precis-error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library linked, "0.1.0".  Static. */
const char *precis_version(void);

/* ---- the engine ---- */

typedef struct precis_engine precis_engine;

/* Makes an engine: less than 1 MiB at first, with up to 6 MiB of the words that
 * it has met, reused from call to call.  It is owned: free it with
 * precis_engine_free().  Error: PRECIS_EINTERNAL, out of memory. */
int precis_engine_new(precis_engine **engine, precis_error *error);

/* Frees an engine and every result it gave.  NULL is allowed. */
void precis_engine_free(precis_engine *engine);

/* ---- what to do ---- */

/* The largest article, in bytes, where options.article_limit is 0, and the
 * largest that can be asked for.  1,000 times an ordinary article. */
#define PRECIS_ARTICLE_LIMIT (4u << 20)
#define PRECIS_ARTICLE_LIMIT_MAX (16u << 20)

/* Longest title and query, in bytes. */
#define PRECIS_TITLE_MAX 4096

/* Keywords at most. */
#define PRECIS_KEYWORDS_MAX 50

/* Candidates for a summary: the first so many sentences.  Later ones count
 * for the frequencies only, and a warning says so. */
#define PRECIS_CANDIDATES_MAX 20000

/* What options.amount counts.  A limit is a ceiling, never passed. */
enum precis_limit {
    PRECIS_LIMIT_AUTO = 0,   /* what pays, about 50 words; amount unused */
    PRECIS_LIMIT_SENTENCES,  /* 1 to 20,000 */
    PRECIS_LIMIT_WORDS,      /* 1 to 10,000,000; a word is a run of letters,
                                marks and digits, soft hyphens and joiners
                                inside it left aside: "l'an 2000" has three */
    PRECIS_LIMIT_CHARACTERS, /* 1 to 100,000,000 code points, the spaces
                                between sentences included */
    PRECIS_LIMIT_PERCENT     /* 1 to 100, of the words of the article */
};

enum precis_order {
    PRECIS_ORDER_SOURCE = 0, /* as the sentences stand in the article */
    PRECIS_ORDER_SCORE       /* best first */
};

/* Options of one call.  Fill with precis_options_init(), then set what is
 * wanted.  Pointers are borrowed for the call only. */
typedef struct precis_options {
    size_t size;          /* sizeof(precis_options), set by _init */
    const char *language; /* "fr", also "fr-CA"; "und": any, without stems;
                             NULL or "auto": found out */
    const char *charset;  /* a name of the allow-list (precis_charset()), or
                             NULL or "auto": found out.  A name is taken
                             unless another charset is clearly likelier: then
                             that is, and a warning names both */
    const char *method;   /* a name of precis_method(), or NULL: the first */
    const char *title;    /* UTF-8, may be NULL */
    size_t title_size;    /* at most PRECIS_TITLE_MAX */
    const char *query;    /* UTF-8, may be NULL: words to lean towards */
    size_t query_size;    /* at most PRECIS_TITLE_MAX */
    enum precis_limit limit;
    size_t amount;
    enum precis_order order;
    int explain;          /* not 0: results hold every segment */
    int terse;            /* not 0: every word costs .001 of the score, where
                             no limit is set (method credits) */
    int no_quotes;        /* not 0: no sentence with a quotation */
    int no_questions;     /* not 0: no question, even if nothing is left */
    int compress;         /* not 0: parts of sentences may be cut (method
                             credits), never who said a thing, nor of a
                             quotation: see precis_sentence.cuts */
    size_t keywords;      /* how many; at most PRECIS_KEYWORDS_MAX */
    size_t article_limit; /* 0: PRECIS_ARTICLE_LIMIT */
} precis_options;

void precis_options_init(precis_options *options);

/* Checks options as precis_summarize() would, without an article.  Errors:
 * PRECIS_EBAD_REQUEST with error->key one of "language", "charset", "method",
 * "title", "query", "sentences", "words", "characters", "percent", "limit",
 * "order", "size" (not filled by precis_options_init()), and a message that
 * names the allowed values. */
int precis_options_check(const precis_options *options, precis_error *error);

/* The names that options take, by number from 0; NULL past the last.
 * Static.  The first method is the default; for "und", and where a text is too
 * long for it, that is `frequency`. */
const char *precis_method(size_t number);
const char *precis_language(size_t number);      /* ISO 639: "fr" */
const char *precis_language_name(size_t number); /* in English: "French" */
const char *precis_charset(size_t number);       /* canonical: "UTF-8" */

/* ---- the summary ---- */

typedef struct precis_result precis_result;

/* Summarizes an article of `size` bytes.  *result is borrowed from the
 * engine: valid until its next call or precis_engine_free(), and as long as
 * the article is, whose bytes it shows where they needed no change.
 *
 * Errors: PRECIS_EBAD_REQUEST as above, or where no sentence fits the limit;
 * PRECIS_ETOO_LARGE; PRECIS_EEMPTY, nothing but white space;
 * PRECIS_EBAD_ENCODING, no text: the message says what it looks like, the
 * offset where; PRECIS_EUNKNOWN_LANGUAGE, none was declared and the text is in
 * none of ours: the message names what it looks like (never for want of
 * certainty: a few words are taken to be in the likeliest of ours, a text
 * without letters is "und"); PRECIS_EUNSUPPORTED, a charset that is known and
 * not read; PRECIS_EINTERNAL, out of memory (the engine stays usable).  Time
 * and memory are linear in size.
 */
int precis_summarize(precis_engine *engine, const void *article, size_t size,
                     const precis_options *options,
                     const precis_result **result, precis_error *error);

/* Splits an article into its segments without choosing any: the result has
 * every segment, an empty summary and no scores.  Otherwise as above. */
int precis_segment(precis_engine *engine, const void *article, size_t size,
                   const precis_options *options,
                   const precis_result **result, precis_error *error);

/* What an article is, found out as precis_summarize() does it. */
typedef struct precis_detection {
    const char *language;   /* a code of precis_language(), or "und": none of
                               ours.  Static */
    double confidence;      /* 0 to 1; 1 where the language was declared */
    const char *looks_like; /* where "und": English name of what it looks most
                               like ("Czech"), or NULL.  Static */
    const char *charset;    /* canonical name.  Static */
    size_t replaced;        /* undecodable parts that became U+FFFD */
} precis_detection;

/* Tells an article's language and charset, and does nothing else with it.
 * Where the language is none of ours that is an answer, no error: "und".
 * Of options only language, charset, title and article_limit count, but all
 * are checked.  Ends what the engine's last result pointed to.  Errors as
 * precis_summarize(), without those about sentences. */
int precis_detect(precis_engine *engine, const void *article, size_t size,
                  const precis_options *options, precis_detection *detection,
                  precis_error *error);

/* What a segment of the article is.  Only sentences are ever chosen. */
enum precis_kind {
    PRECIS_SENTENCE = 0,
    PRECIS_HEADING, /* a sub-heading */
    PRECIS_OTHER    /* caption, dateline, byline, "Lire aussi": page junk */
};

/* Reasons kept for a sentence. */
#define PRECIS_REASONS_MAX 3

/* A term that earned a sentence much of its score. */
typedef struct precis_reason {
    const char *term;  /* surface form in the text, borrowed as the result */
    size_t term_size;
    size_t count;      /* times its stem stands in the article */
    size_t first;      /* index of the first sentence with it */
} precis_reason;

/* A part of the text, [start, end) in bytes. */
typedef struct precis_span {
    size_t start, end;
} precis_span;

/* One segment.  Offsets are half open: [start, end). */
typedef struct precis_sentence {
    enum precis_kind kind;
    size_t index;        /* among the sentences, from 0; for other kinds the
                            index of the next sentence */
    size_t start, end;   /* bytes of precis_result_text() */
    size_t char_start, char_end;     /* code points of it */
    size_t source_start, source_end; /* bytes of the article as it came */
    size_t words;
    double score;        /* by the method asked for; larger is better */
    double frequency;    /* the part of it that terms earned ... */
    double position;     /* ... and the factor for where it stands, 0 to 1 */
    double redundancy;   /* of a chosen sentence: how much of it was said by
                            those chosen before it, 0 to 1 */
    size_t rank;         /* 1 = chosen first; 0 = not chosen */
    size_t reason_count;
    precis_reason reasons[PRECIS_REASONS_MAX]; /* largest first */
    size_t cut_count;        /* parts of a chosen sentence left out of the */
    const precis_span *cuts; /* summary, in order; none without compress */
} precis_sentence;

/* A keyword: a term or a name of the article, as it is written there. */
typedef struct precis_keyword {
    const char *term;  /* borrowed as the result */
    size_t term_size;
    size_t count;      /* times it stands in the article */
    double score;      /* larger is better; the best has 1 */
} precis_keyword;

/* The summary: the chosen sentences, one space between two.  Borrowed. */
const char *precis_result_summary(const precis_result *result, size_t *size);

/* The article, decoded and in NFC: what start and end count in.  Borrowed. */
const char *precis_result_text(const precis_result *result, size_t *size);

/* The chosen sentences in the order asked for; number < count.  Borrowed. */
size_t precis_result_sentence_count(const precis_result *result);
const precis_sentence *precis_result_sentence(const precis_result *result,
                                              size_t number);

/* Every candidate segment in source order, where options.explain was set or
 * after precis_segment(); else none.  Borrowed. */
size_t precis_result_segment_count(const precis_result *result);
const precis_sentence *precis_result_segment(const precis_result *result,
                                             size_t number);

/* The best keywords, best first: as many as were asked for, or fewer.
 * Borrowed. */
size_t precis_result_keyword_count(const precis_result *result);
const precis_keyword *precis_result_keyword(const precis_result *result,
                                            size_t number);

const char *precis_result_language(const precis_result *result); /* static */

/* 1 where it was declared, 0 where it was assumed, between where detected. */
double precis_result_language_confidence(const precis_result *result);
const char *precis_result_charset(const precis_result *result);  /* static */
const char *precis_result_method(const precis_result *result);   /* static */

/* Undecodable parts that became U+FFFD. */
size_t precis_result_replaced(const precis_result *result);

/* Sentences of the article, candidates or not. */
size_t precis_result_total_sentences(const precis_result *result);

/* Length of the summary in words and in code points. */
size_t precis_result_words(const precis_result *result);
size_t precis_result_characters(const precis_result *result);

/* Not 0 where the whole text fitted the limit. */
int precis_result_is_short(const precis_result *result);

/* What the reader should know, one line of English each.  Borrowed. */
size_t precis_result_warning_count(const precis_result *result);
const char *precis_result_warning(const precis_result *result,
                                  size_t number);

#ifdef __cplusplus
}
#endif
#endif
