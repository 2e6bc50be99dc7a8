# libprecis-client, and the tools precis and precisctl.

# libclient holds the code; libprecis-client is the same with only precis_*
# exported.
noinst_LTLIBRARIES += libclient.la
libclient_la_SOURCES = \
    clients/client.c clients/precis-client.h \
    clients/find.c clients/find.h \
    clients/reply.c
libclient_la_LIBADD = $(ZMQ_LIBS) $(JANSSON_LIBS)

lib_LTLIBRARIES += libprecis-client.la
libprecis_client_la_SOURCES =
libprecis_client_la_LIBADD = libclient.la libprotocol.la
libprecis_client_la_LDFLAGS = $(AM_LDFLAGS) -no-undefined \
    -version-info 0:0:0 -export-symbols-regex '^precis_'

include_HEADERS += clients/precis-client.h
pkgconfig_DATA += clients/libprecis-client.pc

bin_PROGRAMS += precis precisctl
precis_SOURCES = clients/precis.c
precis_LDADD = libanswer.la libprotocol.la libprecis.la \
    libprecis-client.la $(JANSSON_LIBS)
precisctl_SOURCES = clients/precisctl.c
precisctl_LDADD = libprotocol.la libprecis-client.la $(JANSSON_LIBS)

dist_man_MANS += clients/precis.1 clients/precisctl.1 \
    clients/libprecis-client.3

completionsdir = $(datadir)/bash-completion/completions
dist_completions_DATA = clients/completions/precis \
    clients/completions/precisctl
