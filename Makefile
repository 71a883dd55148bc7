# SPDX-License-Identifier: GPL-3.0-or-later
#
# make            the command, build/pagewalk
# make help       everything else

VERSION := $(shell sed -n 's/^.define PAGEWALK_VERSION "\(.*\)"/\1/p' cli/version.h)

MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
.SECONDARY:

BUILD  ?= build
PREFIX ?= /usr/local
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif

WARNINGS := -Wall -Wextra -Wconversion -Wshadow
# `make V=1` shows the commands.
ifdef V
say = @true
run =
else
say = @printf '  %-4s %s\n'
run = @
endif

ifdef CI
WARNINGS += -Werror
endif
OPTIMISE ?= -O3
CPPFLAGS += -I. -I$(BUILD) -D_GNU_SOURCE
CFLAGS   += -std=gnu17 $(OPTIMISE) -g -fno-math-errno $(WARNINGS) $(SANITIZE)
CXXFLAGS += -std=c++17 $(OPTIMISE) -g $(WARNINGS) $(SANITIZE)
LDFLAGS  += $(SANITIZE)
LDLIBS   += -lini_config -lbasicobjects -ljansson -lcsv -larchive -lz -lzstd -lxxhash -lgsl -lgslcblas -lm -lpthread
ifdef SANITIZE
CPPFLAGS += -DPAGEWALK_LIBC_MALLOC
else
LDLIBS   += -ljemalloc
endif

# The Debian packages that each task needs.
BUILD_PACKAGES := gcc pkg-config valgrind libc6-dev libgsl-dev libjemalloc-dev libarchive-dev zlib1g-dev libzstd-dev libjansson-dev libini-config-dev libcsv-dev libxxhash-dev
RUN_PACKAGES   := valgrind gnuplot-nox
TEST_PACKAGES  := $(RUN_PACKAGES) libcmocka-dev perl python3-cram zstd xz-utils bzip2 lz4 man-db groff
BENCH_PACKAGES := g++ libbenchmark-dev valgrind
FUZZ_PACKAGES  := clang
LINT_PACKAGES  := $(TEST_PACKAGES) $(BENCH_PACKAGES) clang-tidy clang-format cppcheck shellcheck

# Installs those of $(1) that are missing; says nothing and touches nothing where all are there.
define need
@missing=; for package in $(1); do \
	dpkg-query -W -f '$${db:Status-Status}\n' $$package 2>/dev/null | grep -qx installed || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
	sudo=; [ "$$(id -u)" -eq 0 ] || sudo=sudo; \
	echo "installing:$$missing"; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
fi
endef

