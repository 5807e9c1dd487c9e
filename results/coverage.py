#!/usr/bin/python3
"""Measures what BERAS's intervals and sets of labels cover, beside the quantiles of HistGradientBoosting, on tables and splits
of compare-tables.py, which says what must be installed:

    results/coverage.py FOLDER > coverage.md

`beras` is `predict --interval 0.9` of a model with BERAS's defaults. `hgb` is two
HistGradientBoostingRegressor(loss="quantile"), of .05 and .95, which promise as much. On the rows to test are measured

    coverage        the share of the rows whose truth is in the interval or set
    width           of intervals on average, in units of the table
    interval_score  width, and for each row beside its interval 2 / .1 times how far it is outside (Gneiting and Raftery, 2007);
                    less is better
    set_size        how many labels a set has on average

The values go to the file of --out, a line for each table, measure, model and seed. What the file has is not measured again.
"""
import argparse
import importlib.util
import json
import os
import sys
import tempfile

found = importlib.util.spec_from_file_location("compare_tables", os.path.join(os.path.dirname(__file__), "compare-tables.py"))
compare = importlib.util.module_from_spec(found)
found.loader.exec_module(compare)

import numpy as np  # after compare-tables.py, which says first that libraries get one thread

PROMISED = 0.9
MISSED = 1 - PROMISED
COVERAGE, WIDTH, SCORE, SIZE = "coverage", "width", "interval_score", "set_size"


def of_intervals(lower, upper, truth):
    outside = np.maximum(lower - truth, 0) + np.maximum(truth - upper, 0)
    return {COVERAGE: np.mean(outside == 0), WIDTH: np.mean(upper - lower), SCORE: np.mean(upper - lower + 2 / MISSED * outside)}


def by_quantiles(table, seed, train, test):
    x, y, test_x, test_y = compare.ready(table, train, test)
    lower, upper = (compare.pipeline(True, "hgb", seed, x, loss="quantile", quantile=quantile).fit(x, y).predict(test_x)
                    for quantile in (MISSED / 2, 1 - MISSED / 2))
    # quantiles of two models may cross: the interval is empty then
    return of_intervals(lower, np.maximum(lower, upper), test_y.to_numpy())


def by_beras(table, seed, train, test, jar):
    java = ["java", "--add-modules", "jdk.incubator.vector", "-jar", jar]
    with tempfile.TemporaryDirectory() as folder:
        train_csv, test_csv, model = (os.path.join(folder, name) for name in ("train.csv", "test.csv", "model.beras"))
        train.to_csv(train_csv, index=False)
        test.to_csv(test_csv, index=False)
        compare.run(java + ["train", "--data", train_csv, "--target", table.target, "--seed", str(seed),
                            "--split-seed", str(seed), "--out", model, "--json"])
        predicted = compare.run(java + ["predict", model, "--data", test_csv, "--interval", str(PROMISED),
                                        "--format", "jsonl"])
    rows = [json.loads(row) for row in predicted.splitlines()]
    if len(rows) != len(test):
        sys.exit(f"{table.name}: expected {len(test)} predictions. Received: {len(rows)}")
    if table.is_regression:
        lower, upper = (np.array([row[end] for row in rows], dtype=float) for end in ("lower", "upper"))
        return of_intervals(lower, upper, test[table.target].astype(float).to_numpy())
    sets = [row["set"] for row in rows]
    return {COVERAGE: np.mean([truth in one for truth, one in zip(test[table.target], sets)]), SIZE: np.mean([*map(len, sets)])}


def report(path, tables):
    values = compare.Values(path, tables)
    compare.head("table", *(f"{name} {measure}" for measure in (COVERAGE, WIDTH, SCORE) for name in ("beras", "hgb")))
    for table in tables:
        if table.is_regression:
            compare.line(table.name, *(values.text(table, measure, name) for measure in (COVERAGE, WIDTH, SCORE)
                                       for name in ("beras", "hgb")))
    print()
    compare.head("table", COVERAGE, SIZE)
    for table in tables:
        if not table.is_regression:
            compare.line(table.name, values.text(table, COVERAGE, "beras"), values.text(table, SIZE, "beras"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="the tables, as fetch-tables.sh leaves them")
    parser.add_argument("--out", default="results/coverage.csv", help="where the values go; default: %(default)s")
    parser.add_argument("--jar", default="beras.jar", help="default: %(default)s")
    parser.add_argument("--tables", default=",".join(table.name for table in compare.TABLES), help="default: %(default)s")
    parser.add_argument("--models", default="beras,hgb", help="which to measure; default: %(default)s")
    parser.add_argument("--again", action="store_true", help="remove the values of these models and tables first")
    parser.add_argument("--seeds", type=int, default=5, help="how many splits; default: %(default)s")
    options = parser.parse_args()
    names = compare.chosen(options.tables, "--tables", {table.name for table in compare.TABLES}.__contains__)
    models = compare.chosen(options.models, "--models", {"beras", "hgb"}.__contains__)
    tables = [table for table in compare.TABLES if table.name in names]

    kept = compare.read(options.out)
    if options.again:
        kept = {key: value for key, value in kept.items() if not (key[0] in names and key[2] in models)}
    for seed in range(1, options.seeds + 1):
        for table in tables:
            train, test = table.split(table.read(options.folder), seed)
            for name in models:
                if (table.name, COVERAGE, name, seed) in kept or name == "hgb" and not table.is_regression:
                    continue
                measured = (by_beras(table, seed, train, test, options.jar) if name == "beras"
                            else by_quantiles(table, seed, train, test))
                kept |= {(table.name, measure, name, seed): value for measure, value in measured.items()}
                compare.write(options.out, kept)
                print(f"{table.name} {name} seed {seed}: "
                      + ", ".join(f"{measure} {value:.4f}" for measure, value in measured.items()), file=sys.stderr)
    report(options.out, tables)


if __name__ == "__main__":
    main()
