/* ctl_articles.h - the articles of selftest. */
#ifndef CLIENTS_CTL_ARTICLES_H
#define CLIENTS_CTL_ARTICLES_H

#include <stddef.h>

struct ctl_article {
    const char *language;
    const char *charsets[3]; /* besides UTF-8; NULL behind the last */
    const char *text;
    const char *summary; /* by "precis --local -n 1", at this version */
};

/* By number from 0; NULL past the last. */
const struct ctl_article *ctl_article(size_t number);

/* The text in a charset of the row.  Owned: free(3); NULL: out of memory. */
char *ctl_article_encode(const struct ctl_article *article, size_t charset,
                         size_t *size);

#endif
