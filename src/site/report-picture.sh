#!/usr/bin/env bash
# Draws src/site/resources/images/report.png: the report of a training of the default net, as Chromium shows it.
# Run it in the top folder after `mvn package`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

./beras train --validation-split 0.1 --run "$work/digits" >/dev/null
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 --window-size=1000,800 \
    --user-data-dir="$work/profile" --screenshot="$work/report.png" "file://$work/digits/report.html" 2>/dev/null
mkdir -p src/site/resources/images
mv "$work/report.png" src/site/resources/images/report.png
