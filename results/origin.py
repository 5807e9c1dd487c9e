#!/usr/bin/env python3
"""First lines of the CSV files of this folder: day, machine, JDK and commit of each run that wrote to the file.

    results/origin.py [JDK]    # prints the line of a run now; default: the version of `java`

Readers skip lines that begin with #.
"""
import datetime
import os
import platform
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def output(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    except OSError:
        return ""
    return done.stdout + done.stderr if done.returncode == 0 else ""


def machine():
    name = platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = re.search(r"model name\s*: (.*)", file.read())
        name = found.group(1) if found else name
    return f"{name} x {os.cpu_count()}"


def jdk(java="java"):
    found = re.search(r'"([^"]+)"', output(java, "-version"))
    return found.group(1) if found else "none"


def line(version=None):
    commit = output("git", "rev-parse", "--short=8", "HEAD").strip() or "unknown"
    return f"# {datetime.date.today()}, {machine()}, JDK {version or jdk()}, commit {commit}\n"


def lines(path):
    """The first lines of a file: the ones of earlier runs, if it is continued, and the line of this run."""
    kept = []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            kept = [old for old in file if old.startswith("#")]
    new = line()
    return "".join(kept if new in kept else kept + [new])


def rows(file):
    """The lines of an open file for a reader of CSV."""
    return (row for row in file if not row.startswith("#"))


if __name__ == "__main__":
    print(line(*sys.argv[1:]), end="")
