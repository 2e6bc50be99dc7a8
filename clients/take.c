#include <config.h>

#include "clients/take.h"

#include <stdio.h>
#include <string.h>

#include "clients/complain.h"
#include "clients/preset.h"
#include "clients/seconds.h"
#include "clients/terminal.h"
#include "po/intl.h"

static void *setting(struct settings *settings, const struct row *row)
{
    return (char *) settings + row->offset;
}

int take_flag(struct settings *settings, const struct row *row,
              const char *value)
{
    (void) value;
    *(int *) setting(settings, row) = (int) row->value;
    return 0;
}

const char *form_name(enum form form)
{
    static const char *const names[] = {
        [FORM_BULLETS] = "--bullets", [FORM_HIGHLIGHT] = "--highlight",
        [FORM_HTML] = "--html",       [FORM_JSON] = "--json",
        [FORM_NDJSON] = "--ndjson",
    };

    return names[form];
}

int refuse_together(const char *option, const char *other)
{
    return complain_usage(_("%s and %s cannot be had together"), option, other);
}

/* --json --ndjson is --ndjson; any other two forms contradict each other. */
int take_form(struct settings *settings, const struct row *row,
              const char *value)
{
    enum form form = (enum form) row->value;
    enum form other = settings->form;

    (void) value;
    if (other == FORM_TEXT || other == form
        || (other == FORM_JSON && form == FORM_NDJSON)) {
        settings->form = form;
        return 0;
    }
    if (other == FORM_NDJSON && form == FORM_JSON)
        return 0;
    return refuse_together(form_name(other), form_name(form));
}

int take_string(struct settings *settings, const struct row *row,
                const char *value)
{
    *(const char **) setting(settings, row) = value;
    return 0;
}

/* Each one given is used. */
int take_endpoint(struct settings *settings, const struct row *row,
                  const char *value)
{
    if (settings->endpoint_count == (size_t) row->value)
        return complain_usage(_("--endpoint can be given %ld times at most"),
                              row->value);
    settings->endpoints[settings->endpoint_count++] = value;
    return 0;
}

/* A whole number from 1 to row->value, or 0 where it is none. */
static unsigned long whole_number(const char *value, long most)
{
    unsigned long number = 0;

    if (value[0] == '\0' || value[strspn(value, "0123456789")] != '\0')
        return 0;
    for (; *value != '\0'; value++) {
        number = number * 10 + (unsigned long) (*value - '0');
        if (number > (unsigned long) most)
            return 0;
    }
    return number;
}

static int refuse_number(const struct row *row, const char *value)
{
    return complain_usage(_("--%s takes a whole number from 1 to %ld, "
                            "not \"%.64s\""),
                          row->name, row->value, value);
}

int has_limit(const precis_request *request)
{
    return request->sentences != 0 || request->words != 0
           || request->characters != 0 || request->percent != 0;
}

/* One of the four lengths.  The last of one kind counts, as with any option;
 * two kinds contradict each other. */
int take_limit(struct settings *settings, const struct row *row,
               const char *value)
{
    size_t *place = setting(settings, row);
    precis_request *request = &settings->request;
    unsigned long number = whole_number(value, row->value);

    if (number == 0)
        return refuse_number(row, value);
    *place = 0;
    if (has_limit(request))
        return complain_usage(_("one limit at most: --sentences, --words, "
                                "--characters or --percent"));
    *place = number;
    return 0;
}

int take_preset(struct settings *settings, const struct row *row,
                const char *value)
{
    const struct preset *preset;
    char names[128] = "";
    size_t used = 0;
    size_t i;

    (void) row;
    settings->preset = preset_find(value);
    if (settings->preset != NULL)
        return 0;
    for (i = 0; (preset = preset_at(i)) != NULL && used < sizeof names; i++)
        used += (size_t) snprintf(names + used, sizeof names - used, "%s%s",
                                  i > 0 ? ", " : "", preset->name);
    return complain_usage(_("--preset takes one of %s, not \"%.64s\""), names,
                          value);
}

int take_keywords(struct settings *settings, const struct row *row,
                  const char *value)
{
    settings->request.keywords =
        value != NULL ? whole_number(value, row->value) : KEYWORDS;
    return settings->request.keywords == 0 ? refuse_number(row, value) : 0;
}

int take_jobs(struct settings *settings, const struct row *row,
              const char *value)
{
    settings->jobs = (unsigned) whole_number(value, row->value);
    return settings->jobs == 0 ? refuse_number(row, value) : 0;
}

/* Title and query: the locale's text, which we take for UTF-8. */
int take_text(struct settings *settings, const struct row *row,
              const char *value)
{
    size_t size = strlen(value);

    if (utf8_invalid(value, size) != size)
        return complain_usage(_("--%s is not UTF-8 (byte %zu)"), row->name,
                              utf8_invalid(value, size));
    if (size > (size_t) row->value)
        return complain_usage(_("--%s takes at most %ld bytes"), row->name,
                              row->value);
    if (strcmp(row->name, "title") == 0) {
        settings->request.title = value;
        settings->request.title_size = size;
    } else {
        settings->request.query = value;
        settings->request.query_size = size;
    }
    return 0;
}

int take_order(struct settings *settings, const struct row *row,
               const char *value)
{
    if (strcmp(value, "source") != 0 && strcmp(value, "score") != 0)
        return complain_usage(_("--order takes source or score, not \"%.64s\""),
                              value);
    return take_string(settings, row, value);
}

int take_color(struct settings *settings, const struct row *row,
               const char *value)
{
    static const char *const names[] = {"auto", "always", "never"};
    size_t i;

    (void) row;
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(value, names[i]) == 0) {
            settings->color = (enum color) i;
            return 0;
        }
    return complain_usage(_("--color takes auto, always or never, "
                            "not \"%.64s\""),
                          value);
}

int take_seconds(struct settings *settings, const struct row *row,
                 const char *value)
{
    (void) row;
    settings->request.timeout_ms = seconds_parse(value);
    return settings->request.timeout_ms == 0 ? seconds_refuse(value) : 0;
}
