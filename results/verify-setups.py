#!/usr/bin/python3
"""Shows on which set-ups of a machine BERAS computes the same bits: trains two models, repeats their trainings with `verify`, and runs
`doctor --bits`, in each set-up.

    mvn -q package -DskipTests
    results/verify-setups.py --out results/setups.csv 17=/usr/lib/jvm/java-17/bin/java 25=/usr/lib/jvm/jdk-25/bin/java
    results/verify-setups.py --out results/setups.csv --setups "scalar,128 bits,512 bits" "arm 25=results/arm-java.sh /tmp/arm"

Each JAVA is a name and a command, which may have arguments; the models are trained by the first `java` of the PATH. A set-up that Java
refuses to start, such as an option that its version does not know, is written as `cannot start`. Lines of the same Java and set-up are
replaced in the file.
"""
import argparse
import csv
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import origin

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COLUMNS = ["java", "setup", "check", "verdict", "seconds"]
MODELS = {
    "penguins, an ensemble": ["--data", "data/penguins.csv", "--target", "species", "--epochs", "6"],
    "MNIST, 16 units": ["--data", "data", "--layers", "16:relu,dropout:0.1,10:softmax", "--epochs", "1"],
}
DOCTOR = "doctor --bits"
SETUPS = {
    "1 thread": ["-Dberas.threads=1"],
    "2 threads": ["-Dberas.threads=2"],
    "128 bits": ["-Dberas.simd=128"],
    "256 bits": ["-Dberas.simd=256"],
    "512 bits": ["-Dberas.simd=512"],
    "scalar": ["-Dberas.simd=off"],
    "interpreted": ["-Dberas.simd=off", "-Xint"],
    "first compiler": ["-Dberas.simd=off", "-XX:TieredStopAtLevel=1"],
    "serial collector": ["-XX:+UseSerialGC"],
    "parallel collector": ["-XX:+UseParallelGC"],
    "Z collector": ["-XX:+UseZGC"],
    "compact headers": ["-XX:+UnlockExperimentalVMOptions", "-XX:+UseCompactObjectHeaders"],
    "Turkish": ["-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Asia/Istanbul", "-Dfile.encoding=ISO-8859-9"],
}


def run(jar, java, options, command):
    """What a command of BERAS prints, how it ends, and how long it takes."""
    start = time.time()
    done = subprocess.run(java + ["--add-modules", "jdk.incubator.vector"] + options + ["-jar", jar] + command, cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return done, time.time() - start


def verdict(done, expected):
    if done.returncode == 0:
        return "the same" if expected in done.stdout else "not compared"
    if "Could not create the Java Virtual Machine" in done.stderr + done.stdout:
        return "cannot start"
    lines = (done.stdout.strip() or done.stderr.strip() or "exit code %d" % done.returncode).splitlines()
    return lines[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--setups", default=",".join(SETUPS), help="names with commas between: %(default)s")
    parser.add_argument("--checks", default=";".join([*MODELS, DOCTOR]), help="names with semicolons between: %(default)s")
    parser.add_argument("java", nargs="+", metavar="NAME=COMMAND")
    arguments = parser.parse_args()
    rows = {}
    if os.path.exists(arguments.out):
        with open(arguments.out, newline="", encoding="utf-8") as file:
            rows = {(row["java"], row["setup"], row["check"]): row for row in csv.DictReader(origin.rows(file))}
    others = 0
    with tempfile.TemporaryDirectory() as folder:
        jar = shutil.copy(os.path.join(ROOT, "beras.jar"), folder)  # a build may replace the other meanwhile
        checks = {}
        for name, options in MODELS.items():
            model = os.path.join(folder, "%d.beras" % len(checks))
            done, _ = run(jar, ["java"], [], ["train", "--out", model] + options)
            if done.returncode != 0:
                sys.exit(done.stderr)
            checks[name] = ["verify", model], "Same bits: "
        checks[DOCTOR] = ["doctor", "--bits"], "references are the same"
        for java in arguments.java:
            name, command = java.split("=", 1)
            for setup in arguments.setups.split(","):
                for check in arguments.checks.split(";"):
                    asked, expected = checks[check]
                    done, seconds = run(jar, shlex.split(command), SETUPS[setup], asked)
                    row = dict(zip(COLUMNS, [name, setup, check, verdict(done, expected), "%.1f" % seconds]))
                    rows[(name, setup, check)] = row
                    others += row["verdict"] not in ("the same", "cannot start")
                    print(*row.values(), sep=", ", flush=True)
                    first = origin.lines(arguments.out)
                    with open(arguments.out, "w", newline="", encoding="utf-8") as file:
                        file.write(first)
                        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                        writer.writeheader()
                        writer.writerows(rows.values())
    sys.exit(1 if others else 0)


main()
