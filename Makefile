# SPDX-License-Identifier: GPL-3.0-or-later
# pricesim: build, test, install. `make help` lists what there is.
#
#   make [VARIANT=release|debug|asan|tsan|coverage] [MPI=1] [CC=...] [CFLAGS=...] [WERROR=1] [V=1] [target]

VERSION    := $(shell sed -n 's/^.define PS_VERSION "\(.*\)"/\1/p' src/base/version.h)
VARIANT    ?= release
PREFIX     ?= /usr/local
DESTDIR    ?=
INSTALL    ?= install
PKG_CONFIG ?= pkg-config
OBJCOPY    ?= objcopy
# Debian's own Python sees Debian's modules, whatever else is first in PATH.
PYTHON     ?= $(firstword $(wildcard /usr/bin/python3) python3)
BUILD      := build/$(VARIANT)
SCENARIO   ?= scenarios/default.json

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all programs run test run-tests test-reports screenshots bench bench-numpy instructions matrix validate coverage docs-check mpi-is-missing format lint install uninstall clean help FORCE
.DEFAULT_GOAL := all

# ---- flags -----------------------------------------------------------------------------------------------------------

CFLAGS_release  := -O3
CFLAGS_debug    := -O0 -g3
CFLAGS_asan     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS_tsan     := -O1 -g -fsanitize=thread
CFLAGS_coverage := -O0 -g --coverage
# Instrumented code makes gcc's flow warnings (-Wformat-truncation) err: there they stay warnings.
CFLAGS_asan     += -Wno-error
CFLAGS_tsan     += -Wno-error
ifeq ($(filter $(VARIANT),release debug asan tsan coverage),)
$(error VARIANT is release, debug, asan, tsan or coverage, not '$(VARIANT)')
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wcast-qual -Wwrite-strings -Wvla
ifneq ($(filter true 1,$(CI) $(WERROR)),)
WARNINGS += -Werror
endif

# The same scenario and seed give the same bytes on every machine: no option may let the compiler change a result.
INEXACT := -ffast-math -Ofast -funsafe-math-optimizations -fassociative-math -freciprocal-math -ffinite-math-only \
           -fno-signed-zeros -ffp-contract=fast -ffp-contract=on -ffp-model=fast -mrecip
INEXACT_USED := $(filter $(INEXACT),$(CC) $(CFLAGS) $(CPPFLAGS))
ifneq ($(INEXACT_USED),)
$(error $(INEXACT_USED) in CC, CFLAGS or CPPFLAGS would change results: they are the same bytes everywhere, or wrong)
endif
EXACT := -fno-fast-math -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-lto

PACKAGES       := gsl libcjson xlsxwriter libzip expat
PACKAGES_FOUND := $(shell $(PKG_CONFIG) --exists $(PACKAGES) 2>/dev/null && echo yes)
PACKAGE_CFLAGS := $(if $(PACKAGES_FOUND),$(shell $(PKG_CONFIG) --cflags $(PACKAGES)))
PACKAGE_LIBS   := $(if $(PACKAGES_FOUND),$(shell $(PKG_CONFIG) --libs $(PACKAGES))) -lunistring -lm
MPI_FOUND      := $(shell $(PKG_CONFIG) --exists ompi-c 2>/dev/null && echo yes)
MPI_CFLAGS     := $(if $(MPI_FOUND),$(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags-only-I ompi-c)))
MPI_LIBS       := $(if $(MPI_FOUND),$(shell $(PKG_CONFIG) --libs ompi-c))
CHECK_LIBS     := $(shell $(PKG_CONFIG) --libs check 2>/dev/null)

