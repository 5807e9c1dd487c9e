#!/usr/bin/python3
"""Compares BERAS on counts and heavy-tailed targets, before and after it chose a distribution, with HistGradientBoosting.

Run it from the project's root after `mvn package`, with the jar of an earlier build:

    apt-get install python3-sklearn python3-pandas r-base-core r-cran-aer r-cran-cardata r-cran-hsaur3
    results/targets.py FOLDER --before before.jar > targets.md

R writes the tables to the folder, of CPS1988 5,000 rows. Five seeds each split a table into 80 % to train on and 20 % to test on; all models
get the same rows. BERAS gets target and task alone as options, HistGradientBoosting its defaults, or loss="poisson". The values go to
--out, a line for each table, model, seed and measure; what it has is not measured again. `cpu_seconds` is user and system time of training
and prediction: of BERAS of all threads of one Java process that does one split after the other, of the others of one thread. A Poisson deviance needs predictions above 0:
those below 1 % of the mean of the training rows count as that.
"""
import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time

import origin

for library in "OMP", "OPENBLAS":
    os.environ[library + "_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_error, mean_poisson_deviance, r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

LEAST_SHARE = 0.01
SEEDS = range(1, 6)
MEASURES = "r2", "mae", "poisson_deviance", "negative", "cpu_seconds"
MODELS = {"before": "BERAS before", "after": "BERAS", "hgb": "HGB", "hgb-poisson": "HGB, poisson"}
TARGETS = {"nmes1988": "visits", "recreation": "trips", "ornstein": "interlocks", "forbes": "marketvalue", "cps1988": "wage",
           "creditcard": "expenditure"}
JAVA = """
import beras.data.table.*;
import beras.tables.*;
import java.io.*;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.*;

public class Targets {

    public static void main(String[] arguments) throws Exception {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (Scanner lines = new Scanner(System.in); lines.hasNextLine();) {
            String[] split = lines.nextLine().split(" ");
            long before = system.getProcessCpuTime();
            TableModel model = TableTraining.of(Path.of(split[3]), split[2]).options(new TableOptions().task(TableTarget.Task.REGRESSION)).fit();
            try (TablePredictions rows = model.predict(TableFile.of(Path.of(split[4]))); PrintStream out = new PrintStream(split[5])) {
                for (var some = rows.next(); !some.isEmpty(); some = rows.next()) {
                    some.forEach(row -> out.println(row.prediction().amount()));
                }
            }
            System.out.println(split[0] + " " + split[1] + " " + (system.getProcessCpuTime() - before) / 1e9);
        }
    }
}
"""
R = """
table <- function(name, package) { e <- new.env(); data(list = name, package = package, envir = e); as.data.frame(get(name, envir = e)) }
keep <- function(file, d) {
  if (nrow(d) > 5000) { set.seed(1); d <- d[sort(sample(nrow(d), 5000)), ] }
  write.csv(d, file.path(commandArgs(TRUE)[1], paste0(file, ".csv")), row.names = FALSE, na = "")
}
keep("nmes1988", table("NMES1988", "AER")[, c("visits", "health", "chronic", "adl", "region", "age", "afam", "gender", "married", "school",
                                               "income", "employed", "insurance", "medicaid")])
keep("recreation", table("RecreationDemand", "AER"))
keep("ornstein", table("Ornstein", "carData"))
keep("forbes", table("Forbes2000", "HSAUR3")[, c("marketvalue", "country", "category", "sales", "profits", "assets")])
keep("cps1988", table("CPS1988", "AER"))
d <- table("CreditCard", "AER")
keep("creditcard", d[, setdiff(names(d), c("share", "card"))])
"""


def by_beras(jar, splits):
    """What a jar predicts for the rows to test of each split, and its processor seconds, in one Java process."""
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "Targets.java")
        with open(program, "w") as out:
            out.write(JAVA)
        lines = []
        for (name, seed), (train, test) in splits.items():
            paths = [os.path.join(folder, f"{name}-{seed}-{part}.csv") for part in ("train", "test", "predicted")]
            train.to_csv(paths[0], index=False)
            test.drop(columns=TARGETS[name]).to_csv(paths[1], index=False)
            lines.append(" ".join([name, str(seed), TARGETS[name]] + paths))
        process = subprocess.Popen(["java", "--add-modules", "jdk.incubator.vector", "-cp", jar, program], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        process.stdin.write("\n".join(lines) + "\n")
        process.stdin.close()
        for line in process.stdout:
            name, seed, cpu = line.split()
            yield name, int(seed), pd.read_csv(os.path.join(folder, f"{name}-{seed}-predicted.csv"), header=None)[0], float(cpu)


def by_trees(target, train, test, seed, **settings):
    x = train.drop(columns=target)
    categories = [column for column in x if not pd.api.types.is_numeric_dtype(x[column])]
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan, max_categories=250)
    begin = time.process_time()
    model = make_pipeline(ColumnTransformer([("codes", codes, categories)], remainder="passthrough"), HistGradientBoostingRegressor(
        categorical_features=range(len(categories)), random_state=seed, **settings)).fit(x, train[target])
    return model.predict(test.drop(columns=target)), time.process_time() - begin


