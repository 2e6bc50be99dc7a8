/* keys.h - the files that hold CURVE keys.
 *
 * A key is 32 bytes, written as 40 characters of Z85.  Three kinds of files,
 * lines of text each; empty lines, and those that begin with "# " (no key has
 * a blank), say nothing:
 *
 *     secret   NAME.key, one secret key; nobody but its owner may read it
 *     public   NAME.pub, one public key; a client's list of a service's may
 *              have a second, which is tried where the first is wrong
 *     allowed  authorized-keys, "KEY NAME" a line: the clients of a service
 *
 * Every function returns 0 or an error whose message names the file and what
 * to do.  A secret is wiped by whoever asked for it, with explicit_bzero().
 */
#ifndef PROTOCOL_KEYS_H
#define PROTOCOL_KEYS_H

#include <stddef.h>
#include <stdio.h>

#include "engine/precis-error.h"

#define KEY_BYTES 32
#define KEY_SIZE 41 /* as text, with the NUL */

/* A name: letters, digits, and . _ - */
#define KEY_NAME_MAX 64

/* Service keys that a client may know: the one in use and the next one. */
#define KEY_SERVERS_MAX 2

/* A secret key's file, or a public one's, is far below this. */
#define KEY_FILE_MAX 4096

/* Clients of one service.  Each costs 105 bytes, and a look-up per
 * connection: no limit of the machine, only one against a wrong file. */
#define KEY_CLIENTS_MAX 10000

struct key_client {
    char key[KEY_SIZE];
    char name[KEY_NAME_MAX + 1];
};

/* Sorted by key. */
struct key_list {
    struct key_client *rows; /* owned */
    size_t count;
};

/* Are these bytes a key? */
int key_is_valid(const char *text, size_t size);
int key_name_is_valid(const char *text, size_t size);

/* Reads a secret key.  Refused are files that others than their owner may
 * read, and owners other than root and the user of the process. */
int key_read_secret(const char *file, char key[KEY_SIZE],
                    precis_error *error);

/* Reads at least one public key, `most` at most. */
int key_read_public(const char *file, char (*keys)[KEY_SIZE], size_t most,
                    size_t *count, precis_error *error);

/* Reads the clients of a service into an empty list; none is no error.
 * Refused are files that others may write, owners other than root and the
 * user of the process, and keys or names that stand twice. */
int key_list_read(const char *file, struct key_list *list,
                  precis_error *error);
void key_list_clear(struct key_list *list);

/* NULL: not in the list. */
const struct key_client *key_list_find(const struct key_list *list,
                                       const char *key);

#endif
