# "make check" runs everything, in parallel.  Every test speaks TAP.  One
# test: make check TESTS=tests/engine/test_arena
#
# Unit tests are cmocka programs named after the file they test; add a line
# to unit_tests.  Scripts (.sh with tests/tap.sh, .py) are executable files;
# add a line to script_tests.  Files that tests read go in EXTRA_DIST.

unit_tests = \
    tests/clients/test_client \
    tests/clients/test_reasons \
    tests/clients/test_reply \
    tests/clients/test_tools \
    tests/clients/test_translate \
    tests/daemon/test_awake \
    tests/daemon/test_clients \
    tests/daemon/test_config \
    tests/daemon/test_failures \
    tests/daemon/test_polling \
    tests/daemon/test_process \
    tests/daemon/test_queue \
    tests/daemon/test_rates \
    tests/daemon/test_watchdog \
    tests/daemon/test_worker \
    tests/daemon/test_zap \
    tests/engine/test_arena \
    tests/engine/test_codings \
    tests/engine/test_compress \
    tests/engine/test_decode \
    tests/engine/test_engine \
    tests/engine/test_facts \
    tests/engine/test_keywords \
    tests/engine/test_identify \
    tests/engine/test_memory \
    tests/engine/test_methods \
    tests/engine/test_normalize \
    tests/engine/test_readable \
    tests/engine/test_same \
    tests/engine/test_scripts \
    tests/engine/test_select \
    tests/engine/test_sixteen \
    tests/engine/test_sniff \
    tests/engine/test_spellings \
    tests/engine/test_split \
    tests/engine/test_split_languages \
    tests/engine/test_unicode \
    tests/engine/test_weights \
    tests/engine/test_words \
    tests/protocol/test_answer \
    tests/protocol/test_buffer \
    tests/protocol/test_code \
    tests/protocol/test_json \
    tests/protocol/test_keys \
    tests/protocol/test_protocol \
    tests/protocol/test_request \
    tests/stemmers/test_language

script_tests = \
    tests/clients/test_completion.sh \
    tests/clients/test_keys.sh \
    tests/clients/test_library.sh \
    tests/clients/test_precisctl.sh \
    tests/daemon/test_precisd.py \
    tests/docs/test_manuals.sh \
    tests/engine/test_codecs.py \
    tests/fuzz/test_decode.sh \
    tests/fuzz/test_header.sh \
    tests/protocol/test_manual.py \
    tests/protocol/test_wire.py \
    tests/test_cases.sh

# Find in a distribution what they found before it was made, and take their
# time: configure --disable-long-tests leaves them out.  They are begun first.
long_scripts = \
    tests/clients/test_faults.py \
    tests/clients/test_french.sh \
    tests/clients/test_html.py \
    tests/clients/test_identical.sh \
    tests/clients/test_options.sh \
    tests/clients/test_precis.sh \
    tests/clients/test_several.py \
    tests/clients/test_terminal.py \
    tests/clients/test_top.py \
    tests/daemon/test_activation.py \
    tests/daemon/test_control.py \
    tests/daemon/test_curve.py \
    tests/daemon/test_endurance.sh \
    tests/daemon/test_hostile.sh \
    tests/daemon/test_lifetime.py \
    tests/daemon/test_limits.py \
    tests/daemon/test_soak.sh \
    tests/docs/test_examples.py \
    tests/fuzz/test_summarize.sh \
    tests/test_languages.sh
long_programs = \
    tests/hostile/test_hostile

# These look at the sources, compile them on their own, or measure what others
# try: sanitizers would change nothing, and take their time.
source_scripts = \
    tests/engine/test_musl.sh \
    tests/po/test_catalogs.sh \
    tests/test_lint.sh \
    tests/test_symbols.sh
long_source_scripts = \
    tests/bench/test_instructions.sh \
    tests/bench/test_quality.py \
    tests/bench/test_speed.py \
    tests/bench/test_train.sh \
    tests/packages/test_packages.py \
    tests/systemd/test_systemd.py \
    tests/test_arrows.sh \
    tests/test_determinism.sh
if LONG_TESTS
TESTS += $(long_programs) $(long_scripts)
if !SANITIZERS
TESTS += $(long_source_scripts)
endif
endif
if CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif
TESTS += $(script_tests)
if !SANITIZERS
TESTS += $(source_scripts)
endif
EXTRA_DIST += $(script_tests) $(long_scripts) $(source_scripts) \
    $(long_source_scripts) tests/tap.sh

# What the scripts run and read.
check_PROGRAMS += tests/engine/segment_driver
EXTRA_DIST += tests/engine/summary_driver.c tests/cases \
    examples/article.txt examples/german.txt examples/wire.ndjson

# Without cmocka, which musl does not have.
plain_tests = \
    tests/engine/test_charset
check_PROGRAMS += $(plain_tests) $(long_programs)
TESTS += $(plain_tests)

check_PROGRAMS += tests/engine/decode_driver tests/fuzz/fuzz_decode
EXTRA_DIST += tests/fuzz/decode
check_PROGRAMS += tests/fuzz/fuzz_header
EXTRA_DIST += tests/fuzz/header tests/fuzz/header.dict
EXTRA_DIST += tests/daemon/service.py tests/clients/service.sh \
    tests/clients/fake.py tests/daemon/zmtp.py

# Both are asked for by a variable, since they take root and the network.
EXTRA_DIST += tests/systemd/boot.sh tests/systemd/load.py \
    tests/systemd/machine.py tests/packages/build.sh

