#!/usr/bin/python3
"""Counts, package by package, how many mutations of pitest the tests kill, and prints them as CSV:

    mvn -Pmutations test && results/mutations.py target/pit-reports/mutations.xml > results/mutations.csv

`killed` are those that a test fails on, for which it takes more than its time, or with which the JVM ends; `survived` those that tests
reach and do not see; `not covered` those that no test reaches. With --survivors, what was not killed is printed instead, a line
each.
"""
import argparse
import collections
import csv
import sys
import xml.etree.ElementTree

import origin

KILLED = {"KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR"}

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("report", help="mutations.xml of pitest")
arguments.add_argument("--survivors", action="store_true", help="print what was not killed")
arguments = arguments.parse_args()

packages = collections.defaultdict(collections.Counter)
survivors = []
for mutation in xml.etree.ElementTree.parse(arguments.report).getroot():
    name = mutation.findtext("mutatedClass")
    status = mutation.get("status")
    packages[name.rpartition(".")[0]]["killed" if status in KILLED else status] += 1
    if status not in KILLED:
        survivors.append((name, mutation.findtext("mutatedMethod"), mutation.findtext("lineNumber"),
                          mutation.findtext("description"), status))

out = csv.writer(sys.stdout, lineterminator="\n")
if arguments.survivors:
    out.writerow(["class", "method", "line", "mutation", "status"])
    out.writerows(sorted(survivors, key=lambda each: (each[0], int(each[2]))))
    sys.exit()


def row(name, counts):
    killed, total = counts["killed"], sum(counts.values())
    return [name, total, killed, counts["SURVIVED"], counts["NO_COVERAGE"], f"{100 * killed / total:.1f}"]


sys.stdout.write(origin.line())
out.writerow(["package", "mutations", "killed", "survived", "not covered", "killed %"])
out.writerows(row(name, packages[name]) for name in sorted(packages))
out.writerow(row("all", sum(packages.values(), collections.Counter())))
