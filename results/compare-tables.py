#!/usr/bin/python3
"""Compares BERAS's defaults on ten real tables with scikit-learn, on the same rows.

Run it from the project's root after `mvn package`:

    apt-get install python3-sklearn python3-pandas r-base-core npm
    results/fetch-tables.sh FOLDER
    results/compare-tables.py FOLDER --out results/tables.csv

Five seeds (--seeds) each split a table into 80 % to train on and 20 % to test on, classes in proportion. BERAS gets these rows as CSV
files with their columns as they are, and no option but the target and seeds. scikit-learn gets what a data scientist would
make of them: see `features`. Its MLP has its own defaults (`mlp`); `mlp-same` has BERAS's layers, rate and batch size, and
`mlp-stopping` is the same with early_stopping=True. `linear` is ridge or logistic regression, `trees` is HistGradientBoosting.
A table whose target is missing in some rows is used without these rows.

Where few rows are tested, what the first weights happen to be decides as much as the method. So nets are trained on each split of
a small table from five seeds of their own (--trainings), and the value of a split is their mean.

Values of models that `--models` leaves out are taken from the file of `--out`, if it exists. With `--train-options` other
settings of BERAS can be compared. `--java-options "-XX:TieredStopAtLevel=1 -Dberas.simd=off"` gives the same values, sooner on
small tables.
"""
import argparse
import csv
import json
import math
import os
import shlex
import subprocess
import sys
import tempfile
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")  # trees on two threads crawl when others use the cores
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

TEST_SHARE = 0.2
# tables of fewer rows are small: a row to test is a quarter of a per cent or more
SMALL_TABLE = 2000
# BERAS's defaults, which an MLP gets too; batches and rates go by the rows that validation leaves
LAYERS = (64, 32)
FEW_ROWS, SMALL_BATCH, LARGE_BATCH, SMALL_RATE, LARGE_RATE = 10_000, 32, 128, 0.0005, 0.002
VALIDATION_SHARE = 0.2
# between the seeds of the trainings on one split
SEED_STEP = 1000
RAREST_CATEGORY = 5
# one row wrong in one seed is just one standard error
ROUNDING = 1e-9

REGRESSION = ("r2", "mae")
CLASSES = ("accuracy",)
SMALLER_IS_BETTER = {"mae"}
RIVALS = "mlp", "mlp-same", "mlp-stopping"
SIMPLE = "linear", "trees"
MODELS = ("beras",) + RIVALS + SIMPLE


class Table:
    """A file, its target, its measures (the first decides), its dates, and the positive label if there is one."""

    def __init__(self, name, target, measures, dates=(), positive=None):
        self.name, self.target, self.measures, self.dates, self.positive = name, target, measures, dates, positive
        self.is_regression = measures == REGRESSION

    def read(self, folder):
        """All cells as text, and missing ones as nothing."""
        rows = pd.read_csv(os.path.join(folder, self.name + ".csv"), dtype=str, keep_default_na=False)
        if self.name == "birdstrikes":
            # whether there was any damage; the effect and the costs would tell
            rows[self.target] = np.where(rows["Effect Amount of damage"] == "None", "no", "yes")
            rows = rows.drop(columns=["Effect Amount of damage", "Cost Other", "Cost Repair", "Cost Total $"])
        return rows[rows[self.target] != ""].reset_index(drop=True)


TABLES = [
    Table("diamonds", "price", REGRESSION),
    Table("movies", "IMDB Rating", REGRESSION, dates=["Release Date"]),
    Table("birdstrikes", "damaged", ("auc", "accuracy"), dates=["Flight Date"], positive="yes"),
    Table("penguins", "Species", CLASSES),
    Table("seattle-weather", "weather", CLASSES, dates=["date"]),
    Table("breast-cancer", "diagnosis", CLASSES),
    Table("diabetes", "progression", REGRESSION),
    Table("cars", "Miles_per_Gallon", REGRESSION, dates=["Year"]),
    Table("digits", "digit", CLASSES),
    Table("wine", "class", CLASSES),
]


# ---------------------------------------------------------------------------------------------------------- scikit-learn

def features(table, rows):
    """Columns of numbers, of which text is none, and of categories; dates become year, month, day of week and elapsed days."""
    made = pd.DataFrame(index=rows.index)
    for column in rows.columns.drop(table.target):
        text = rows[column].replace("", np.nan)
        if column in table.dates:
            date = pd.to_datetime(text, errors="coerce", format="mixed")
            made[column + " year"] = date.dt.year
            made[column + " month"] = date.dt.month
            made[column + " day of week"] = date.dt.dayofweek
            made[column + " elapsed"] = (date - pd.Timestamp("1970-01-01")).dt.days
        else:
            number = pd.to_numeric(text, errors="coerce")
            made[column] = number if number.notna().sum() == text.notna().sum() else text
    return made


