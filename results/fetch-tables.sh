#!/bin/sh
# Gets the tables of compare-tables.py from the packages that have them, and writes them as CSV files into a folder:
#   results/fetch-tables.sh FOLDER
# It needs Debian 13, the network, and what this installs:
#   apt-get install python3-sklearn r-base-core npm
# The packages of R are unpacked, not installed: only their data are read.
set -eu
if [ $# -ne 1 ]; then
  echo "Expected: fetch-tables.sh FOLDER, the folder for the tables. Received: $# arguments" >&2
  exit 2
fi
for tool in apt-get dpkg-deb npm Rscript; do
  command -v "$tool" >/dev/null || {
    echo "Expected: the command $tool, see the first lines of $0. Received: no such command" >&2
    exit 1
  }
done
/usr/bin/python3 -c 'import sklearn' || {
  echo "Expected: scikit-learn of /usr/bin/python3; install python3-sklearn" >&2
  exit 1
}
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent vega-datasets@3.2.1 >vega.txt
tar xzf "$(cat vega.txt)"
for package in ggplot2 modeldata mlbench; do
  apt-get -qq -o APT::Sandbox::User=root download "r-cran-$package"
  dpkg-deb -x "r-cran-${package}"_*.deb "$package"
done

cat >export.R <<'R'
# Data of a package are one database (Rdata.rdb), or a file for each table.
export <- function(package, ...) {
  folder <- file.path(package, "usr/lib/R/site-library", package, "data")
  tables <- new.env()
  if (file.exists(file.path(folder, "Rdata.rdb"))) {
    lazyLoad(file.path(folder, "Rdata"), envir = tables)
  } else {
    for (name in c(...)) load(file.path(folder, paste0(name, ".rda")), envir = tables)
  }
  for (name in c(...)) {
    write.csv(as.data.frame(tables[[name]]), paste0(name, ".csv"), row.names = FALSE, na = "")
  }
}
export("ggplot2", "diamonds")
export("modeldata", "ames", "attrition", "concrete", "wa_churn", "deliveries", "credit_data")
export("mlbench", "Vehicle", "LetterRecognition")
R
Rscript export.R >/dev/null

# JSON becomes CSV with its values as they are. The files of scikit-learn get a header and the names of their labels.
OUT="$out" /usr/bin/python3 - <<'PYTHON'
import csv, json, os, sys
from sklearn import datasets

out = os.environ["OUT"]
# rows of the versions that results/tables.md measures
ROWS = {"diamonds": 53940, "movies": 3201, "birdstrikes": 10000, "penguins": 344, "seattle-weather": 1461, "cars": 406,
        "breast-cancer": 569, "diabetes": 442, "digits": 1797, "wine": 178, "ames": 2930, "attrition": 1470, "concrete": 1030,
        "wa_churn": 7043, "deliveries": 10012, "credit_data": 4454, "Vehicle": 846, "LetterRecognition": 20000}


def write(name, header, rows):
    if len(rows) != ROWS[name]:
        sys.exit(f"{name}: expected {ROWS[name]} rows. Received: {len(rows)}; has its package another version?")
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
          [[f"{v:.12g}" for v in row] + [f"{y:.12g}" if labels is None else labels[y]]
           for row, y in zip(bunch.data, bunch.target)])


for name in ("diamonds", "ames", "attrition", "concrete", "wa_churn", "deliveries", "credit_data", "Vehicle",
             "LetterRecognition"):
    from_csv(name, f"{name}.csv")
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