# A user's CFLAGS come after the project's own, the exactness of results after both.
ALL_CPPFLAGS = -Isrc -D_GNU_SOURCE $(ISA_DEFINES) $(PACKAGE_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS    = -std=c11 -pthread -fopenmp-simd $(WARNINGS) $(CFLAGS_$(VARIANT)) $(CFLAGS) $(EXACT)
COMPILE       = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c
Q            := $(if $(V),,@)

# ---- instruction sets ------------------------------------------------------------------------------------------------
# The files on the result path are compiled once per instruction set; of each set only its entry point stays visible,
# ps_hot_run renamed to ps_hot_run_<isa>, and src/engine/isa.c picks one when the program runs. Elsewhere than on x86-64,
# without objcopy, and under sanitizers there is one set, ps_hot_run itself (PS_ONE_ISA).

# The loops over periods keep more in 32 registers when GCC orders instructions with an eye on them and carries less from
# one period to the next: 4 % of PS-BENCH-1 (time of the process, 11 alternating runs). The same bits.
SCHEDULE    := -fschedule-insns -fsched-pressure -fno-gcse -fno-tree-pre
accepts     = $(shell $(CC) -Werror $(1) -E -x c /dev/null >/dev/null 2>&1 && echo yes)
if_accepted = $(if $(call accepts,$(1)),$(1))

MARCH_baseline :=
MARCH_v3       := -march=x86-64-v3
MARCH_v4       := -march=x86-64-v4 -mprefer-vector-width=512 $(call if_accepted,$(SCHEDULE))
HOT            := $(sort $(wildcard src/math/*.c src/model/*.c src/model/*/*.c src/engine/hot_*.c))

PS_ISAS := baseline
ifeq ($(VARIANT)-$(firstword $(subst -, ,$(shell $(CC) -dumpmachine))),release-x86_64)
ifneq ($(shell command -v $(OBJCOPY)),)
PS_ISAS += $(foreach isa,v3 v4,$(if $(call accepts,$(MARCH_$(isa))),$(isa)))
endif
endif

ifeq ($(PS_ISAS),baseline)
ISA_DEFINES := -DPS_ONE_ISA
HOT_SETS    :=
else
ISA_DEFINES := -DPS_HAVE_ISA_BASELINE $(if $(filter v3,$(PS_ISAS)),-DPS_HAVE_ISA_V3) $(if $(filter v4,$(PS_ISAS)),-DPS_HAVE_ISA_V4)
HOT_SETS    := $(PS_ISAS:%=$(BUILD)/hot_%.o)
endif

# ---- what is built ---------------------------------------------------------------------------------------------------
# Every .c under src/ but the main program is in the library; every tests/<kind>/*.c is a program of its own.

# The program is linked with wire_none, or as pricesim-mpi with wire_mpi: nothing else differs.

SOURCES  := $(sort $(shell find src -name '*.c'))
WIRES    := src/app/wire_none.c src/app/wire_mpi.c
LIB_OBJ  := $(patsubst %.c,$(BUILD)/%.o,$(filter-out src/app/main.c $(WIRES),$(SOURCES)))
MAIN_OBJ := $(BUILD)/src/app/main.o
LIB      := $(BUILD)/libpricesim.a
TESTS    := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/*/*.c)))

PROGRAM  := $(if $(filter release,$(VARIANT)),build,$(BUILD))/pricesim

all: $(PROGRAM) $(if $(MPI),$(PROGRAM)-mpi)

# Tests take MPI where it is.
programs: all $(TESTS) $(if $(MPI_FOUND),$(PROGRAM)-mpi)

build/pricesim build/pricesim-mpi: build/%: build/release/%
	@cp -f $< $@

$(BUILD)/pricesim: $(MAIN_OBJ) $(BUILD)/src/app/wire_none.o $(LIB)
	@echo '  LINK    $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) $(LDLIBS)

$(BUILD)/pricesim-mpi: $(MAIN_OBJ) $(BUILD)/src/app/wire_mpi.o $(LIB)
	@echo '  LINK    $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) $(MPI_LIBS) $(LDLIBS)

$(BUILD)/src/app/wire_mpi.o: ALL_CPPFLAGS += $(MPI_CFLAGS)
$(BUILD)/src/app/wire_mpi.o: | $(if $(MPI_FOUND),,mpi-is-missing)
mpi-is-missing:
	@echo 'Open MPI is missing: `make run MPI=1` or `.ci/need.sh mpi` installs it or says what it is called' >&2; exit 1

$(LIB): $(LIB_OBJ) $(HOT_SETS)
	@echo '  AR      $@'
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC      $@'
	$(Q)$(COMPILE) -o $@ $<

# The starter scenario is a file of its own, embedded.
$(BUILD)/src/app/cmd_init.o: scenarios/minimal.json

# The page of HTML reports: its modules put together into one script, imports and exports taken out, and ECharts packed,
# for browsers unpack it. What stands before the data and what stands after it are embedded.
PAGE         := src/report/page
PAGE_MODULES := $(addprefix $(PAGE)/,preact.js format.js export.js charts.js tips.js tables.js laws.js rivals.js page.js)
PAGE_VENDOR  := $(wildcard $(PAGE)/vendor/*)

$(BUILD)/page_head.html: $(PAGE)/head.html $(PAGE)/page.css
	@mkdir -p $(@D)
	$(Q){ cat $(PAGE)/head.html; echo '<style>'; cat $(PAGE)/page.css; echo '</style>'; } >$@

$(BUILD)/page_tail.html: $(PAGE_MODULES) $(PAGE_VENDOR)
	@mkdir -p $(@D)
	$(Q){ printf '<script type="text/plain" id="echarts">'; \
	    { echo '/*'; cat $(PAGE)/vendor/*.LICENSE $(PAGE)/vendor/*.NOTICE; echo '*/'; cat $(PAGE)/vendor/echarts.min.js; } | \
	        gzip -9n | base64 | tr -d '\n'; \
	    printf '</script>\n<script>\n'; cat $(PAGE)/vendor/htm-preact.js; printf '\n</script>\n<script type="module">\n'; \
	    sed -e '/^import /d' -e 's/^export //' $(PAGE_MODULES); printf '</script>\n</body>\n</html>\n'; } >$@

$(BUILD)/src/report/html.o: $(BUILD)/page_head.html $(BUILD)/page_tail.html
$(BUILD)/src/report/html.o: ALL_CPPFLAGS += -Wa,-I$(BUILD)

# The baseline set is made of the library's own objects.
$(BUILD)/hot_baseline.o: $(HOT:%.c=$(BUILD)/%.o)

define hot_set
$(BUILD)/hot_$(1)/%.o: %.c $(BUILD)/flags
	@mkdir -p $$(@D)
	@echo '  CC      $$@'
	$$(Q)$$(COMPILE) $$(MARCH_$(1)) -o $$@ $$<

$(BUILD)/hot_$(1).o: $(HOT:%.c=$(BUILD)/hot_$(1)/%.o)
endef
$(foreach isa,$(filter-out baseline,$(PS_ISAS)),$(eval $(call hot_set,$(isa))))

$(BUILD)/hot_%.o:
	@echo '  HOT     $@'
	$(Q)$(CC) -r -nostdlib -o $@.tmp $^
	$(Q)$(OBJCOPY) --redefine-sym ps_hot_run=ps_hot_run_$* --keep-global-symbol=ps_hot_run_$* $@.tmp $@
	$(Q)rm -f $@.tmp

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIB)
	@echo '  LINK    $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(PACKAGE_LIBS) $(LDLIBS)