def fit(table, name, seed, x, y):
    numbers = x.select_dtypes("number").columns
    categories = x.columns.difference(numbers, sort=False)
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=RAREST_CATEGORY)
    dense = ColumnTransformer([("numbers", scaled, numbers), ("categories", one_hot, categories)])
    if name == "linear":
        if table.is_regression:
            model = RidgeCV(np.logspace(-3, 3, 13))
        else:
            model = LogisticRegression(max_iter=5000)
    elif name == "trees":
        codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan,
                               max_categories=250)
        dense = ColumnTransformer([("categories", codes, categories), ("numbers", "passthrough", numbers)])
        kind = HistGradientBoostingRegressor if table.is_regression else HistGradientBoostingClassifier
        model = kind(categorical_features=range(len(categories)), random_state=seed)
    else:
        kind = MLPRegressor if table.is_regression else MLPClassifier
        few = len(x) * (1 - VALIDATION_SHARE) <= FEW_ROWS
        same = {} if name == "mlp" else {"hidden_layer_sizes": LAYERS, "learning_rate_init": SMALL_RATE if few else LARGE_RATE,
                                         "batch_size": SMALL_BATCH if few else LARGE_BATCH}
        model = kind(random_state=seed, early_stopping=name == "mlp-stopping", **same)
    if table.is_regression and name != "trees":
        model = TransformedTargetRegressor(model, transformer=StandardScaler())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return make_pipeline(dense, model).fit(x, y)


def target(table, rows):
    return pd.to_numeric(rows[table.target]) if table.is_regression else rows[table.target]


def by_sklearn(table, name, seed, train, test):
    both = features(table, pd.concat([train, test], keys=["train", "test"]))
    model = fit(table, name, seed, both.loc["train"], target(table, train))
    x, y = both.loc["test"], target(table, test)
    predicted = model.predict(x)
    values = {"r2": r2_score, "mae": mean_absolute_error} if table.is_regression else {"accuracy": accuracy_score}
    values = {measure: function(y, predicted) for measure, function in values.items()}
    if table.positive:
        positive = model.predict_proba(x)[:, list(model.classes_).index(table.positive)]
        values["auc"] = roc_auc_score(y == table.positive, positive)
    return values


# ----------------------------------------------------------------------------------------------------------------- BERAS

def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}\nended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def by_beras(table, seed, train, test, options):
    java = ["java", "--add-modules", "jdk.incubator.vector"] + shlex.split(options.java_options) + ["-jar", options.jar]
    with tempfile.TemporaryDirectory() as folder:
        train_csv, test_csv, model = (os.path.join(folder, name) for name in ("train.csv", "test.csv", "model.beras"))
        train.to_csv(train_csv, index=False)
        test.to_csv(test_csv, index=False)
        run(java + ["train", "--data", train_csv, "--target", table.target, "--seed", str(seed), "--split-seed", str(seed),
                    "--out", model, "--force", "--json"] + shlex.split(options.train_options))
        evaluated = run(java + ["evaluate", "--model", model, "--data", test_csv, "--json"])
        found = json.loads(evaluated.splitlines()[-1])
        values = {measure: found[measure] for measure in table.measures if measure != "auc"}
        if table.positive:
            predictions = os.path.join(folder, "predictions.csv")
            run(java + ["predict", "--model", model, "--data", test_csv, "--probabilities", "--out", predictions])
            rows = pd.read_csv(predictions, keep_default_na=False)
            column = [name for name in rows.columns if name.endswith(table.positive)]
            values["auc"] = roc_auc_score(test[table.target] == table.positive, rows[column[0]].astype(float))
    return values


# ---------------------------------------------------------------------------------------------------------------- report

def error(values):
    return np.std(values, ddof=1) / math.sqrt(len(values))


def reaches(measure, ours, theirs):
    """Whether we are at most one standard error behind: of the difference seed by seed, and of their mean."""
    ahead = (ours - theirs) * (-1 if measure in SMALLER_IS_BETTER else 1)
    paired = ahead.mean() >= -error(ahead) - ROUNDING
    plain = ahead.mean() >= -error(theirs) - ROUNDING
    return ahead.mean(), error(ahead), paired, plain


