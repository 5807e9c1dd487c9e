"""Classifies the verses of the King James Bible (Debian's bible-kjv) by their part, by words and pairs of them with scikit-learn: verses.py FOLDER writes FOLDER/train.csv and test.csv (each fifth verse at random) and prints scikit-learn's accuracy on the latter."""
import csv
import os
import random
import re
import subprocess
import sys

PARTS = [("law", 5), ("history", 12), ("wisdom", 5), ("prophets", 17), ("gospels", 4), ("acts", 1), ("letters", 21), ("revelation", 1)]
text = subprocess.run(["bible", "-f", "Gen1:1-Rev22:21"], capture_output=True, text=True, check=True).stdout
verses, books = [], []
for line in text.splitlines():
    place, verse = line.split(" ", 1)
    book = re.match(r"\d?[A-Za-z]+", place).group()
    if not books or books[-1] != book:
        books.append(book)
    verses.append((len(books) - 1, verse))
assert len(books) == 66, books
part_of = [name for name, count in PARTS for _ in range(count)]
rows = [(part_of[book], verse) for book, verse in verses]
random.Random(1).shuffle(rows)
test, training = rows[:len(rows) // 5], rows[len(rows) // 5:]
for name, part in ("train", training), ("test", test):
    with open(os.path.join(sys.argv[1], name + ".csv"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("part", "verse"), *part])

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

for pairs in 1, 2:
    for c in 1, 10, 100:
        model = make_pipeline(TfidfVectorizer(ngram_range=(1, pairs), sublinear_tf=True), LogisticRegression(C=c, max_iter=1000))
        model.fit([verse for _, verse in training], [part for part, _ in training])
        print(f"scikit-learn,words{' and pairs' if pairs == 2 else ''} C={c},{model.score([verse for _, verse in test], [part for part, _ in test]):.4f}", flush=True)
