# SPDX-License-Identifier: GPL-3.0-or-later
#
# make            the command, build/pagewalk
# make help       everything else

VERSION := 0.1.0

BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= gcc
CXX    ?= g++

WARNINGS := -Wall -Wextra -Wconversion -Wshadow
ifdef CI
WARNINGS += -Werror
endif
OPTIMISE ?= -O3
CPPFLAGS += -I. -I$(BUILD) -D_GNU_SOURCE -DPAGEWALK_VERSION='"$(VERSION)"'
CFLAGS   += -std=gnu17 $(OPTIMISE) -g -fno-math-errno $(WARNINGS) $(SANITIZE)
CXXFLAGS += -std=c++17 $(OPTIMISE) -g $(WARNINGS) $(SANITIZE)
LDFLAGS  += $(SANITIZE)
LDLIBS   += -lini_config -lbasicobjects -ljansson -lcsv -larchive -lxxhash -lgsl -lgslcblas -lm -lpthread
ifdef SANITIZE
CPPFLAGS += -DPAGEWALK_LIBC_MALLOC
else
LDLIBS   += -ljemalloc
endif

# The Debian packages that each task needs.
BUILD_PACKAGES := gcc libc6-dev libgsl-dev libjemalloc-dev libarchive-dev libjansson-dev libini-config-dev libcsv-dev libxxhash-dev
RUN_PACKAGES   := valgrind gnuplot-nox
TEST_PACKAGES  := $(RUN_PACKAGES) libcmocka-dev perl python3-cram zstd xz-utils bzip2 lz4 man-db groff
BENCH_PACKAGES := g++ libbenchmark-dev valgrind
LINT_PACKAGES  := $(TEST_PACKAGES) $(BENCH_PACKAGES) clang-tidy cppcheck shellcheck

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
TEST_ONLY := $(wildcard */oracle.c */*_testing.c)
TESTS     := $(wildcard */*_test.c)
BENCHES   := $(wildcard bench/*.c)
SOURCES   := $(filter-out $(TEST_ONLY) $(TESTS) $(BENCHES),$(wildcard */*.c))
MACHINES  := $(sort $(wildcard model/machines/*.ini))
GNUPLOTS  := $(sort $(wildcard analysis/*.gp))

OBJECTS      := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
LIBRARY      := $(filter-out $(BUILD)/cli/main.o,$(OBJECTS))
TEST_OBJECTS := $(TEST_ONLY:%.c=$(BUILD)/%.o)
TEST_BINS    := $(TESTS:%.c=$(BUILD)/%)

.PHONY: all demo test check asan bench lint layers format install clean help
all: $(BUILD)/pagewalk

$(BUILD)/pagewalk: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%_test: $(BUILD)/%_test.o $(TEST_OBJECTS) $(LIBRARY)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

# The machine files and the plots' scripts travel inside the command.
$(BUILD)/embedded.c: cli/embed.sh $(MACHINES) $(GNUPLOTS)
	@mkdir -p $(@D)
	sh cli/embed.sh $(MACHINES) $(GNUPLOTS) > $@.tmp && mv $@.tmp $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

demo:
	$(call need,$(BUILD_PACKAGES) $(RUN_PACKAGES))
	@$(MAKE) --no-print-directory all
	@sh cli/demo.sh $(BUILD)/pagewalk demo

test:
	$(call need,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	@$(MAKE) --no-print-directory check-all

# One closing line for all: the unit tests, plain and under the sanitizers, and the command's golden tests.
.PHONY: check-all check-build asan-build
check-all: check-build asan-build
	@PAGEWALK=$(abspath $(BUILD)/pagewalk) CMOCKA_MESSAGE_OUTPUT=TAP UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
		prove --exec '' $(TEST_BINS) $(TEST_BINS:$(BUILD)/%=$(BUILD)/asan/%) cli/tests/golden.sh

check-build: $(TEST_BINS) $(BUILD)/pagewalk layers
asan-build:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPTIMISE=-O1 \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' check-build

# The unit tests alone, of the build at hand.
check: $(TEST_BINS)
	@CMOCKA_MESSAGE_OUTPUT=TAP prove --exec '' $(TEST_BINS)

asan: asan-build
	@CMOCKA_MESSAGE_OUTPUT=TAP prove --exec '' $(TEST_BINS:$(BUILD)/%=$(BUILD)/asan/%)

layers:
	@sh cli/layers.sh

clean:
	rm -rf $(BUILD) demo