def report(values, tables):
    print("Mean ± standard error (standard deviation) over the seeds, on the rows to test")
    print("data, measure".ljust(28) + "".join(name.rjust(27) for name in MODELS))
    for table in tables:
        for measure in table.measures:
            print(f"{table.name}, {measure}".ljust(28), end="")
            for name in MODELS:
                v = values.get((table.name, measure, name))
                digits = 1 if v is not None and abs(v.mean()) >= 100 else 4
                text = "" if v is None else f"{v.mean():.{digits}f} ± {error(v):.{digits}f} ({np.std(v, ddof=1):.{digits}f})"
                print(text.rjust(27), end="")
            print()
    for rival in RIVALS:
        print()
        print(f"BERAS beside {rival}: how far ahead ± standard error, by pairs; reached within one standard error,"
              " by pairs and of the rival's mean")
        count = reached = 0
        for table in tables:
            for measure in table.measures:
                ours, theirs = (values.get((table.name, measure, name)) for name in ("beras", rival))
                if ours is None or theirs is None:
                    continue
                ahead, spread, paired, plain = reaches(measure, ours, theirs)
                count += measure == table.measures[0]
                reached += paired and measure == table.measures[0]
                print(f"{table.name}, {measure}".ljust(28) + f"{ahead:+11.4f} ± {spread:.4f}".ljust(27)
                      + ("yes" if paired else "NO ").ljust(6) + ("yes" if plain else "NO"))
        print(f"Reached by the first measure of {reached} of {count} tables")
    print()
    print("Best simple model: " + ", ".join(
        f"{table.name} {max(known, key=lambda name: values[table.name, table.measures[0], name].mean())}"
        for table in tables if (known := [name for name in SIMPLE if (table.name, table.measures[0], name) in values])))


def read_values(path):
    if not os.path.exists(path):
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return [(r["data"], r["measure"], r["model"], int(r["seed"]), float(r["value"])) for r in csv.DictReader(file)]


def write_values(path, rows):
    with open(path + ".new", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["data", "measure", "model", "seed", "value"])
        writer.writerows((*row[:4], f"{row[4]:.9g}") for row in rows)
    os.replace(path + ".new", path)


def chosen(text, known, option):
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in known:
            sys.exit(f"{option} takes some of {', '.join(known)}, with commas between. Received: {name}")
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="the tables, as fetch-tables.sh leaves them")
    parser.add_argument("--out", default="results/tables.csv", help="where the values go, default: %(default)s")
    parser.add_argument("--jar", default="beras.jar", help="default: %(default)s")
    parser.add_argument("--tables", default=",".join(table.name for table in TABLES), help="default: %(default)s")
    parser.add_argument("--models", default=",".join(MODELS), help="which to run, none if empty; default: %(default)s")
    parser.add_argument("--seeds", type=int, default=5, help="how many splits, default: %(default)s")
    parser.add_argument("--trainings", type=int, default=5,
                        help="how many of a net on each split of a small table, default: %(default)s")
    parser.add_argument("--train-options", default="", help="more options for BERAS's train")
    parser.add_argument("--java-options", default="", help="more options for java")
    options = parser.parse_args()
    names = chosen(options.tables, [table.name for table in TABLES], "--tables")
    models = chosen(options.models, MODELS, "--models")
    tables = [table for table in TABLES if table.name in names]

    kept = {row[:4]: row for row in read_values(options.out)}
    for table in tables:
        rows = table.read(options.folder)
        for seed in range(1, options.seeds + 1):
            train, test = train_test_split(rows, test_size=TEST_SHARE, random_state=seed,
                                           stratify=None if table.is_regression else rows[table.target])
            for name in models:
                trainings = options.trainings if len(rows) < SMALL_TABLE and name not in SIMPLE else 1
                each = [by_beras(table, own, train, test, options) if name == "beras"
                        else by_sklearn(table, name, own, train, test)
                        for own in range(seed, seed + trainings * SEED_STEP, SEED_STEP)]
                found = {measure: np.mean([one[measure] for one in each]) for measure in table.measures}
                for measure in table.measures:
                    key = table.name, measure, name, seed
                    kept[key] = (*key, found[measure])
                print(f"{table.name} {name} seed {seed}: "
                      + ", ".join(f"{measure} {found[measure]:.4f}" for measure in table.measures), file=sys.stderr)
        order = [table.name for table in TABLES]
        write_values(options.out, sorted(kept.values(), key=lambda row: (order.index(row[0]), row[1], MODELS.index(row[2]),
                                                                         row[3])))

    values = {}
    for data, measure, name, seed, value in sorted(kept.values()):
        values.setdefault((data, measure, name), []).append(value)
    report({key: np.array(v) for key, v in values.items()}, tables)


if __name__ == "__main__":
    main()
