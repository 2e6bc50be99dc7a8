# Speed and quality.  Built by "make bench", never installed.

EXTRA_PROGRAMS = bench/charset bench/ends bench/joints \
    bench/language bench/segment bench/identify/train bench/speed-split
bench_charset_LDADD = libengine.la libstemmers.la
bench_echo_LDADD = $(ZMQ_LIBS)
bench_flood_SOURCES = bench/flood.c bench/bodies.c bench/bodies.h \
    bench/clock.h
bench_flood_LDADD = $(ZMQ_LIBS)
bench_load_SOURCES = bench/load.c bench/bodies.c bench/bodies.h bench/clock.h
bench_load_LDADD = $(ZMQ_LIBS)
# engine.c with a stopwatch stands before that of libengine.la.
check_PROGRAMS += $(speed_programs)
bench_launch_LDADD =
bench_stages_SOURCES = bench/stages.c bench/bodies.c bench/bodies.h \
    bench/clock.h \
    bench/floor.c bench/floor.h bench/staged.c bench/staged.h
bench_stages_LDADD = libengine.la libstemmers.la
bench_profile_LDADD = libengine.la libstemmers.la
bench_turns_SOURCES = bench/turns.c bench/bodies.c bench/bodies.h \
    bench/clock.h
bench_turns_LDADD = $(DL_LIBS)
# "make check" has short forms of what these are for.
check_PROGRAMS += bench/flood bench/steady
bench_steady_SOURCES = bench/steady.c bench/bodies.c bench/bodies.h \
    bench/clock.h
bench_steady_LDADD = libclient.la libprotocol.la $(JANSSON_LIBS)
bench_language_LDADD = libprecis.la
bench_identify_train_SOURCES = bench/identify/train.c \
    bench/identify/grams.c bench/identify/grams.h
# log and exp, for numbers that are rounded into stemmers/identify.
bench_identify_train_LDADD = libengine.la libstemmers.la -lm
EXTRA_DIST += bench/identify/texts.py \
    bench/identify/own/af.txt bench/identify/own/da.txt \
    bench/identify/own/gl.txt bench/identify/own/hr.txt \
    bench/identify/own/nb.txt bench/identify/own/nn.txt \
    bench/identify/own/sr.txt
bench_segment_LDADD = libprecis.la $(JANSSON_LIBS)
# Its own joint_begins() stands before the engine's: joint.o is not linked.
bench_joints_LDADD = libengine.la libstemmers.la $(JANSSON_LIBS)
# So do its signs_end() and signs_begin() before those of signs.o.
bench_ends_LDADD = libengine.la libstemmers.la $(JANSSON_LIBS) -lm
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += bench/README bench/charset_train.py bench/compare-results \
    bench/compare-speed bench/endurance.py bench/hostile.py \
    bench/joints.py bench/service.py bench/soak.py
EXTRA_DIST += bench/speed bench/speed.py bench/speed_table.py \
    bench/speed_plot.py bench/articles.py bench/scaling bench/scaling.py \
    bench/instructions bench/instructions.sh
EXTRA_DIST += bench/quality bench/quality.py bench/samples.py \
    bench/bootstrap.py bench/defects.py bench/ots.py bench/plot.py \
    bench/rouge.py bench/systems.py
bench_front_LDADD = libengine.la libstemmers.la $(JANSSON_LIBS)
bench_speed_split_LDADD = libengine.la libstemmers.la $(JANSSON_LIBS)
bench_speed_split_SOURCES = bench/speed_split.c

speed_programs = bench/echo bench/front bench/launch bench/load \
    bench/profile bench/stages bench/turns

# BENCH_FLAGS: options of bench/speed, or files of articles.
bench: $(bin_PROGRAMS) $(sbin_PROGRAMS) $(speed_programs) $(EXTRA_PROGRAMS)
	$(PYTHON) $(srcdir)/bench/speed.py --builddir $(abs_builddir) \
	    --no-build $(BENCH_FLAGS)

# What tests/bench/test_instructions.sh compares with, for this compiler.
instructions: bench/profile$(EXEEXT)
	$(srcdir)/bench/instructions.sh --record .

# The trainer of the method credits; bench/README.  CORPUS: a folder with
# train.jsonl.xz and valid.jsonl.xz, from the build folder.
check_PROGRAMS += bench/credits/train
bench_credits_train_SOURCES = \
    bench/credits/corpus.c bench/credits/corpus.h \
    bench/credits/fit.h \
    bench/credits/input.c bench/credits/input.h \
    bench/credits/listwise.c \
    bench/credits/logistic.c \
    bench/credits/main.c \
    bench/credits/model.c bench/credits/model.h \
    bench/credits/names.c bench/credits/names.h \
    bench/credits/output.c bench/credits/output.h \
    bench/credits/rouge.c bench/credits/rouge.h \
    bench/credits/sets.c bench/credits/sets.h \
    bench/credits/settings.c bench/credits/settings.h \
    bench/credits/tables.c bench/credits/tables.h \
    bench/credits/validate.c
bench_credits_train_LDADD = libengine.la libstemmers.la $(JANSSON_LIBS)

CORPUS = $(srcdir)/../shared/corpora/orangesum

train: bench/credits/train$(EXEEXT)
	bench/credits/train --output $(srcdir)/stemmers/fr $(TRAIN_FLAGS) \
	    '$(CORPUS)'

# The same of what knows no language.
train-neutral: bench/credits/train$(EXEEXT)
	bench/credits/train --neutral --output $(srcdir)/stemmers/neutral \
	    $(TRAIN_FLAGS) '$(CORPUS)'

# The trainer of language identification; bench/README.  TEXTS: what
# bench/identify/texts.py has made.
TEXTS = identify-texts

identify: bench/identify/train$(EXEEXT)
	{ sed -n '/^#/p' $(srcdir)/stemmers/identify && \
	    bench/identify/train '$(TEXTS)'; } > identify-t
	mv -f identify-t $(srcdir)/stemmers/identify

# The weights of the ends of sentences; bench/README.  GOLD: files of
# {"id", "lang", "source", "text", "ends"}, all but the non-commercial ones
# learned from.
GOLD = $(srcdir)/../shared/benchmarks/segmentation/*.jsonl
NON_COMMERCIAL = -x UD_Greek-GDT -x UD_Basque-BDT -x UD_Hungarian-Szeged \
    -x UD_Tamil-TTB

ends: bench/ends$(EXEEXT)
	bench/ends -d $(srcdir)/stemmers $(NON_COMMERCIAL) $(GOLD)

.PHONY: bench ends identify instructions train train-neutral
