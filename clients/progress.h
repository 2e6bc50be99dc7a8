/* progress.h - how far a batch is, on a terminal behind standard error. */
#ifndef CLIENTS_PROGRESS_H
#define CLIENTS_PROGRESS_H

struct progress {
    int is_wanted;
    int is_shown;
    long long started;
    long long shown;          /* when it was shown last */
    unsigned long long total; /* bytes to read; 0: not known */
};

/* Nothing is shown during the first second, nor ever where stderr is no
 * terminal or no_progress is set. */
void progress_start(struct progress *progress, int no_progress,
                    unsigned long long total);

/* `done` articles, of whose input `bytes` have been read. */
void progress_show(struct progress *progress, unsigned long long done,
                   unsigned long long bytes);

/* Takes it off the terminal. */
void progress_clear(struct progress *progress);

#endif