# Code that only tests link: the oracle, and what several tests share.
FOLDERS   := model traces analysis cli
TEST_ONLY := $(wildcard $(FOLDERS:%=%/oracle.c) $(FOLDERS:%=%/*_testing.c))
TESTS     := $(wildcard $(FOLDERS:%=%/*_test.c))
BENCHES   := $(wildcard bench/*.c)
SOURCES   := $(filter-out $(TEST_ONLY) $(TESTS),$(wildcard $(FOLDERS:%=%/*.c)))
FORMATTED := $(wildcard $(FOLDERS:%=%/*.[ch]) $(addsuffix /*.[ch],traces/fuzz traces/valgrind traces/programs bench))
SCRIPTS   := .ci/run $(wildcard $(FOLDERS:%=%/*.sh) cli/*/*.sh bench/*.sh)
MACHINES  := $(sort $(wildcard model/machines/*.ini))
GNUPLOTS  := $(sort $(wildcard analysis/*.gp))

OBJECTS      := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
LIBRARY      := $(filter-out $(BUILD)/cli/main.o,$(OBJECTS))
TEST_OBJECTS := $(TEST_ONLY:%.c=$(BUILD)/%.o)
TEST_BINS    := $(TESTS:%.c=$(BUILD)/%)
PROGRAMS     := $(patsubst %.c,$(BUILD)/%,$(wildcard traces/programs/*.c))

.PHONY: all demo test check asan bench fuzz lint layers format install clean help
all: $(BUILD)/pagewalk valgrind-tool

$(BUILD)/pagewalk: $(OBJECTS)
	$(say) LD $@
	$(run)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(say) CC $<
	$(run)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%_test: $(BUILD)/%_test.o $(TEST_OBJECTS) $(LIBRARY)
	$(say) LD $@
	$(run)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

# Programs that tests capture: of no sanitizer, and alike however the tests are built.
$(BUILD)/traces/programs/%: traces/programs/%.c Makefile
	@mkdir -p $(@D)
	$(say) CC $<
	$(run)$(CC) -std=gnu17 -O2 -D_GNU_SOURCE $(WARNINGS) $(PROGRAM_FLAGS) -o $@ $<

$(BUILD)/traces/programs/accesses: PROGRAM_FLAGS := -nostdlib -static -ffreestanding -fno-stack-protector -mno-red-zone
$(BUILD)/traces/programs/events: PROGRAM_FLAGS := -pthread

# The machine files and the plots' scripts travel inside the command.
$(BUILD)/embedded.c: cli/embed.sh $(MACHINES) $(GNUPLOTS)
	@mkdir -p $(@D)
	$(run)sh cli/embed.sh $(MACHINES) $(GNUPLOTS) > $@.tmp && mv $@.tmp $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c
	$(say) CC $<
	$(run)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# The Valgrind tool: a program without libc, of Valgrind's own libraries, in a folder that is Valgrind's with one tool more,
# so that a traced program may use Valgrind itself. No sanitizer is in it. Only for amd64, and where the libraries are.
valgrind_is   = $(shell pkg-config --variable=$(1) valgrind 2>/dev/null)
VALGRIND_LIBS := $(patsubst %,$(call valgrind_is,libdir)/valgrind/lib%-amd64-linux.a,coregrind vex gcc-sup)
VALGRIND_DIR  := $(patsubst %/default.supp,%,$(firstword $(wildcard \
	$(patsubst %,$(call valgrind_is,prefix)/%/valgrind/default.supp,libexec lib) $(call valgrind_is,libdir)/valgrind/default.supp)))
TOOL          := pagewalk-amd64-linux
TOOL_FLAGS    := -m64 -std=gnu17 -O2 -g -ffreestanding -fno-builtin -fno-strict-aliasing -fno-stack-protector -fno-pie \
	-fomit-frame-pointer $(WARNINGS) -isystem $(call valgrind_is,includedir) -I. \
	-DVGA_amd64=1 -DVGO_linux=1 -DVGP_amd64_linux=1 -DVGPV_amd64_linux_vanilla=1 \
	-DPAGEWALK_VERSION='"$(VERSION)"' -DVALGRIND_VERSION='"$(shell pkg-config --modversion valgrind 2>/dev/null)"'

.PHONY: valgrind-tool
ifeq ($(words $(wildcard $(VALGRIND_LIBS)) $(VALGRIND_DIR)),4)
valgrind-tool: $(BUILD)/valgrind/$(TOOL)
install: install-valgrind-tool
$(BUILD)/traces/capture_test: | $(PROGRAMS) valgrind-tool
else
valgrind-tool:
	@echo '  no Valgrind for amd64 to build with (apt install valgrind pkg-config): `pagewalk capture` uses Lackey, which is slow'
endif

$(BUILD)/valgrind/$(TOOL): $(BUILD)/valgrind/tool.o
	$(say) LD $@
	$(run)$(CC) -m64 -static -no-pie -nodefaultlibs -nostartfiles -u _start -Wl,--build-id=none \
		-Wl,-Ttext-segment=$(call valgrind_is,valt_load_address) -o $@ $< $(VALGRIND_LIBS) -lgcc
	$(run)ln -sf $(VALGRIND_DIR)/* $(@D)

$(BUILD)/valgrind/tool.o: traces/valgrind/tool.c Makefile
	@mkdir -p $(@D)
	$(say) CC $<
	$(run)$(CC) $(TOOL_FLAGS) -MMD -MP -c -o $@ $<

demo:
	$(call need,$(BUILD_PACKAGES) $(RUN_PACKAGES))
	@$(MAKE) all
	@sh cli/demo.sh $(BUILD)/pagewalk demo

test:
	$(call need,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	@$(MAKE) check-all

# One closing line for all: the unit tests, plain and under the sanitizers, and the command's golden tests.
.PHONY: check-all check-build asan-build
check-all: check-build asan-build
	@PAGEWALK=$(abspath $(BUILD)/pagewalk) CMOCKA_MESSAGE_OUTPUT=TAP UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
		prove --exec 'sh cli/tests/tap.sh' $(TEST_BINS) $(TEST_BINS:$(BUILD)/%=$(BUILD)/asan/%) cli/tests/golden.sh cli/man/man_test.sh

check-build: $(TEST_BINS) $(BUILD)/pagewalk valgrind-tool layers
asan-build:
	@$(MAKE) BUILD=$(BUILD)/asan OPTIMISE=-O1 \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' check-build

# The unit tests alone, of the build at hand.
check: $(TEST_BINS)
	@CMOCKA_MESSAGE_OUTPUT=TAP prove --exec 'sh cli/tests/tap.sh' $(TEST_BINS)

asan: asan-build
	@CMOCKA_MESSAGE_OUTPUT=TAP prove --exec 'sh cli/tests/tap.sh' $(TEST_BINS:$(BUILD)/%=$(BUILD)/asan/%)

BENCH_OBJECTS := $(BENCHES:%.c=$(BUILD)/%.o) $(BUILD)/bench/bench.o

$(BUILD)/bench/bench.o: bench/bench.cc Makefile
	@mkdir -p $(@D)
	$(say) CXX $<
	$(run)$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/bench/pagewalk-bench: $(BENCH_OBJECTS) $(LIBRARY)
	$(say) LD $@
	$(run)$(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $^ -lbenchmark $(LDLIBS)

# BENCH_FLAGS='--benchmark_filter=parse' runs a part.
bench:
	$(call need,$(BUILD_PACKAGES) $(BENCH_PACKAGES))
	@$(MAKE) $(BUILD)/bench/pagewalk-bench
	$(BUILD)/bench/pagewalk-bench $(BENCH_FLAGS)

# FUZZ_SECONDS a format, on what earlier runs found, beside what is committed; FUZZ_FORMATS='gem5 pin' takes some. What ends it
# is left in BUILD/fuzz/FORMAT-*, for the same program to be run with.
FUZZ_SECONDS ?= 60
FUZZ_FORMATS ?= $(notdir $(wildcard traces/fuzz/corpus/*))
FUZZ_CFLAGS  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

$(BUILD)/traces/fuzz/fuzz: $(BUILD)/traces/fuzz/fuzz.o $(BUILD)/traces/format_testing.o $(LIBRARY)
	$(say) LD $@
	$(run)$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

fuzz:
	$(call need,$(BUILD_PACKAGES) $(FUZZ_PACKAGES))
	@$(MAKE) BUILD=$(BUILD)/fuzz CC=clang OPTIMISE=-O1 WARNINGS= SANITIZE='-fsanitize=fuzzer-no-link $(FUZZ_CFLAGS)' \
		$(BUILD)/fuzz/traces/fuzz/fuzz
	@for format in $(FUZZ_FORMATS); do \
		named=--format=$$format; [ $$format = compressed ] && named=; \
		log=$(BUILD)/fuzz/$$format.log; \
		mkdir -p $(BUILD)/fuzz/corpus/$$format; \
		$(BUILD)/fuzz/traces/fuzz/fuzz $$named -max_total_time=$(FUZZ_SECONDS) -max_len=20000 -rss_limit_mb=1024 -timeout=10 \
			-print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/$$format- \
			$(BUILD)/fuzz/corpus/$$format traces/fuzz/corpus/$$format 2> $$log || { tail -n 40 $$log; exit 1; }; \
		sed -n "s/^stat::number_of_executed_units: */$$format: inputs: /p" $$log; \
	done

lint:
	$(call need,$(BUILD_PACKAGES) $(LINT_PACKAGES))
	@$(MAKE) layers
	@$(MAKE) BUILD=$(BUILD)/lint CI=true all check-build $(BUILD)/lint/bench/pagewalk-bench
	@echo cppcheck
	@cppcheck -q --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j2 \
		--suppressions-list=.cppcheck -D_GNU_SOURCE -I. $(SOURCES) $(TEST_ONLY) $(TESTS) $(BENCHES)
	@# Not the tests: that an assertion of cmocka does not return is more than the analyzer knows.
	@echo clang-tidy
	@printf '%s\n' $(SOURCES) $(TEST_ONLY) $(BENCHES) | \
		xargs -P2 -n4 sh -c 'clang-tidy --quiet "$$@" -- $(CPPFLAGS) -std=gnu17 2>/dev/null' sh
	@echo shellcheck
	@shellcheck $(SCRIPTS)
	@echo clang-format
	@clang-format --dry-run --Werror $(FORMATTED)

layers:
	@sh cli/layers.sh

format:
	clang-format -i $(FORMATTED)

# The manual's tables are printed by the command itself.
MANUALS := $(BUILD)/pagewalk.1 $(BUILD)/pagewalk-machine.5

$(BUILD)/%.1: cli/man/%.1.in cli/man/tables.sh $(BUILD)/pagewalk
	$(run)sh cli/man/tables.sh $(BUILD)/pagewalk $(VERSION) $< > $@.tmp && mv $@.tmp $@
$(BUILD)/%.5: cli/man/%.5.in cli/man/tables.sh $(BUILD)/pagewalk
	$(run)sh cli/man/tables.sh $(BUILD)/pagewalk $(VERSION) $< > $@.tmp && mv $@.tmp $@

install: $(BUILD)/pagewalk $(MANUALS)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/pagewalk/machines \
		$(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 755 $(BUILD)/pagewalk $(DESTDIR)$(PREFIX)/bin/pagewalk
	install -m 644 $(MACHINES) $(DESTDIR)$(PREFIX)/share/pagewalk/machines
	install -m 644 $(BUILD)/pagewalk.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(BUILD)/pagewalk-machine.5 $(DESTDIR)$(PREFIX)/share/man/man5

.PHONY: install-valgrind-tool
install-valgrind-tool: $(BUILD)/valgrind/$(TOOL)
	install -d $(DESTDIR)$(PREFIX)/libexec/pagewalk
	install -m 755 $(BUILD)/valgrind/$(TOOL) $(DESTDIR)$(PREFIX)/libexec/pagewalk/$(TOOL)
	ln -sf $(VALGRIND_DIR)/* $(DESTDIR)$(PREFIX)/libexec/pagewalk

clean:
	rm -rf $(BUILD) demo

help:
	@echo 'make                     build the command, build/pagewalk'
	@echo 'make demo                install what is missing, capture a program, sweep page and TLB sizes, plot: demo/'
	@echo 'make test                install what is missing and run every test'
	@echo 'make check               the unit tests alone, of what is installed'
	@echo 'make asan                the unit tests under the address and undefined-behaviour sanitizers'
	@echo "make bench               benchmarks; BENCH_FLAGS='--benchmark_filter=parse' runs a part"
	@echo "make fuzz                look for bytes that end a trace reader; FUZZ_SECONDS=60 a format, FUZZ_FORMATS='gem5 pin'"
	@echo 'make lint                compiler warnings as errors, cppcheck, clang-tidy, shellcheck, clang-format'
	@echo 'make layers              check who includes whom'
	@echo 'make format              clang-format all sources'
	@echo 'make install             PREFIX=/usr/local DESTDIR=: command, machines, manuals'
	@echo 'make clean               remove build/ and demo/'
