#!/usr/bin/python3
"""Compares BERAS's defaults on 18 real tables with those of scikit-learn and XGBoost, on the same rows.

Run it from the project's root after `mvn package`:

    apt-get install python3-sklearn python3-pandas python3-xgboost r-base-core npm
    results/fetch-tables.sh FOLDER
    results/compare-tables.py FOLDER > comparison.md

Each of five seeds (--seeds) splits a table into 80 % to train on and 20 % to test on, labels in proportion; the seed and the
table alone decide the split. BERAS gets these rows as CSV files with their columns as they are, and no option but the target
and seeds. The others get what a data scientist would make of the columns: see `features` and `pipeline`. Otherwise they have
their defaults and the seed. Rows without a target are left out.

The first measure of a table decides: r2 of amounts, auc of two labels, accuracy of more. `cpu_seconds` is user and system time
of training and prediction: of BERAS that of the processes `train` and `evaluate`, with their start and the reading of files; of
the others that of `fit` and `predict`, without the start of Python, imports, and the reading of files. The others run on one
thread.

The values go to the file of --out, a line for each table, measure, model and seed, as soon as they are there. What the file has
is not measured again, so a run that was interrupted continues. A model whose name begins with beras is BERAS of --jar:

    results/compare-tables.py FOLDER --models beras --again                          # measure BERAS again, keep the others
    results/compare-tables.py FOLDER --models beras-before --jar before.jar          # another build beside it
    results/compare-tables.py FOLDER --models beras-1 --train-options "--bins 1"     # other settings beside it
    results/compare-tables.py FOLDER --models ""                                     # print the comparison of what is there
"""
import argparse
import csv
import json
import math
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
import warnings

import origin

for library in "OMP", "OPENBLAS":  # trees on two threads crawl when others use the cores
    os.environ[library + "_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
import xgboost
from scipy.stats import rankdata
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import (HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier,
                              RandomForestRegressor)
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, r2_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

TEST_SHARE = 0.2
RAREST_CATEGORY = 5
CALIBRATION_BINS = 10
REGRESSION = "r2", "mae"
TWO_LABELS = "auc", "log_loss", "calibration_error", "accuracy"
LABELS = "accuracy", "log_loss", "calibration_error"
CPU = "cpu_seconds"
SMALLER_IS_BETTER = {"mae", "log_loss", "calibration_error", CPU}
RIVALS = {"hgb": "HistGradientBoosting", "xgboost": "XGBoost", "forest": "RandomForest", "linear": "linear", "mlp": "MLP"}
BERAS = "beras"


class Table:
    """A file, its target, its measures (the first decides), and its columns of dates."""

    def __init__(self, name, target, measures, dates=()):
        self.name, self.target, self.measures, self.dates = name, target, measures, dates
        self.is_regression = measures == REGRESSION

    def read(self, folder):
        """All cells as text, and missing ones as nothing."""
        rows = pd.read_csv(os.path.join(folder, self.name + ".csv"), dtype=str, keep_default_na=False)
        if self.name == "birdstrikes":
            # whether there was any damage; the effect and the costs would tell
            rows[self.target] = np.where(rows["Effect Amount of damage"] == "None", "no", "yes")
            rows = rows.drop(columns=["Effect Amount of damage", "Cost Other", "Cost Repair", "Cost Total $"])
        return rows[rows[self.target] != ""].reset_index(drop=True)

    def split(self, rows, seed):
        return train_test_split(rows, test_size=TEST_SHARE, random_state=seed,
                                stratify=None if self.is_regression else rows[self.target])


TABLES = [
    Table("ames", "Sale_Price", REGRESSION),
    Table("attrition", "Attrition", TWO_LABELS),
    Table("birdstrikes", "damaged", TWO_LABELS, dates=["Flight Date"]),
    Table("concrete", "compressive_strength", REGRESSION),
    Table("credit_data", "Status", TWO_LABELS),
    Table("deliveries", "time_to_delivery", REGRESSION),
    Table("diamonds", "price", REGRESSION),
    Table("LetterRecognition", "lettr", LABELS),
    Table("movies", "IMDB Rating", REGRESSION, dates=["Release Date"]),
    Table("seattle-weather", "weather", LABELS, dates=["date"]),
    Table("Vehicle", "Class", LABELS),
    Table("wa_churn", "churn", TWO_LABELS),
    # the defaults of BERAS were chosen on the tables above; on these, too, but before
    Table("breast-cancer", "diagnosis", TWO_LABELS),
    Table("cars", "Miles_per_Gallon", REGRESSION, dates=["Year"]),
    Table("diabetes", "progression", REGRESSION),
    Table("digits", "digit", LABELS),
    Table("penguins", "Species", LABELS),
    Table("wine", "class", LABELS),
]


# ---------------------------------------------------------------------------------------------------------------- rivals

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


def pipeline(regression, name, seed, x, **settings):
    """A model with its defaults but `settings`, behind what makes the columns ready for it."""
    numbers = x.select_dtypes("number").columns
    categories = x.columns.difference(numbers, sort=False)
    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=RAREST_CATEGORY)
    if name == "xgboost":
        # better on these tables than categories as numbers or than its own way
        ready = ColumnTransformer([("numbers", "passthrough", numbers), ("categories", one_hot, categories)])
    elif name in ("hgb", "forest"):
        codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan,
                               max_categories=250)
        ready = ColumnTransformer([("categories", codes, categories), ("numbers", "passthrough", numbers)])
    else:
        scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
        ready = ColumnTransformer([("numbers", scaled, numbers), ("categories", one_hot, categories)])
    if name == "hgb":
        kind = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
        model = kind(categorical_features=range(len(categories)), random_state=seed, **settings)
    elif name == "xgboost":
        model = (xgboost.XGBRegressor if regression else xgboost.XGBClassifier)(random_state=seed, **settings)
    elif name == "forest":
        model = (RandomForestRegressor if regression else RandomForestClassifier)(random_state=seed, **settings)
    elif name == "linear":
        model = Ridge(**settings) if regression else LogisticRegression(**settings)
    else:
        model = (MLPRegressor if regression else MLPClassifier)(random_state=seed, **settings)
    if regression and name in ("linear", "mlp"):
        model = TransformedTargetRegressor(model, transformer=StandardScaler())
    return make_pipeline(ready, model)


