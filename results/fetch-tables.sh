#!/bin/sh
# Gets the ten tables of compare-tables.py from the packages that have them, and writes them as CSV files into a folder:
#   results/fetch-tables.sh FOLDER
# It needs Debian, npm and the network, and what this installs:
#   apt-get install python3-sklearn python3-pandas r-base-core npm
set -eu
if [ $# -ne 1 ]; then
  echo "Expected: fetch-tables.sh FOLDER, the folder for the tables. Received: $# arguments" >&2
  exit 2
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent vega-datasets@3.2.1 >vega.txt
tar xzf "$(cat vega.txt)"
apt-get -qq -o APT::Sandbox::User=root download r-cran-ggplot2
dpkg-deb -x r-cran-ggplot2_*.deb ggplot2
Rscript -e 'tables <- new.env(); lazyLoad("ggplot2/usr/lib/R/site-library/ggplot2/data/Rdata", envir = tables)' \
  -e 'write.csv(as.data.frame(tables$diamonds), "diamonds.csv", row.names = FALSE)' >/dev/null

# JSON becomes CSV with its values as they are. The files of scikit-learn get a header and the names of their labels.
OUT="$out" /usr/bin/python3 - <<'PYTHON'
import csv, json, os
from sklearn import datasets

out = os.environ["OUT"]


def write(name, header, rows):
    with open(os.path.join(out, name + ".csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows, {len(header)} columns")


def from_json(name):
    with open(f"package/data/{name}.json", encoding="utf-8") as file:
        rows = json.load(file)
    header = list(rows[0])
    write(name, header, [["" if row[column] is None else row[column] for column in header] for row in rows])


def from_csv(name, path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    write(name, rows[0], rows[1:])


def from_sklearn(name, bunch, target):
    labels = getattr(bunch, "target_names", None)
    write(name, list(bunch.feature_names) + [target],
          [[f"{v:.12g}" for v in row] + [f"{y:.12g}" if labels is None else labels[y]] for row, y in zip(bunch.data, bunch.target)])


from_csv("diamonds", "diamonds.csv")
for name in "movies", "penguins", "cars":
    from_json(name)
for name in "birdstrikes", "seattle-weather":
    from_csv(name, f"package/data/{name}.csv")
from_sklearn("breast-cancer", datasets.load_breast_cancer(), "diagnosis")
from_sklearn("diabetes", datasets.load_diabetes(scaled=False), "progression")
from_sklearn("digits", datasets.load_digits(), "digit")
from_sklearn("wine", datasets.load_wine(), "class")
PYTHON
echo "The tables are in $out"