# Rebuild everything when the compile line changes. Missing libraries are said here, once, before the first compilation.
FLAGS_LINE = $(COMPILE) $(MARCH_v3) $(MARCH_v4) $(PS_ISAS) $(LDFLAGS) $(LDLIBS)
$(BUILD)/flags: FORCE
	$(if $(PACKAGES_FOUND),,$(error Libraries are missing: `make run` or `.ci/need.sh build` installs them or says what they are))
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS_LINE))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(FLAGS_LINE))' >$@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# ---- what to do with it ----------------------------------------------------------------------------------------------
# What is missing is installed first; then a second make sees it.

JOBS  = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell n=$$(getconf _NPROCESSORS_ONLN) && [ $$n -lt 8 ] || n=8; echo $$n))
AGAIN = $(MAKE) --no-print-directory $(JOBS)
NEED  = CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' PYTHON='$(PYTHON)' .ci/need.sh

run:
	@$(NEED) build $(if $(MPI),mpi)
	@$(AGAIN) all >&2
	build/pricesim run $(SCENARIO)

test:
	@$(NEED) build test $(if $(MPI),mpi)
	@$(NEED) mpi 2>/dev/null || echo 'Open MPI cannot be installed here: its tests will be skipped' >&2
	@$(AGAIN) programs
	@$(MAKE) --no-print-directory run-tests

