/* options.h - the command line of precis: one table, from which the parser,
 * --help, and the tests of manual page and completion read. */
#ifndef CLIENTS_OPTIONS_H
#define CLIENTS_OPTIONS_H

#include "clients/precis-client.h"

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What is written. */
enum form {
    FORM_TEXT,
    FORM_BULLETS,
    FORM_HIGHLIGHT,
    FORM_HTML,
    FORM_JSON,
    FORM_NDJSON
};

struct preset;

struct settings {
    precis_request request;      /* length, names, title, query, order, time */
    const struct preset *preset; /* put into request already; NULL: none */
    const char *endpoints[PRECIS_ENDPOINTS_MAX];
    size_t endpoint_count;  /* 0: looked for */
    const char *server_key; /* NULL: the environment's, or none */
    const char *key;
    enum form form;
    int is_local;
    int is_explained;
    int is_text;     /* the decoded text is wanted */
    int is_detected; /* language and charset are wanted, and no summary */
    int is_verbose;
    int no_progress;
    enum color color;
    unsigned jobs; /* 0: one per core */
    char **files; /* borrowed from argv */
    int file_count;
};

/* Keywords where no number is given. */
#define KEYWORDS 10

/* Threads that --jobs may ask for: more than that are more than may be in
 * flight. */
#define JOBS_MAX 32

/* Fills *settings from the command line, or says on stderr what is wrong with
 * it.  Returns an exit status (0 also for --help and --version, which are
 * done then), or -1 to go on. */
int options_parse(int argc, char **argv, struct settings *settings);

#endif
