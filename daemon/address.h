/* address.h - where a tcp connection comes from, for limits that each address
 * has of its own.
 *
 * Of IPv6 the first 64 bits are the address: whoever has one has all that
 * begin with them.  IPv4 that came through an IPv6 socket (::ffff:192.0.2.7)
 * is IPv4.
 */
#ifndef DAEMON_ADDRESS_H
#define DAEMON_ADDRESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_SIZE 16

struct address {
    int family; /* AF_INET, AF_INET6; AF_UNIX: none, on this machine */
    unsigned char bytes[ADDRESS_SIZE]; /* in network order; then 0 */
};

/* That of the other end of a socket. */
void address_of_peer(int fd, struct address *address);

/* Of a text as libzmq writes it, with or without a zone.  0, or -1: it is no
 * address. */
int address_parse(const char *text, struct address *address);

/* Is there one? */
int address_is_known(const struct address *address);

int address_is_same(const struct address *one, const struct address *other);

/* Who connects chooses the address, so the hash depends on a secret. */
uint64_t address_hash(const struct address *address, uint64_t seed);

#endif
