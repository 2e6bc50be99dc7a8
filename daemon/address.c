#include <config.h>

#include "daemon/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* The longest text of an IPv6 address, and its NUL: INET6_ADDRSTRLEN counts
 * no zone, which is cut off. */
#define TEXT_SIZE INET6_ADDRSTRLEN

/* What is before the IPv4 address in one that is mapped into IPv6. */
static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};

static void take_ipv6(struct address *address, const struct in6_addr *in6)
{
    address->family = AF_INET6;
    memcpy(address->bytes, in6->s6_addr, ADDRESS_SIZE);
    if (memcmp(in6->s6_addr, mapped, sizeof mapped) != 0)
        return;
    *address = (struct address){.family = AF_INET};
    memcpy(address->bytes, in6->s6_addr + sizeof mapped, 4);
}

void address_of_peer(int fd, struct address *address)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
    } peer = {0};
    socklen_t size = sizeof peer;

    *address = (struct address){.family = AF_UNIX};
    if (getpeername(fd, &peer.any, &size) != 0)
        return;
    if (peer.any.sa_family == AF_INET) {
        address->family = AF_INET;
        memcpy(address->bytes, &peer.in.sin_addr, 4);
    } else if (peer.any.sa_family == AF_INET6) {
        take_ipv6(address, &peer.in6.sin6_addr);
    }
}

int address_parse(const char *text, struct address *address)
{
    char plain[TEXT_SIZE] = "";
    size_t size = strcspn(text, "%");
    struct in_addr in;
    struct in6_addr in6;

    *address = (struct address){.family = AF_UNIX};
    if (size >= sizeof plain)
        return -1;
    memcpy(plain, text, size);
    if (inet_pton(AF_INET, plain, &in) == 1) {
        address->family = AF_INET;
        memcpy(address->bytes, &in, 4);
    } else if (inet_pton(AF_INET6, plain, &in6) == 1) {
        take_ipv6(address, &in6);
    } else {
        return -1;
    }
    return 0;
}

/* Bytes that tell one from another. */
static size_t address_size(const struct address *address)
{
    return address->family == AF_INET    ? 4
           : address->family == AF_INET6 ? 8
                                         : 0;
}

int address_is_known(const struct address *address)
{
    return address_size(address) > 0;
}

int address_is_same(const struct address *one, const struct address *other)
{
    return one->family == other->family
           && memcmp(one->bytes, other->bytes, address_size(one)) == 0;
}

uint64_t address_hash(const struct address *address, uint64_t seed)
{
    uint64_t hash = seed;

    for (size_t i = 0; i < address_size(address); i++) {
        hash = (hash ^ address->bytes[i]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    return hash;
}
