#!/usr/bin/python3
"""Counts rows, columns and labels of the tables of compare-tables.py, which says what must be installed:

    results/table-sizes.py FOLDER

A line for each table in table-sizes.csv: rows with a target, columns besides it, labels (0 for a regression), and cells that are
missing.
"""
import csv
import importlib.util
import os
import sys

found = importlib.util.spec_from_file_location("compare_tables", os.path.join(os.path.dirname(__file__), "compare-tables.py"))
compare = importlib.util.module_from_spec(found)
found.loader.exec_module(compare)

if __name__ == "__main__":
    with open(os.path.join(os.path.dirname(__file__), "table-sizes.csv"), "w", newline="", encoding="utf-8") as file:
        file.write(compare.origin.line("none"))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["data", "rows", "columns", "labels", "missing"])
        for table in compare.TABLES:
            rows = table.read(sys.argv[1])
            cells = rows.drop(columns=[table.target])
            labels = 0 if table.is_regression else rows[table.target].nunique()
            writer.writerow([table.name, len(rows), cells.shape[1], labels, int((cells == "").to_numpy().sum())])