def measured(name, train, test, predicted, cpu):
    y = test[TARGETS[name]]
    predicted = np.asarray(predicted, float)
    deviance = mean_poisson_deviance(y, np.maximum(predicted, LEAST_SHARE * train[TARGETS[name]].mean()))
    return r2_score(y, predicted), mean_absolute_error(y, predicted), deviance, (predicted < 0).mean(), cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--jar", default="beras.jar")
    parser.add_argument("--before")
    parser.add_argument("--out", default="results/targets.csv")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    if not os.path.exists(os.path.join(options.folder, "creditcard.csv")):
        subprocess.run(["Rscript", "-e", R, options.folder], check=True)
    known = {}
    if os.path.exists(options.out):
        with open(options.out) as lines:
            known = {(row["data"], row["model"], int(row["seed"]), row["measure"]): float(row["value"])
                     for row in csv.DictReader(origin.rows(lines))}
    else:
        with open(options.out, "w") as out:
            out.write(origin.line() + "data,model,seed,measure,value\n")
    splits = {}
    for seed in SEEDS:
        for name in TARGETS:
            rows = pd.read_csv(os.path.join(options.folder, name + ".csv"))
            splits[name, seed] = train_test_split(rows, test_size=0.2, random_state=seed)

    def keep(model, name, seed, predicted, cpu):
        with open(options.out, "a") as out:
            for measure, value in zip(MEASURES, measured(name, *splits[name, seed], predicted, cpu)):
                known[name, model, seed, measure] = value
                out.write(f"{name},{model},{seed},{measure},{value:.6g}\n")

    for model in MODELS:
        missing = {key: split for key, split in splits.items() if (key[0], model, key[1], "r2") not in known}
        jar = {"before": options.before, "after": options.jar}.get(model)
        if jar:
            for done in by_beras(jar, missing) if missing else ():
                keep(model, *done)
        elif model not in ("before", "after"):
            for (name, seed), split in missing.items():
                keep(model, name, seed, *by_trees(TARGETS[name], *split, seed, **({"loss": "poisson"} if model == "hgb-poisson" else {})))
    print("| table, measure | " + " | ".join(MODELS.values()) + " |\n|" + " --- |" * (1 + len(MODELS)))
    for name in TARGETS:
        for measure in MEASURES:
            cells = []
            for model in MODELS:
                values = np.array([known.get((name, model, seed, measure), np.nan) for seed in SEEDS])
                cells.append(f"{values.mean():.4g}" + (f" ± {values.std(ddof=1) / len(values) ** 0.5:.2g}"
                                                       if measure not in ("negative", "cpu_seconds") else ""))
            print(f"| {name} {TARGETS[name]}, {measure} | " + " | ".join(cells) + " |")


main()
