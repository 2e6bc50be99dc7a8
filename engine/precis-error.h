/* precis-error.h - the errors that libprecis and libprecis-client share.
 *
 * Types only: including it links nothing.  Every function of the two
 * libraries that can fail returns 0 for success or one of the negative codes
 * below, and fills the caller's precis_error when one was given (NULL is
 * allowed everywhere).  Results go out through pointers and are untouched
 * when a function fails.
 */
#ifndef PRECIS_ERROR_H
#define PRECIS_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* The codes.  Their names on the wire are these in small letters without
 * PRECIS_E, e.g. "bad_request"; see precis-protocol(7).  Numbers are part of
 * the ABI: new ones are added at the end. */
enum precis_code {
    PRECIS_OK = 0,
    PRECIS_EBAD_REQUEST = -1,      /* a value is wrong: see key */
    PRECIS_EUNSUPPORTED = -2,      /* a known thing that is not built in */
    PRECIS_ETOO_LARGE = -3,        /* the article is above the limit */
    PRECIS_EBAD_ENCODING = -4,     /* the bytes are no text */
    PRECIS_EBAD_DOCUMENT = -5,     /* the text is not in the format declared */
    PRECIS_EUNKNOWN_LANGUAGE = -6, /* detection found none of ours */
    PRECIS_EEMPTY = -7,            /* nothing but white space */
    PRECIS_EBUSY = -8,             /* the service's queue is full; try again */
    PRECIS_ETIMEOUT = -9,          /* the deadline passed */
    PRECIS_EDENIED = -10,          /* no permission */
    PRECIS_ESHUTTING_DOWN = -11,   /* the service is going away */
    PRECIS_EINTERNAL = -12,        /* out of memory, or a fault of ours */
    PRECIS_ENO_ANSWER = -13,       /* client only: nobody answers */
    PRECIS_EBAD_REPLY = -14        /* client only: the reply is unreadable */
};

/* Bytes of precis_error.message and .key, with the NUL. */
#define PRECIS_MESSAGE_SIZE 512
#define PRECIS_KEY_SIZE 32

/* Filled on failure, by value: nothing to free. */
typedef struct precis_error {
    int code;         /* the same as the return value */
    long long offset; /* byte of the input at fault, or -1 */
    char key[PRECIS_KEY_SIZE];         /* option at fault, or "" */
    char message[PRECIS_MESSAGE_SIZE]; /* one line of UTF-8, English,
                                          without a newline at the end */
} precis_error;

#ifdef __cplusplus
}
#endif
#endif
