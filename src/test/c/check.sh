#!/bin/sh
# Repeats the golden traces by replay.c and compares all lines:
#
#     src/test/c/check.sh gcc -O3 -ffp-contract=off                        compiler and options; in the project's folder or elsewhere
#     RUN=qemu-aarch64 src/test/c/check.sh aarch64-linux-gnu-gcc -static -O2 -ffp-contract=off
#     src/test/c/check.sh --renew gcc -O3 -ffp-contract=off                writes them, for a new version of the arithmetic
#
# The first line of each trace has the arguments. A new version is raised in Version.java, replay.c and the page on the arithmetic, and
# the folder of the traces is renamed.
set -eu
cd "$(dirname "$0")/../../.."
renew=
if [ "$1" = --renew ]; then renew=1; shift; fi
version=$(sed -n 's/^#define VERSION //p' src/test/c/replay.c)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$@" -std=c99 -Wall -Wextra -Werror -o "$work/replay" src/test/c/replay.c -lm
for golden in src/test/resources/beras/bits/arithmetic-"$version"/*.trace; do
  head -1 "$golden" > "$work/trace"
  # shellcheck disable=SC2046,SC2086 # the arguments are several words
  ${RUN:-} "$work/replay" $(sed -n '1s/^# replay //p' "$golden") trace=1 >> "$work/trace" 2> /dev/null
  if [ -n "$renew" ]; then
    cp "$work/trace" "$golden"
  elif ! cmp -s "$golden" "$work/trace"; then
    echo "$golden: other bits by $*, the first of which are" >&2
    diff "$golden" "$work/trace" | sed -n '2p;/^---$/{n;p;q;}' >&2
    exit 1
  fi
  echo "$(basename "$golden" .trace): the same, $(grep -c . "$golden") lines"
done