run-tests:
	@BUILD='$(BUILD)' PYTHON='$(PYTHON)' CC='$(CC)' tests/run.sh $(PARTS)

# What ships needs no npm; a browser is driven by a package of it, pinned in package-lock.json.
BROWSER := build/npm/installed
$(BROWSER): $(PAGE)/package.json $(PAGE)/package-lock.json
	@mkdir -p $(@D)
	@cp $^ $(@D)
	@cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

test-reports:
	@$(NEED) build reports
	@$(AGAIN) all $(BROWSER)
	@$(MAKE) --no-print-directory run-tests PARTS=reports

screenshots:
	@$(NEED) build reports
	@$(AGAIN) all $(BROWSER)
	@node tests/reports/screenshots.mjs

# The whole table, in about three minutes; PEERS=1 installs the other programs first. bench-numpy compares with NumPy alone.
bench:
	@$(NEED) build bench $(if $(PEERS),peers)
	@$(AGAIN) all
	@PYTHON='$(PYTHON)' CC='$(CC)' tests/bench/run.sh bench $(BENCH)

bench-numpy:
	@$(NEED) build bench
	@$(AGAIN) all
	@PYTHON='$(PYTHON)' CC='$(CC)' tests/bench/run.sh bench-numpy $(BENCH)

# Of the release program; ACCEPT=1 writes what is counted into tests/bench/instructions.tsv.
instructions:
	@$(NEED) build instructions
	@$(AGAIN) all
	@CC='$(CC)' $(PYTHON) tests/bench/instructions.py $(if $(ACCEPT),--accept)

# The result path compiled in many ways: the same bits.
matrix:
	@$(NEED) build matrix
	@$(AGAIN) all
	@MATRIX_HOT='$(HOT)' MATRIX_FLAGS='-Isrc -D_GNU_SOURCE $(PACKAGE_CFLAGS) -std=c11 -pthread -fopenmp-simd -w $(EXACT)' \
	    MATRIX_REST='$(MAIN_OBJ) $(filter-out $(HOT:%.c=$(BUILD)/%.o) $(BUILD)/src/engine/isa.o,$(LIB_OBJ)) $(BUILD)/src/app/wire_none.o' \
	    MATRIX_LIBS='$(PACKAGE_LIBS)' sh tests/determinism/matrix.sh

CASES ?= tests/validation/cases
validate:
	@$(NEED) build test
	@$(AGAIN) programs $(BUILD)/tests/validation/library
	@PRICESIM='$(abspath $(BUILD))/pricesim' BUILD='$(abspath $(BUILD))' $(PYTHON) tests/validation/run '$(CASES)'

coverage:
	@rm -rf build/coverage
	@$(MAKE) --no-print-directory test VARIANT=coverage
	@.ci/coverage.sh

docs-check:
	@$(NEED) build test
	@$(AGAIN) all
	@BUILD='$(BUILD)' PYTHON='$(PYTHON)' tests/run.sh docs

