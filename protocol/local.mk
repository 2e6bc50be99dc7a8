# libprotocol: PRECIS/1, frames to structs and back.
#
# libanswer is apart because it calls the engine: precisd and precis link it,
# libprecis-client does not.

noinst_LTLIBRARIES += libprotocol.la libanswer.la
libprotocol_la_SOURCES = \
    protocol/buffer.c protocol/buffer.h \
    protocol/code.c \
    protocol/control.c \
    protocol/json.c protocol/json.h \
    protocol/protocol.c protocol/protocol.h \
    protocol/refuse.c protocol/refuse.h \
    protocol/request.c
libprotocol_la_LIBADD = $(JANSSON_LIBS)
libanswer_la_SOURCES = protocol/answer.c protocol/answer.h

dist_man_MANS += protocol/precis-protocol.7
