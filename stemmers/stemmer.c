#include <config.h>

#include "stemmers/stemmer.h"

#include <libstemmer.h>

/* libstemmer's own struct is ours under another name: no second allocation. */
struct stemmer *stemmer_new(const struct language *language)
{
    if (language->stemmer == NULL)
        return NULL;
    return (struct stemmer *) sb_stemmer_new(language->stemmer, NULL);
}

void stemmer_free(struct stemmer *stemmer)
{
    sb_stemmer_delete((struct sb_stemmer *) stemmer);
}

const char *stemmer_stem(struct stemmer *stemmer, const char *word,
                         size_t size, size_t *stem_size)
{
    struct sb_stemmer *snowball = (struct sb_stemmer *) stemmer;
    const sb_symbol *stem;

    stem = sb_stemmer_stem(snowball, (const sb_symbol *) word, (int) size);
    if (stem == NULL)
        return NULL;
    *stem_size = (size_t) sb_stemmer_length(snowball);
    return (const char *) stem;
}
