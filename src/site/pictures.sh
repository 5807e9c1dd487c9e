#!/usr/bin/env bash
# Draws what a terminal and Chromium show of the current build, in light and dark, wide and as on a phone: commands, reports of training
# runs, and the pages of `serve`. Run it in the top folder after `mvn package`; the pictures come into target/pictures, or the folder that is given.
# src/site/resources/images has those that documents show: copy them there if they have changed.
set -euo pipefail
out=${1:-target/pictures}
work=$(mktemp -d)
servers=()
finish() {
    [ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
mkdir -p "$out"
ln -s "$PWD/beras" "$PWD/beras.jar" "$PWD/data" "$work"

# draw NAME HEIGHT PHONE-HEIGHT ADDRESS: NAME-light.png, NAME-dark.png, NAME-phone-light.png, NAME-phone-dark.png
draw() {
    for scheme in dark light; do
        shot "$1-$scheme" $scheme "1200,$2" "$4"
        shot "$1-phone-$scheme" $scheme "390,$3" "$4"
    done
}

shot() {
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 --window-size="$3" \
        "--blink-settings=preferredColorScheme=$([ "$2" = dark ] && echo 0 || echo 1)" --virtual-time-budget=5000000 \
        --user-data-dir="$work/profile" --screenshot="$work/picture.png" "$4" 2>/dev/null
    mv "$work/picture.png" "$out/$1.png"
}

# terminal NAME HEIGHT COMMAND...: what the commands print on a terminal of 80 columns
terminal() {
    {
        echo '<meta charset="utf-8"><style>:root{color-scheme:light dark}pre{margin:24px;width:80ch;white-space:pre-wrap;word-break:break-all;font:15px/1.45 monospace}
            .c1{font-weight:700}.c31{color:#c33}.c32{color:#2a2}.c33{color:#a70}</style><pre>'
        for command in "${@:3}"; do
            echo "<span class=c1>\$ $(sed 's/&/\&amp;/g;s/</\&lt;/g' <<<"$command")</span>"
            TERM=xterm script -qec "cd $work; stty cols 80; $command" /dev/null | perl -pe \
                's/\r?\n$//; s/.*\r//; s/\e\[K//g; s/&/&amp;/g; s/</&lt;/g; s/\e\[(?:0|39|22)?m/<\/span>/g; s/\e\[([\d;]+)m/<span class=c$1>/g; $_ .= "\n"'
        done
        echo '</pre>'
    } >"$work/terminal.html"
    for scheme in dark light; do
        shot "$1-$scheme" $scheme "780,$2" "file://$work/terminal.html"
    done
}

# serve MODEL: sets $address
serve() {
    ./beras serve "$1" --port 0 >"$work/address" 2>"$work/errors" &
    servers+=($!)
    for _ in $(seq 300); do
        [ -s "$work/address" ] && break
        sleep 0.1
    done
    address=$(cat "$work/address")
}

# An SVG of the intervals of every eighth penguin, by a model that the others train; rows in the order of the predictions
intervals() {
    awk -v out="$work/some" -F , '{ if (FNR == 1 || FNR % 8) print > (out "-train.csv"); if (FNR == 1 || FNR % 8 == 0) print > (out "-test.csv") }' data/penguins.csv
    ./beras train --data "$work/some-train.csv" --target body_mass_g --out "$work/mass.beras" >/dev/null 2>&1
    ./beras predict "$work/mass.beras" --data "$work/some-test.csv" --keep body_mass_g --interval 0.9 2>/dev/null | sort -t , -n -k 3 | awk -F , '
        function y(g) { return 300 - (g - 2500) / 15 }
        $1 + 0 && $2 != "" { x = 60 + ++n * 10; inside += $2 >= $4 && $2 <= $5
            marks = marks sprintf("<path d=\"M%d %.1fV%.1f\"/><circle class=\"%s\" cx=\"%d\" cy=\"%.1f\" r=\"3.2\"/>\n", x, y($4), y($5), $2 >= $4 && $2 <= $5 ? "in" : "out", x, y($2)) }
        END { print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 520 330\" width=\"520\" height=\"330\" role=\"img\"><style>" \
                "svg{font:13px system-ui,sans-serif;color:#1b1f24;background:#fff}text{fill:currentColor}path{stroke:#8c959f;stroke-width:4;stroke-opacity:.6}.in{fill:#0072b2}.out{fill:#d55e00}" \
                "@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#121212}.in{fill:#56b4e9}}</style>"
            for (g = 3000; g <= 6000; g += 1000) printf "<text x=\"10\" y=\"%d\">%d g</text>\n", y(g) + 4, g
            print marks "<text x=\"60\" y=\"20\">body_mass_g of " n " new penguins: " inside " are within the 90 % interval</text></svg>" }'
}

terminal terminal-train 820 "./beras train --data data/penguins.csv --target species --out species.beras"
terminal terminal-evaluate 640 "./beras evaluate species.beras --data data/penguins.csv --rows validation"
terminal terminal-help 560 "./beras train -h"
./beras train --validation-split 0.1 --run "$work/digits" >/dev/null
draw report-digits 1000 1600 "file://$work/digits/report.html"
./beras train --epochs 2 --out "$work/digits.beras" >/dev/null
./beras evaluate "$work/digits.beras" --pictures "$out/digits.png" --plots "$work/plots" --force >/dev/null
./beras train --data data/penguins.csv --target species --run "$work/penguins" >/dev/null
./beras explain "$work/penguins/model.beras" --data data/penguins.csv --plots "$work/dependence" >/dev/null
intervals >"$out/intervals.svg"
cp "$work/plots/confusion.svg" "$out"
cp "$work/dependence/dependence1.svg" "$out/dependence.svg"
draw report-penguins 1000 1600 "file://$work/penguins/report.html"
serve "$work/penguins/model.beras"
draw page-row 800 1250 "$address"
serve src/test/resources/digits/digits.beras
draw page-empty 860 1150 "$address"
draw page-digit 860 1600 "$address#8"
draw page-table 900 1450 "$address#table"
draw page-sudoku 900 1800 "$address#sudoku"
draw page-api 900 1200 "${address}api"
