#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The validation cases as a part of `make test`; fewer paths where the build is slow.
case ${BUILD:-} in
*/asan | */tsan | */coverage | */debug) VALIDATE_PATHS=${VALIDATE_PATHS:-2000} && export VALIDATE_PATHS ;;
esac
exec "${PYTHON:-python3}" "$(dirname "$0")/run"
