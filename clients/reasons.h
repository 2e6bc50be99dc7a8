/* reasons.h - why a sentence was chosen or was not, in words, in the language
 * of the article where we speak it, else in English. */
#ifndef CLIENTS_REASONS_H
#define CLIENTS_REASONS_H

#include "clients/precis-client.h"
#include "protocol/buffer.h"

/* What tables and pages say in a language.  In a reason @ is a term, # how
 * often it stands, $ another number; a blank that no line may end at is
 * U+00A0. */
struct wording {
    const char *language; /* NULL: every other */
    const char *head;     /* of the table, in the columns of explain.c */
    const char *once;
    const char *from_first; /* first in sentence 1 */
    const char *from_here;  /* in this one */
    const char *from_other; /* in sentence $ */
    const char *place;      /* counts $ percent */
    const char *said;       /* $ percent of it was */
    const char *shortened;
    const char *none;
    const char *between; /* reasons */
    /* Why a segment was not chosen. */
    const char *heading, *other, *quotation, *open, *question;
    const char *known; /* sentence $ has its terms */
    /* The page of --html. */
    const char *summary, *keywords, *text, *score, *low, *high, *chosen, *cut,
        *hover;
    const char *outline; /* # sentences of $ */
    const char *words, *method;
};

/* The wording for a language, which may be NULL.  Static. */
const struct wording *wording_find(const char *language);

/* Chosen sentences that others are compared with; more would make it slow. */
#define KNOWN_MAX 16

/* What reasons need of a reply. */
struct reasons {
    const precis_reply *reply;
    const struct wording *wording;
    const char *text; /* of the article; may be NULL */
    size_t text_size;
    int no_quotes; /* none was wanted */
    precis_reply_sentence known[KNOWN_MAX];
    size_t known_count;
};

void reasons_init(struct reasons *reasons, const precis_reply *reply,
                  int no_quotes);

/* Adds the reasons for a segment to *out, on one line. */
void reasons_add(const struct reasons *reasons,
                 const precis_reply_sentence *segment, struct buffer *out);

/* Adds a template filled with a term (may be NULL) and a number. */
void wording_add(struct buffer *out, const char *template,
                 const precis_reply_reason *reason, size_t number);

#endif
