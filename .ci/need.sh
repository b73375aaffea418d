#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # the tests are called through need()
# Makes sure that what a group of tasks needs is there: need.sh [build] [test] [mpi] [reports] [bench] [peers] [instructions] [matrix] [lint]
#
# On Debian and its relatives missing packages are installed through apt-get (with sudo when not root); elsewhere the
# script says what is missing and under which names it is packaged. It looks for the thing itself (a library, a header,
# a module), not for a package, so that what came another way counts.
set -u

cc=${CC:-cc}
pkg_config=${PKG_CONFIG:-pkg-config}
missing=''

has_program() { command -v "$1" >/dev/null 2>&1; }
has_library() { has_program "$pkg_config" && "$pkg_config" --exists "$1"; }
has_header() { echo "#include <$1>" | $cc -x c -E - >/dev/null 2>&1; }

# Called again after an installation, which may have brought the Python.
has_module()
{
    python=${PYTHON:-python3}
    [ ! -x /usr/bin/python3 ] || [ "$python" != python3 ] || python=/usr/bin/python3
    has_program "$python" && "$python" -c "import $1" >/dev/null 2>&1
}

has_chinese_font() { has_program fc-list && [ -n "$(fc-list :lang=zh)" ]; }

need() # Debian package, then a test
{
    package=$1
    shift
    "$@" || missing="$missing $package"
}

look()
{
    missing=''
    for group in "$@"; do
        case $group in
        build)
            need libc6-dev has_header stdio.h
            need pkg-config has_program "$pkg_config"
            need libgsl-dev has_library gsl
            need libcjson-dev has_library libcjson
            need libxlsxwriter-dev has_library xlsxwriter
            need libzip-dev has_library libzip
            need libexpat1-dev has_library expat
            need libunistring-dev has_header uniwidth.h
            ;;
        test)
            need check has_library check
            need libsubunit-dev has_header subunit/child.h
            need librandom123-dev has_header Random123/philox.h
            need python3 has_module json
            need python3-jsonschema has_module jsonschema
            ;;
        reports)
            need nodejs has_program node
            need npm has_program npm
            need chromium has_program chromium
            need libreoffice-calc has_program soffice
            need poppler-utils has_program pdftotext
            need fontconfig has_program fc-list
            need fonts-noto-cjk has_chinese_font
            ;;
        mpi)
            need libopenmpi-dev has_library ompi-c
            need openmpi-bin has_program mpirun
            ;;
        bench)
            need python3-numpy has_module numpy
            ;;
        peers)
            need python3-numba has_module numba
            need r-base-core has_program Rscript
            need octave has_program octave-cli
            need pypy3 has_program pypy3
            ;;
        instructions)
            need valgrind has_program valgrind
            ;;
        matrix)
            need gcc has_program gcc
            need clang has_program clang
            ;;
        lint)
            need clang-format-14 has_program clang-format-14
            need shellcheck has_program shellcheck
            ;;
        *)
            echo "need.sh: groups are build, test, mpi, reports, bench, peers, instructions, matrix and lint, not '$group'" >&2
            exit 2
            ;;
        esac
    done
}

names()
{
    cat >&2 <<TEXT
pricesim needs what is not installed here. Missing, by Debian's names:$missing

to build
  libc6-dev            the C library's headers
  pkg-config           pkg-config or pkgconf
  libgsl-dev           GNU Scientific Library (Fedora gsl-devel, Arch and Homebrew gsl)
  libcjson-dev         cJSON (Fedora cjson-devel, Arch and Homebrew cjson)
  libxlsxwriter-dev    libxlsxwriter (Fedora libxlsxwriter-devel, Arch and Homebrew libxlsxwriter)
  libzip-dev           libzip (Fedora libzip-devel, Arch and Homebrew libzip)
  libexpat1-dev        Expat (Fedora expat-devel, Arch and Homebrew expat)
  libunistring-dev     GNU libunistring (Fedora libunistring-devel, Arch and Homebrew libunistring)
to test
  check                Check (Fedora check-devel, Arch and Homebrew check)
  libsubunit-dev       Subunit, where Check is built with it
  librandom123-dev     Random123, headers only
  python3              Python 3.9 or later
  python3-jsonschema   its module jsonschema
for runs over many machines
  libopenmpi-dev       Open MPI (Fedora openmpi-devel, Arch openmpi, Homebrew open-mpi)
  openmpi-bin          its mpirun
to test reports in a browser and in LibreOffice
  nodejs, npm          Node.js 18 or later
  chromium             the browser
  libreoffice-calc     opens workbooks
  poppler-utils        reads the pages that it prints
  fonts-noto-cjk       a font with Chinese
for the benchmark
  python3-numpy        its module numpy
to compare with other programs
  python3-numba, r-base-core, octave, pypy3
to count instructions
  valgrind
to compare compilers
  gcc, clang
to check the style
  clang-format-14, shellcheck
TEXT
}

install()
{
    as_root=''
    if [ "$(id -u)" != 0 ]; then
        has_program sudo || return 1
        as_root=sudo
    fi
    echo "Installing$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # Standard output belongs to the caller's answer; apt-get's errors go to standard error.
    # shellcheck disable=SC2086 # one word per package
    $as_root apt-get update -qq >/dev/null &&
        $as_root apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 \
            -o DPkg::Lock::Timeout=300 $missing </dev/null >/dev/null
}

look "$@"
[ -n "$missing" ] || exit 0
if has_program apt-get && install; then
    look "$@"
    [ -n "$missing" ] || exit 0
fi
names
exit 1
