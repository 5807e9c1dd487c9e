#!/usr/bin/python3
"""Measures processor time and memory of `train` on a table of 1,000,000 rows and 50 columns of numbers, of one build or of two
in turn:

    results/large-table.py --jar beras.jar
    results/large-table.py --jar before.jar --jar beras.jar --runs 3

It needs Python and numpy. The table, some 400 MB, is made in the folder of --keep, and used again if it is there, or in a
temporary one. Processor time is that of the process, of all its threads; on a machine that does other work it varies by 10 %
and more, so compare runs in turn. `rss` is the largest resident set.
"""
import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile

import numpy as np

SEED, BLOCK = 36, 10_000


def make(path, rows, columns):
    """Normally distributed numbers with four decimals; a sum of a fifth of them, with noise, decides the label."""
    rng = np.random.default_rng(SEED)
    weights = np.where(np.arange(columns) % 5 == 0, rng.normal(size=columns), 0)
    form = ",".join(["%.4f"] * columns) + ",%s\n"
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(",".join(f"c{i}" for i in range(columns)) + ",label\n")
        for first in range(0, rows, BLOCK):
            numbers = rng.normal(size=(min(BLOCK, rows - first), columns))
            positive = numbers @ weights + rng.normal(size=len(numbers)) > 0
            file.writelines(form % (*row, "yes" if yes else "no") for row, yes in zip(numbers.tolist(), positive))
    os.replace(path + ".new", path)


def run(jar, table, options):
    """User and system seconds, and the largest resident set in MB."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["java", *shlex.split(options.java_options), "--add-modules", "jdk.incubator.vector", "-jar", jar, "train",
                   "--data", table, "--target", "label", "--epochs", str(options.epochs),
                   "--out", os.path.join(folder, "m.beras"), *shlex.split(options.train_options)]
        with open(os.path.join(folder, "said"), "w+", encoding="utf-8") as said:
            process = subprocess.Popen(command, stdout=said, stderr=said)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                said.seek(0)
                sys.exit(f"{shlex.join(command)}\nended with {process.returncode}:\n{said.read()}")
    return used.ru_utime, used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", action="append", help="which build; several are run in turn; default: beras.jar")
    parser.add_argument("--runs", type=int, default=2, help="of each; default: %(default)s")
    parser.add_argument("--rows", type=int, default=1_000_000, help="default: %(default)s")
    parser.add_argument("--columns", type=int, default=50, help="default: %(default)s")
    parser.add_argument("--epochs", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--keep", help="the folder for the table")
    parser.add_argument("--java-options", default="-Xmx512m", help="default: %(default)s")
    parser.add_argument("--train-options", default="", help="more options for train")
    options = parser.parse_args()
    jars = options.jar or ["beras.jar"]
    with tempfile.TemporaryDirectory() as temporary:
        if options.keep:
            os.makedirs(options.keep, exist_ok=True)
        table = os.path.join(options.keep or temporary, f"{options.rows}x{options.columns}.csv")
        if not os.path.exists(table):
            make(table, options.rows, options.columns)
        measured = {jar: [] for jar in jars}
        for _ in range(options.runs):
            for jar, runs in measured.items():
                runs.append(run(jar, table, options))
                print(f"{jar}: user {runs[-1][0]:.1f} s, system {runs[-1][1]:.1f} s, rss {runs[-1][2]:.0f} MB", flush=True)
    for jar, runs in measured.items():
        user, system, rss = map(statistics.median, zip(*runs))
        print(f"{jar}, median of {len(runs)}: user {user:.1f} s, system {system:.1f} s, rss {rss:.0f} MB")


if __name__ == "__main__":
    main()
