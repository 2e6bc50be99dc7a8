# libprecis: bytes of an article in, its summary out.
#
# libengine holds the code; libprecis is the same with only precis_*
# exported.  Unit tests link libengine, so that they reach every function.

noinst_LTLIBRARIES += libengine.la
libengine_la_SOURCES = \
    engine/arena.c engine/arena.h \
    engine/around.c \
    engine/binary.c engine/binary.h \
    engine/bounds.c engine/bounds.h engine/bounds_wide.c \
    engine/buckets.h \
    engine/charset.c engine/charset.h \
    engine/clauses.c engine/clauses.h \
    engine/compose.c engine/result.h \
    engine/compress.c engine/compress.h \
    engine/credits.c engine/credits.h \
    engine/facts.c engine/facts.h engine/facts_wide.c \
    engine/decode.c engine/decode.h engine/document.h \
    engine/earn.h engine/earn_pairs.c engine/earn_wide.c engine/earn_words.c \
    engine/pairs_wide.c engine/sums_wide.c \
    engine/ends.c \
    engine/events.c engine/sixteen.h engine/events.h \
    engine/fold.c engine/fold.h engine/forget.c \
    engine/engine.c \
    engine/gains.c engine/gains.h engine/gains_wide.c \
    engine/graph.c engine/graph.h \
    engine/tally.h engine/tally.c engine/glance.c \
    engine/identify.c engine/identify.h \
    engine/guess.c engine/guess.h \
    engine/guess_ascii.c engine/guess_ascii.h \
    engine/joint.c engine/joint.h \
    engine/mathematics.c engine/mathematics.h \
    engine/keywords.c \
    engine/names.c engine/names.h \
    engine/normalize.c \
    engine/pages.c engine/pages.h \
    engine/places.c \
    engine/plain.c \
    engine/quotes.c \
    engine/readable.c engine/readable.h \
    engine/score.c \
    engine/score_credits.c \
    engine/score_frequency.c \
    engine/score_lead.c \
    engine/score_lexrank.c \
    engine/score_luhn.c \
    engine/score_sumbasic.c \
    engine/score_textrank.c \
    engine/select.c engine/select.h \
    engine/select_set.c \
    engine/scan.c engine/scan.h engine/scan_wide.c engine/wide.h \
    engine/segment.c engine/split.h \
    engine/shape.c engine/shape.h \
    engine/signs.c engine/signs.h \
    engine/sniff.c \
    engine/split.c \
    engine/transcode.c engine/transcode.h \
    engine/unicode.c engine/unicode.h \
    engine/units.c \
    engine/verdict.c \
    engine/hashed.c engine/vocabulary.c engine/vocabulary.h \
    engine/vocabulary_wide.c \
    engine/weights.c engine/weights.h \
    engine/words.c
nodist_libengine_la_SOURCES = engine/charset_tables.c
# sqrt alone, which IEEE 754 rounds correctly everywhere, is of libm, where it is
# no instruction (-fno-math-errno in configure.ac).
libengine_la_LIBADD = $(UTF8PROC_LIBS) $(LTLIBICONV) -lm

# Interface changed: current+1, revision 0, and age+1 where only functions
# were added, else 0.  Only code changed: revision+1.
lib_LTLIBRARIES += libprecis.la
libprecis_la_SOURCES =
libprecis_la_LIBADD = libengine.la libstemmers.la
libprecis_la_LDFLAGS = $(AM_LDFLAGS) -no-undefined -version-info 1:0:0 \
    -export-symbols-regex '^precis_'

include_HEADERS += engine/precis.h engine/precis-error.h
pkgconfig_DATA += engine/libprecis.pc
dist_man_MANS += engine/libprecis.3

# Bytes to characters, and how likely those are (bench/charset_train.py), turned
# into constant tables.
charset_files = $(srcdir)/engine/charset-tables $(srcdir)/engine/charset-model
EXTRA_DIST += engine/charset.awk $(charset_files)
CLEANFILES += engine/charset_tables.c

engine/charset_tables.c: engine/charset.awk $(charset_files)
	@$(MKDIR_P) engine
	$(AM_V_GEN)LC_ALL=C $(AWK) -f $(srcdir)/engine/charset.awk \
	    $(charset_files) > $@-t && mv -f $@-t $@
