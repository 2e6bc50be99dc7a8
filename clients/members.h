/* members.h - the members of a JSON object, as they were written.
 *
 * For showing a reply's header again without parsing and printing its values
 * (a real would change its digits). */
#ifndef CLIENTS_MEMBERS_H
#define CLIENTS_MEMBERS_H

#include <stddef.h>

struct member {
    const char *key; /* between its quotes, escapes as they stand */
    size_t key_size;
    const char *token; /* the value */
    size_t token_size;
};

/* Steps through an object that jansson has accepted.  *at is 0 at first.
 * Returns 0 and *member, or -1 behind the last.  One pass over the bytes. */
int members_next(const char *json, size_t size, size_t *at,
                 struct member *member);

/* Has it this key?  Keys with escapes are like none. */
int member_is(const struct member *member, const char *key);

#endif
