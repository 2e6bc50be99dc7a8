# libprecis-client, and the tools precis and precisctl.

# libreply holds what needs no ZeroMQ: requests and replies as they are on the
# wire, and where a service is.  precis has it without the rest.
noinst_LTLIBRARIES += libreply.la
libreply_la_SOURCES = \
    clients/find.c clients/find.h \
    clients/reply.c clients/reply.h \
    clients/request.c
libreply_la_LIBADD = $(JANSSON_LIBS)

# libclient holds the code; libprecis-client is the same with only precis_*
# exported.
noinst_LTLIBRARIES += libclient.la
libclient_la_SOURCES = \
    clients/client.c clients/precis-client.h \
    clients/curve.c clients/curve.h \
    clients/error.c clients/error.h \
    clients/flight.c clients/flight.h \
    clients/link.c clients/link.h \
    clients/open.c \
    clients/socket.c clients/socket.h \
    clients/state.h \
    clients/watch.c clients/watch.h
libclient_la_LIBADD = libreply.la $(ZMQ_LIBS) $(JANSSON_LIBS)

lib_LTLIBRARIES += libprecis-client.la
libprecis_client_la_SOURCES =
libprecis_client_la_LIBADD = libclient.la libprotocol.la
libprecis_client_la_LDFLAGS = $(AM_LDFLAGS) -no-undefined \
    -version-info 1:0:0 -export-symbols-regex '^precis_'

include_HEADERS += clients/precis-client.h
pkgconfig_DATA += clients/libprecis-client.pc

# libtools holds what the tools are made of, without their main().  The flags
# give its objects names of their own: clients/error.c is in libclient too.
noinst_LIBRARIES = libtools.a
libtools_a_CFLAGS = $(AM_CFLAGS)
libtools_a_SOURCES = \
    clients/batch.c clients/batch.h \
    clients/complain.c clients/complain.h \
    clients/detect.c clients/detect.h \
    clients/error.c clients/error.h \
    clients/explain.c clients/explain.h \
    clients/heap.c clients/heap.h \
    clients/help.c clients/help.h \
    clients/html.c clients/html.h \
    clients/local.c clients/local.h \
    clients/members.c clients/members.h \
    clients/ndjson.c clients/ndjson.h \
    clients/options.c clients/options.h \
    clients/output.c clients/output.h \
    clients/preset.c clients/preset.h \
    clients/progress.c clients/progress.h \
    clients/reasons.c clients/reasons.h \
    clients/render.c clients/render.h \
    clients/seconds.c clients/seconds.h \
    clients/service.c clients/service.h \
    clients/source.c clients/source.h \
    clients/spans.c clients/spans.h \
    clients/status.h \
    clients/take.c clients/take.h \
    clients/terminal.c clients/terminal.h \
    clients/tinted.c clients/tinted.h \
    clients/translate.c clients/translate.h \
    clients/way.c clients/way.h \
    po/formats.h po/intl.c po/intl.h
nodist_libtools_a_SOURCES = po/formats.c

bin_PROGRAMS += precis precisctl
precis_SOURCES = clients/precis.c
# Without libprecis-client, which clients/service.c loads.
precis_LDADD = $(FIXED_LIBS) libtools.a libanswer.la
if STATIC_CLIENT
precis_LDADD += libclient.la
endif
precis_LDADD += libreply.la libprotocol.la
if FIXED_PRECIS
# -u has the archives searched before libtool names the same libraries as -l.
precis_LDFLAGS = $(AM_LDFLAGS) -no-pie \
    -Wl,-u,sb_stemmer_new -Wl,-u,utf8proc_version
precis_LDADD += libengine.la libstemmers.la -l:libjansson.a
else
precis_LDADD += libprecis.la
endif
precis_LDADD += $(DL_LIBS) $(JANSSON_LIBS) $(INTL_LIBS)
EXTRA_precis_DEPENDENCIES = libprecis-client.la
precisctl_SOURCES = clients/precisctl.c \
    clients/ctl.c clients/ctl.h \
    clients/ctl_articles.c clients/ctl_articles.h \
    clients/ctl_authorize.c \
    clients/ctl_commands.c \
    clients/ctl_control.c \
    clients/ctl_keygen.c \
    clients/ctl_selftest.c \
    clients/ctl_show.c \
    clients/ctl_status.c \
    clients/ctl_top.c
precisctl_LDADD = libtools.a libprotocol.la libprecis-client.la \
    $(ZMQ_LIBS) $(JANSSON_LIBS) $(INTL_LIBS)

# The manual in other languages than English.
frmandir = $(mandir)/fr/man1
dist_frman_DATA = clients/fr/precis.1

dist_man_MANS += clients/precis.1 clients/precisctl.1 \
    clients/libprecis-client.3

completionsdir = $(datadir)/bash-completion/completions
dist_completions_DATA = clients/completions/precis \
    clients/completions/precisctl clients/completions/precisd
