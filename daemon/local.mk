# precisd, the service.  libdaemon is all of it but main(), for unit tests.

noinst_LTLIBRARIES += libdaemon.la
libdaemon_la_SOURCES = \
    daemon/accept.c daemon/accept.h \
    daemon/clients.c daemon/clients.h \
    daemon/config.c daemon/config.h \
    daemon/endpoint.c daemon/endpoint.h \
    daemon/guard.c daemon/guard.h \
    daemon/job.h \
    daemon/listener.c daemon/listener.h \
    daemon/lock.c daemon/lock.h \
    daemon/log.c daemon/log.h \
    daemon/message.c daemon/message.h \
    daemon/monitor.c daemon/monitor.h \
    daemon/notify.c daemon/notify.h \
    daemon/options.c daemon/options.h \
    daemon/queue.c daemon/queue.h \
    daemon/request.c daemon/request.h \
    daemon/server.c daemon/server.h \
    daemon/state.h \
    daemon/stats.c daemon/stats.h \
    daemon/waiting.c daemon/waiting.h \
    daemon/worker.c daemon/worker.h \
    po/intl.c po/intl.h
libdaemon_la_LIBADD = $(ZMQ_LIBS) $(INIH_LIBS)

sbin_PROGRAMS += precisd
precisd_SOURCES = daemon/main.c
precisd_LDADD = libdaemon.la libanswer.la libprotocol.la libprecis.la \
    $(INTL_LIBS)

dist_man_MANS += daemon/precisd.8 daemon/precis.conf.5

# The sample is installed where no configuration stands yet, and removed only
# where nobody changed it.
EXTRA_DIST += daemon/precis.conf
precisconfdir = $(sysconfdir)/precis
install-precis-conf:
	@$(MKDIR_P) "$(DESTDIR)$(precisconfdir)"
	test -f "$(DESTDIR)$(precisconfdir)/precis.conf" || \
	    $(INSTALL_DATA) $(srcdir)/daemon/precis.conf \
	        "$(DESTDIR)$(precisconfdir)/precis.conf"
uninstall-precis-conf:
	! cmp -s $(srcdir)/daemon/precis.conf \
	    "$(DESTDIR)$(precisconfdir)/precis.conf" || \
	    rm -f "$(DESTDIR)$(precisconfdir)/precis.conf"
install-data-local: install-precis-conf
uninstall-local: uninstall-precis-conf
.PHONY: install-precis-conf uninstall-precis-conf