# What is true of every result is checked by all of these.
tests_engine_test_codings_SOURCES = tests/engine/test_codings.c \
    tests/engine/article.h tests/engine/summarizing.h \
    tests/engine/properties.c tests/engine/properties.h
tests_engine_test_spellings_SOURCES = tests/engine/test_spellings.c \
    tests/engine/reading.c tests/engine/reading.h
tests_engine_test_words_SOURCES = tests/engine/test_words.c \
    tests/engine/reading.c tests/engine/reading.h
tests_engine_test_compress_SOURCES = tests/engine/test_compress.c \
    tests/engine/properties.c tests/engine/properties.h
tests_engine_test_engine_SOURCES = tests/engine/test_engine.c \
    tests/engine/article.h tests/engine/summarizing.h \
    tests/engine/properties.c tests/engine/properties.h
tests_engine_test_keywords_SOURCES = tests/engine/test_keywords.c \
    tests/engine/properties.c tests/engine/properties.h
tests_engine_test_same_SOURCES = tests/engine/test_same.c \
    tests/engine/article.h tests/engine/summarizing.h \
    tests/engine/properties.c tests/engine/properties.h
tests_engine_test_select_SOURCES = tests/engine/test_select.c \
    tests/engine/properties.c tests/engine/properties.h
tests_engine_test_split_SOURCES = tests/engine/test_split.c \
    tests/engine/properties.c tests/engine/properties.h
tests_hostile_test_hostile_SOURCES = tests/hostile/test_hostile.c \
    tests/hostile/shapes.c tests/hostile/shapes.h \
    tests/engine/properties.c tests/engine/properties.h
check_PROGRAMS += tests/fuzz/fuzz_summarize
tests_fuzz_fuzz_summarize_SOURCES = tests/fuzz/fuzz_summarize.c \
    tests/engine/properties.c tests/engine/properties.h
EXTRA_DIST += tests/fuzz/summarize tests/fuzz/summarize.dict

# A clock of its own.
tests_daemon_test_awake_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=polling_wait \
    -Wl,--wrap=clock_gettime -Wl,--wrap=sched_yield

# Workers without engine and ZeroMQ.
tests_daemon_test_watchdog_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=answer \
    -Wl,--wrap=message_bytes -Wl,--wrap=message_frames \
    -Wl,--wrap=message_reply
tests_daemon_test_worker_LDFLAGS = $(tests_daemon_test_watchdog_LDFLAGS)

# These fail allocations.
tests_engine_test_arena_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc \
    -Wl,--wrap=realloc -Wl,--wrap=free
tests_engine_test_decode_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc \
    -Wl,--wrap=calloc
tests_engine_test_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=arena_take \
    -Wl,--wrap=arena_take_array -Wl,--wrap=arena_grow
tests_engine_test_normalize_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc
tests_protocol_test_answer_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc \
    -Wl,--wrap=calloc -Wl,--wrap=realloc
tests_protocol_test_buffer_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=realloc

# What a unit test <program> is linked with: an archive, of which it takes what
# it needs.  One, since libtool takes its time for each that it looks into, for
# each program.  A test of more than its one file says <program>_SOURCES.
check_LTLIBRARIES = libtested.la
libtested_la_SOURCES =
libtested_la_LIBADD = libdaemon.la libclient.la libanswer.la libprotocol.la \
    libengine.la libstemmers.la
LDADD = libtested.la $(CMOCKA_LIBS) $(JANSSON_LIBS) $(ZMQ_LIBS) $(INTL_LIBS)
tests_clients_test_reasons_LDADD = libtools.a $(LDADD)
tests_clients_test_tools_LDADD = libtools.a $(LDADD)
tests_clients_test_translate_LDADD = libtools.a $(LDADD)

# ---- how they are run ----

TEST_EXTENSIONS = .sh .py
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
    $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
PY_LOG_DRIVER = $(LOG_DRIVER)
PY_LOG_COMPILER = $(PYTHON)

# ThreadSanitizer does not see through Debian's libzmq: see the file.
EXTRA_DIST += tests/tsan.supp
if THREAD_SANITIZER
SANITIZER_ENVIRONMENT = \
    TSAN_OPTIONS='suppressions=$(abs_top_srcdir)/tests/tsan.supp'; \
    export TSAN_OPTIONS;
endif

# abs_programs: where precis, precisd and precisctl are; not the shell scripts
# that libtool makes of them, which cost more than what they run.
# SHARED: corpora beside a developer's clone; tests that read them are
# skipped where it is not set.
AM_TESTS_ENVIRONMENT = $(SANITIZER_ENVIRONMENT) \
    LC_ALL=C.UTF-8; export LC_ALL; unset LANGUAGE PRECIS_LOCALEDIR; \
    abs_top_srcdir='$(abs_top_srcdir)'; export abs_top_srcdir; \
    abs_top_builddir='$(abs_top_builddir)'; export abs_top_builddir; \
    abs_programs='$(abs_top_builddir)'; \
    if test -x "$$abs_programs/.libs/precis"; then \
        abs_programs="$$abs_programs/.libs"; \
        LD_LIBRARY_PATH="$$abs_programs$${LD_LIBRARY_PATH:+:$$LD_LIBRARY_PATH}"; \
        export LD_LIBRARY_PATH; \
    fi; \
    export abs_programs; \
    CC='$(CC)'; export CC; \
    ENGINE_LIBS='$(UTF8PROC_LIBS) $(STEMMER_LIBS) $(LIBICONV) -lm'; \
    export ENGINE_LIBS; \
    unset SHARED; \
    if test -d '$(abs_top_srcdir)/../shared/corpora'; then \
        SHARED='$(abs_top_srcdir)/../shared'; export SHARED; \
    fi;