CLANG_FORMAT ?= $(shell command -v clang-format-14)
format:
	@[ -n '$(CLANG_FORMAT)' ] || { echo 'make format needs clang-format-14' >&2; exit 1; }
	find src tests -name '*.[ch]' -exec $(CLANG_FORMAT) -i {} +
	@# a second pass settles the comments that the first one moved
	@find src tests -name '*.[ch]' -exec $(CLANG_FORMAT) -i {} +

lint:
	@.ci/lint.sh

# ---- install ---------------------------------------------------------------------------------------------------------

MAN_PAGES := $(wildcard docs/*.1)
DOCS      := $(wildcard README.md CHANGELOG.md LICENSE) $(sort $(shell find docs -name '*.md' -o -name '*.svg' -o -name '*.png' 2>/dev/null))
EXAMPLES  := $(sort $(shell find scenarios examples -type f 2>/dev/null))
DATA       = $(DESTDIR)$(PREFIX)/share
# Files keep their place in the tree, so that links between them hold.
put = for file in $(1); do $(INSTALL) -d "$(2)/$$(dirname $$file)" && $(INSTALL) -m 644 $$file "$(2)/$$file" || exit 1; done

install: all
	$(INSTALL) -d '$(DESTDIR)$(PREFIX)/bin'
	$(INSTALL) -m 755 $(BUILD)/pricesim '$(DESTDIR)$(PREFIX)/bin/pricesim'
	$(if $(MPI),$(INSTALL) -m 755 $(BUILD)/pricesim-mpi '$(DESTDIR)$(PREFIX)/bin/pricesim-mpi')
	$(if $(MAN_PAGES),$(INSTALL) -d '$(DATA)/man/man1' && $(INSTALL) -m 644 $(MAN_PAGES) '$(DATA)/man/man1/')
	@$(call put,$(DOCS),$(DATA)/doc/pricesim)
	@$(call put,$(EXAMPLES),$(DATA)/pricesim)

uninstall:
	rm -f '$(DESTDIR)$(PREFIX)/bin/pricesim' '$(DESTDIR)$(PREFIX)/bin/pricesim-mpi' $(foreach m,$(MAN_PAGES),'$(DATA)/man/man1/$(notdir $(m))')
	rm -rf '$(DATA)/doc/pricesim' '$(DATA)/pricesim'

clean:
	rm -rf build

help:
	@echo 'make                     build build/pricesim'
	@echo 'make MPI=1               build build/pricesim-mpi as well, for many machines (docs/scale.md)'
	@echo 'make run                 install what is missing, build, run scenarios/default.json (SCENARIO=FILE: another)'
	@echo 'make test                install what is missing, build, run all tests (PARTS="unit golden": only these)'
	@echo 'make test-reports        install what is missing, test reports in a browser and in LibreOffice'
	@echo 'make screenshots         take the pictures of reports in docs/images again'
	@echo 'make validate CASES=DIR  compare with the published cases in DIR'
	@echo 'make bench               speed and memory: other programs, limit, scaling, profile (BENCH="--quick peers limit"; PEERS=1)'
	@echo 'make bench-numpy         speed and memory against NumPy (BENCH="--paths 10000 --repeat 3 --require 5")'
	@echo 'make instructions        compare the instructions of fixed runs with their limits (ACCEPT=1: write new ones)'
	@echo 'make matrix              the result path by gcc and clang, -O0 to -O3, three instruction sets: the same bits'
	@echo 'make coverage            run all tests and show the part of the lines that they reach'
	@echo 'make docs-check          run the commands and check the files that the documentation shows'
	@echo 'make lint                style, layers, banned calls, sizes, shell scripts'
	@echo 'make format              format src and tests with clang-format-14'
	@echo 'make install             into PREFIX=$(PREFIX), below DESTDIR if given; make uninstall takes it away'
	@echo 'make clean               remove build/'
	@echo
	@echo 'VARIANT=release|debug|asan|tsan|coverage builds in build/VARIANT; WERROR=1 makes warnings errors; V=1 shows commands.'
	@echo 'This build: $(VARIANT), instruction sets $(PS_ISAS), version $(VERSION).'