def ready(table, train, test):
    """Features and target of both parts; labels are whole numbers, in the order of their names."""
    both = features(table, pd.concat([train, test], keys=["train", "test"]))
    if table.is_regression:
        targets = pd.to_numeric(train[table.target]), pd.to_numeric(test[table.target])
    else:
        labels = np.unique(train[table.target])
        targets = np.searchsorted(labels, train[table.target]), np.searchsorted(labels, test[table.target])
    return both.loc["train"], targets[0], both.loc["test"], targets[1]


def calibration_error(probabilities, y):
    """As BERAS has it: of two labels by the probability of one, of more by that of the predicted one."""
    two = probabilities.shape[1] == 2
    probability = probabilities[:, 1] if two else probabilities.max(axis=1)
    happened = (y == 1) if two else probabilities.argmax(axis=1) == y
    bins = np.minimum((probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return np.abs(np.bincount(bins, happened - probability)).sum() / len(y)


def by_rival(table, name, seed, train, test):
    x, y, test_x, test_y = ready(table, train, test)
    begin = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = pipeline(table.is_regression, name, seed, x).fit(x, y)
    predicted = model.predict(test_x) if table.is_regression else model.predict_proba(test_x)
    cpu = time.process_time() - begin
    if table.is_regression:
        values = {"r2": r2_score(test_y, predicted), "mae": mean_absolute_error(test_y, predicted)}
    else:
        predicted = predicted / predicted.sum(axis=1, keepdims=True, dtype=float)
        values = {"accuracy": accuracy_score(test_y, predicted.argmax(axis=1)),
                  "log_loss": log_loss(test_y, predicted, labels=model.classes_),
                  "calibration_error": calibration_error(predicted, test_y)}
        if "auc" in table.measures:
            values["auc"] = roc_auc_score(test_y, predicted[:, 1])
    return {**values, CPU: cpu}


# ----------------------------------------------------------------------------------------------------------------- BERAS

def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}\nended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def by_beras(table, seed, train, test, options):
    java = ["java", "--add-modules", "jdk.incubator.vector", "-jar", options.jar]
    with tempfile.TemporaryDirectory() as folder:
        train_csv, test_csv, model = (os.path.join(folder, name) for name in ("train.csv", "test.csv", "model.beras"))
        train.to_csv(train_csv, index=False)
        test.to_csv(test_csv, index=False)
        begin = cpu_of_children()
        run(java + ["train", "--data", train_csv, "--target", table.target, "--seed", str(seed), "--split-seed", str(seed),
                    "--out", model, "--json"] + shlex.split(options.train_options))
        evaluated = run(java + ["evaluate", model, "--data", test_csv, "--json"])
        cpu = cpu_of_children() - begin
        values = json.loads(evaluated.splitlines()[-1])
    return {**{measure: values[measure] for measure in table.measures}, CPU: cpu}


# ---------------------------------------------------------------------------------------------------------------- report

class Values:
    """What was measured: for each table, measure and model a value for each seed."""

    def __init__(self, path, tables):
        self.by_key, self.tables = {}, tables
        for (data, measure, model, seed), value in read(path).items():
            self.by_key.setdefault((data, measure, model), {})[seed] = value
        known = {model for _, _, model in self.by_key}
        self.rivals = [name for name in RIVALS if name in known]
        # BERAS itself first, then other builds and settings
        self.ours = sorted(name for name in known if name.startswith(BERAS))

    def of(self, table, measure, model):
        """The values in the order of the seeds, or nothing."""
        values = self.by_key.get((table.name, measure, model), {})
        return np.array([values[seed] for seed in sorted(values)])

    def text(self, table, measure, model):
        values = self.of(table, measure, model)
        return "" if not len(values) else with_error(values.mean(), error(values), measure)

    def ahead(self, table, measure, model, other):
        """How far a model is ahead of another on the same splits, and the standard error of that; nothing if one is missing."""
        first, second = (self.by_key.get((table.name, measure, name), {}) for name in (model, other))
        seeds = sorted(first.keys() & second.keys())
        if not seeds:
            return None
        sign = -1 if measure in SMALLER_IS_BETTER else 1
        ahead = np.array([sign * (first[seed] - second[seed]) for seed in seeds])
        return ahead.mean(), error(ahead)

    def ranks(self, ours, measure):
        """Mean rank of each model among the rivals and `ours`, on the tables and splits that all of them were measured on."""
        models = [ours] + self.rivals
        rows = []
        for table in self.tables:
            decides = measure or table.measures[0]
            values = [self.by_key.get((table.name, decides, model), {}) for model in models]
            seeds = set.intersection(*map(set, values))
            if seeds:
                means = [np.mean([each[seed] for seed in seeds]) for each in values]
                rows.append(rankdata(np.round(means if decides in SMALLER_IS_BETTER else np.negative(means), 12)))
        return dict(zip(models, np.mean(rows, axis=0))) if rows else {}, len(rows)


def error(values):
    return np.std(values, ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def digits(value, measure):
    return 2 if measure == CPU else 1 if abs(value) >= 100 else 4


def with_error(value, spread, measure, sign=""):
    places = digits(max(abs(value), spread), measure)
    return f"{value:{sign}.{places}f} ± {spread:.{places}f}"


def line(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells):
    line(*cells)
    line(*["---"] * len(cells))


def report(values):
    rivals = values.rivals
    for ours in values.ours:
        ranks, count = values.ranks(ours, None)
        loss, loss_count = values.ranks(ours, "log_loss")
        head("", ours, *(RIVALS[name] for name in rivals))
        if ranks:
            line(f"mean rank of the deciding measure, {count} tables", *(f"{ranks[name]:.2f}" for name in [ours] + rivals))
        if loss:
            line(f"mean rank of log loss, {loss_count} tables of labels", *(f"{loss[name]:.2f}" for name in [ours] + rivals))
        line(f"{ours} better / within one standard error / worse", "",
             *(" / ".join(map(str, outcomes(values, ours, name))) for name in rivals))
        line("CPU seconds of training and prediction, median of the tables", *(
            f"{np.median(cpu):.2f}" if (cpu := [values.of(table, CPU, name).mean() for table in values.tables
                                               if len(values.of(table, CPU, name))]) else "" for name in [ours] + rivals))
        print()
    models = values.ours + rivals
    deciding = [(table, table.measures[0]) for table in values.tables]
    further = [(table, measure) for table in values.tables for measure in table.measures[1:]]
    for title, pairs in ("deciding measure", deciding), ("further measures", further), (
            "CPU seconds", [(table, CPU) for table in values.tables]):
        head(f"table, {title}", *models)
        for table, measure in pairs:
            if any(len(values.of(table, measure, name)) for name in models):
                line(f"{table.name}, {measure}", *(values.text(table, measure, name) for name in models))
        print()
    for ours in values.ours:
        others = [name for name in models if name != ours and not (name != BERAS and name.startswith(BERAS) and ours != BERAS)]
        head(f"how far {ours} is ahead, by pairs ± standard error", *others)
        for table in values.tables:
            for measure in table.measures:
                ahead = [values.ahead(table, measure, ours, name) for name in others]
                if any(ahead):
                    line(f"{table.name}, {measure}",
                         *("" if pair is None else with_error(*pair, measure, "+") for pair in ahead))
        print()


def outcomes(values, ours, rival):
    """On how many tables we are ahead by the deciding measure, within a standard error of the difference, and behind."""
    counts = [0, 0, 0]
    for table in values.tables:
        pair = values.ahead(table, table.measures[0], ours, rival)
        if pair is not None:
            counts[0 if pair[0] > pair[1] else 2 if pair[0] < -pair[1] else 1] += 1
    return counts


# ------------------------------------------------------------------------------------------------------------------ file

def read(path):
    if not os.path.exists(path):
        return {}
    with open(path, newline="", encoding="utf-8") as file:
        return {(r["data"], r["measure"], r["model"], int(r["seed"])): float(r["value"]) for r in csv.DictReader(origin.rows(file))}


def write(path, values):
    """In the order of the tables, so that a file differs where a value does."""
    tables, models = [table.name for table in TABLES], list(RIVALS)

    def order(key):
        data, measure, model, seed = key
        return tables.index(data), measure, models.index(model) if model in models else -1, model, seed
    with open(path + ".new", "w", newline="", encoding="utf-8") as file:
        file.write(origin.lines(path))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["data", "measure", "model", "seed", "value"])
        writer.writerows((*key, f"{values[key]:.9g}") for key in sorted(values, key=order))
    os.replace(path + ".new", path)


def chosen(text, option, known):
    names = [name for name in text.split(",") if name]
    for name in names:
        if not known(name):
            sys.exit(f"{option}: expected names with commas between, see --help. Received: {name}")
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="the tables, as fetch-tables.sh leaves them")
    parser.add_argument("--out", default="results/tables.csv", help="where the values go; default: %(default)s")
    parser.add_argument("--jar", default="beras.jar", help="default: %(default)s")
    parser.add_argument("--tables", default=",".join(table.name for table in TABLES), help="default: %(default)s")
    parser.add_argument("--models", default=",".join([BERAS, *RIVALS]), help="which to measure; default: %(default)s")
    parser.add_argument("--again", action="store_true", help="remove the values of these models, tables and seeds first")
    parser.add_argument("--seeds", type=int, default=5, help="how many splits; default: %(default)s")
    parser.add_argument("--train-options", default="", help="more options for BERAS's train")
    options = parser.parse_args()
    names = chosen(options.tables, "--tables", {table.name for table in TABLES}.__contains__)
    models = chosen(options.models, "--models", lambda name: name in RIVALS or name.startswith(BERAS))
    tables = [table for table in TABLES if table.name in names]
    seeds = range(1, options.seeds + 1)

    if options.again:
        write(options.out, {key: value for key, value in read(options.out).items()
                            if not (key[0] in names and key[2] in models and key[3] in seeds)})
    for seed in seeds:
        for table in tables:
            rows = None
            for name in models:
                # all values of a model and split are written at once: one tells of all
                if (table.name, CPU, name, seed) in read(options.out):
                    continue
                rows = table.read(options.folder) if rows is None else rows
                train, test = table.split(rows, seed)
                found = (by_beras(table, seed, train, test, options) if name.startswith(BERAS)
                         else by_rival(table, name, seed, train, test))
                write(options.out, read(options.out)
                      | {(table.name, measure, name, seed): value for measure, value in found.items()})
                shown = ", ".join(f"{measure} {value:.{digits(value, measure)}f}" for measure, value in found.items())
                print(f"{table.name} {name} seed {seed}: {shown}", file=sys.stderr)
    report(Values(options.out, tables))


if __name__ == "__main__":
    main()
