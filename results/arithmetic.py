#!/usr/bin/python3
"""Compares the weights of trainings by BERAS with those by src/test/c/replay.c, for each compiler, its options and each processor:

    results/arithmetic.py                                               all compilers that are there, beside ./beras
    results/arithmetic.py --recipes penguins --programs emulated        some

Each line of arithmetic.csv is a run: the program, its compiler and options, whether the multiply-add is that of the processor, the
processor or emulator, the seconds of user CPU time (of all threads), and the hash. A line of the same run is replaced.
"""
import argparse
import csv
import itertools
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile

import origin

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILE = os.path.join(ROOT, "results", "arithmetic.csv")
COLUMNS = ["recipe", "program", "compiler", "options", "multiply_add", "processor", "user_seconds", "weights_sha256"]
# What replay is given, and train; the short ones are for emulators and for programs that are not optimized.
RECIPES = {
    "default": (["data"], ["--data", "data"]),
    "default, 1 epoch": (["data", "epochs=1"], ["--data", "data", "--epochs", "1"]),
    "mse": (["data", "layers=64:tanh,10:linear", "loss=mse", "epochs=1"],
            ["--data", "data", "--layers", "64:tanh,10:linear", "--loss", "mse", "--epochs", "1"]),
    "dropout": (["data", "layers=64:relu,dropout:0.2,10:softmax", "optimizer=adamw", "batch=32", "epochs=1"],
                ["--data", "data", "--layers", "64:relu,dropout:0.2,10:softmax", "--optimizer", "adamw", "--batch-size", "32",
                 "--epochs", "1"]),
    "first member of penguins": (["data/penguins.csv", "target=species", "ensemble=1"],
                                 ["--data", "data/penguins.csv", "--target", "species", "--ensemble", "1"]),
    "penguins": (["data/penguins.csv", "target=species"], ["--data", "data/penguins.csv", "--target", "species"]),
    "small, 1 epoch": (["data", "layers=8:relu,10:softmax", "epochs=1"],
                       ["--data", "data", "--layers", "8:relu,10:softmax", "--epochs", "1"]),
}
LEVELS = ["-O0", "-O2", "-O3"]
NATIVE = [("gcc", [], "software"), ("gcc", ["-mfma"], "hardware"), ("clang", [], "software"), ("clang", ["-mfma"], "hardware")]
EMULATED = [("aarch64-linux-gnu-gcc", "qemu-aarch64", [], "hardware"), ("aarch64-linux-gnu-gcc", "qemu-aarch64", ["-DSOFTWARE_FMA"], "software"),
            ("riscv64-linux-gnu-gcc", "qemu-riscv64", [], "hardware"),
            ("powerpc64le-linux-gnu-gcc", "qemu-ppc64le", [], "hardware")]


def processor():
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = re.search(r"model name\s*: (.*)", file.read())
            if found:
                return found.group(1)
    return platform.machine()


def run(command):
    """What it prints, and the user CPU seconds that it takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit("%s: exit code %d: %s" % (" ".join(command), done.returncode, done.stderr))
    return done.stdout, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def programs(folder, arguments):
    """Name, compiler, options, multiply-add, processor and command of each program that is wanted."""
    made = []
    if "native" in arguments.programs:
        made += [(compiler, [level, "-ffp-contract=off", *options], fma, "") for (compiler, options, fma), level
                 in itertools.product(NATIVE, LEVELS)]
    if "emulated" in arguments.programs:
        made += [(compiler, ["-O2", "-ffp-contract=off", "-static", *options], fma, emulator) for compiler, emulator, options, fma
                 in EMULATED]
    if "beras" in arguments.programs:
        yield "BERAS", "", "", "hardware", processor(), None
    for compiler, options, fma, emulator in made:
        if (shutil.which(compiler) and (not emulator or shutil.which(emulator)) and fma in arguments.multiply_adds
                and set(filter(None, arguments.options.split(","))) <= set(options)):
            yield compiled(folder, compiler, options, fma, emulator)


def compiled(folder, compiler, options, fma, emulator):
    binary = os.path.join(folder, "replay")
    run([compiler, "-std=c99", *options, "-o", binary, "src/test/c/replay.c", "-lm"])
    version = run([compiler, "-dumpversion"])[0].strip()
    command = [emulator, binary] if emulator else [binary]
    return "replay.c", compiler + " " + version, " ".join(options), fma, emulator or processor(), command


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipes", default=";".join(RECIPES), help="names with semicolons between: %(default)s")
    parser.add_argument("--programs", default="beras,native,emulated", help="some of %(default)s")
    parser.add_argument("--options", default="", help="only with these among the options of the compiler, such as -O3,-mfma")
    parser.add_argument("--multiply-adds", default="software,hardware", help="some of %(default)s")
    arguments = parser.parse_args()
    others = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, compiler, options, fma, where, command in programs(folder, arguments):
            for recipe in arguments.recipes.split(";"):
                of_replay, of_beras = RECIPES[recipe]
                if command:
                    text, seconds = run(command + of_replay)
                    sha256 = text.split()[-1]
                else:
                    text, seconds = run(["./beras", "train", *of_beras, "--json", "--out", os.path.join(folder, "model.beras"), "--force"])
                    sha256 = json.loads(text.splitlines()[-1])["summary"]["weights_sha256"]
                row = dict(zip(COLUMNS, [recipe, name, compiler, options, fma, where, "%.1f" % seconds, sha256]))
                rows = []
                if os.path.exists(FILE):
                    with open(FILE, newline="", encoding="utf-8") as file:
                        rows = [old for old in csv.DictReader(origin.rows(file)) if any(old[key] != row[key] for key in COLUMNS[:6])]
                others += any(old["recipe"] == recipe and old["weights_sha256"] != sha256 for old in rows)
                rows.append(row)
                rows.sort(key=lambda each: [list(RECIPES).index(each["recipe"]), each["program"], each["processor"], each["compiler"],
                                            each["options"]])
                first = origin.lines(FILE)
                with open(FILE, "w", newline="", encoding="utf-8") as file:
                    file.write(first)
                    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
                print(*row.values(), sep=", ", flush=True)
    sys.exit("%d runs have other weights" % others if others else 0)


if __name__ == "__main__":
    main()
