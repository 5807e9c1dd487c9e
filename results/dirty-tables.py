#!/usr/bin/python3
"""Trains BERAS on dirty tables, in each of which one column decides the label, and says which are read.

Run it from the project's root after `mvn package`; it needs Python alone:

    results/dirty-tables.py                      # all tables, with ./beras.jar
    results/dirty-tables.py --only 'dates|units' # those whose group or name has this
    results/dirty-tables.py --only 'day and month' --show --keep FOLDER

Each table has 900 rows to train on and 300 to test on, in files of the same form: two columns of noise, a column `x` that is
written as people write, and a `label` that x alone decides. `reach` is the accuracy of who reads every cell as it is meant; it
is below 1 where cells are missing. The verdicts:

    read      the accuracy on the test rows is at most .06 below `reach`
    asked     it is not, or the table is refused, but a message names an option, and with that option typed it is read
    said      it is read, and a message names what no reading mends, such as a copy of the label
    told      it is not read, and a message describes the cells of x, of which no option helps
    refused   an error that names no option that helps
    WRONG     trained without a word that helps

It ends with 1 if a table is refused or wrong. Values go to the file of --out, a line for each table.
"""
import argparse
import concurrent.futures
import csv
import datetime
import gzip
import io
import json
import math
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

import origin

TRAIN_ROWS, TEST_ROWS = 900, 300
TOLERANCE = 0.06
SHOPS = "north", "east", "south", "west"
# the options that say how a table is read, which a message may name
READING = "types", "na", "separator", "encoding", "header-lines", "skip-lines", "skip-footer"
VERDICTS = "read", "asked", "said", "told", "refused", "WRONG"


class Table:
    """A form of dirt. `column` gives cells of x and whether the label is yes; `layout` makes a file of rows."""

    def __init__(self, group, name, column, layout=None, reach=1.0, said=None, labels=("no", "yes"), suffix=".csv", told=None):
        self.group, self.name, self.column, self.reach, self.said, self.labels = group, name, column, reach, said, labels
        self.layout = layout or (lambda rows, rng: text(rows))
        self.suffix = suffix
        self.told = told

    def files(self):
        """The bytes of the rows to train on, and of those to test on."""
        rng = random.Random(self.name)
        cells, decided = self.column(rng, TRAIN_ROWS + TEST_ROWS)
        rows = [[f"{rng.gauss(0, 1):.3f}", cell, rng.choice(SHOPS), label(self.labels[yes], rng)]
                for cell, yes in zip(cells, decided)]
        header = ["noise", "x", "shop", "label"]
        return [self.layout([header] + part, rng) for part in (rows[:TRAIN_ROWS], rows[TRAIN_ROWS:])]


def label(written, rng):
    return written if isinstance(written, str) else rng.choice(written)


# ------------------------------------------------------------------------------------------------------- the columns

def number(write, low=0.0, high=1000.0, digits=2, logarithmic=False):
    """Numbers, of which those above the middle mean yes."""
    def column(rng, count):
        if logarithmic:
            values = [round(math.exp(rng.uniform(math.log(low), math.log(high))), digits) for _ in range(count)]
            middle = math.sqrt(low * high)
        else:
            values = [round(rng.uniform(low, high), digits) for _ in range(count)]
            middle = (low + high) / 2
        return [write(value, rng) for value in values], [value > middle for value in values]
    return column


def plain(value, rng):
    return f"{value:.2f}"


CLEAN = number(plain)


def formatted(pattern, **settings):
    return number(lambda value, rng: pattern.format(value), **settings)


def one_of(*patterns, **settings):
    return number(lambda value, rng: rng.choice(patterns).format(value), **settings)


def now_and_then(share, mark, column=CLEAN):
    """A share of the cells is `mark` in place of a number."""
    def marked(rng, count):
        cells, decided = column(rng, count)
        return [mark if rng.random() < share else cell for cell in cells], decided
    return marked


def german(value, digits=2):
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def grouped(separator, digits=2):
    return number(lambda value, rng: f"{value:,.{digits}f}".replace(",", separator), low=1, high=1e6, logarithmic=True)


def lakhs(value, rng):
    head, tail = divmod(int(value), 1000)
    parts = [f"{tail:03d}"] if head else [str(tail)]
    while head >= 100:
        head, rest = divmod(head, 100)
        parts.insert(0, f"{rest:02d}")
    if head:
        parts.insert(0, str(head))
    return ",".join(parts)


def magnitude(thousand, million):
    def write(value, rng):
        return f"{value / 1e6:.2f}{million}" if value >= 1e6 else f"{value / 1e3:.0f}{thousand}"
    return number(write, low=1e4, high=1e8, digits=0, logarithmic=True)


def bounds(pattern, low, high):
    """Numbers between the bounds; a value beyond one is written as that bound."""
    def write(value, rng):
        if low is not None and value < low:
            return pattern.format(low)
        if high is not None and value > high:
            return pattern.format(high)
        return f"{value:.1f}"
    return number(write, high=10.0, digits=1)


def mixed_units(value, rng):
    return f"{value / 1000:.3f} kg" if value >= 1000 else f"{value:.0f} g"


def limits(value, rng):
    return "<=1.0" if value <= 1 else "9.0+" if value >= 9 else f"{value:.1f}"


def eighths(value, rng):
    whole, eighth = divmod(int(value * 8), 8)
    return f"{whole} {eighth}/8" if eighth else f"{whole}"


def interval(value, rng):
    low = int(value) // 10 * 10
    return f"{low}-{low + 10}"


def date(write, years=6):
    """Dates and times of some years; April to September mean yes, so that only who sees the months can tell."""
    def column(rng, count):
        first = datetime.datetime(2018, 1, 1)
        moments = [first + datetime.timedelta(seconds=rng.randrange(years * 365 * 86400)) for _ in range(count)]
        return [write(moment, rng) for moment in moments], [4 <= moment.month <= 9 for moment in moments]
    return column


def strftime(*patterns):
    return date(lambda moment, rng: moment.strftime(rng.choice(patterns)))


def early_day(pattern):
    """Days up to the twelfth, so that no value shows whether the month or the day comes first."""
    return date(lambda moment, rng: moment.replace(day=1 + moment.day % 12).strftime(pattern))


MONTHS = {
    "English": "January February March April May June July August September October November December",
    "German": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}


def named_month(language, pattern):
    names = MONTHS[language].split()
    return date(lambda moment, rng: pattern.format(day=moment.day, month=names[moment.month - 1], year=moment.year))


def short_month(language, pattern, letters=3):
    names = [name[:letters] for name in MONTHS[language].split()]
    return date(lambda moment, rng: pattern.format(day=moment.day, month=names[moment.month - 1], year=moment.year))


def epoch(factor):
    zero = datetime.datetime(1970, 1, 1)
    return date(lambda moment, rng: str(int((moment - zero).total_seconds() * factor)))


def spreadsheet_day(moment, rng):
    return str((moment - datetime.datetime(1899, 12, 30)).days)


def clock(pattern):
    """Times of day, of which those from noon to six mean yes."""
    def column(rng, count):
        moments = [datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=rng.randrange(1440)) for _ in range(count)]
        return [moment.strftime(pattern) for moment in moments], [12 <= moment.hour < 18 for moment in moments]
    return column


def category(write, names=("Berlin", "Hamburg", "München", "Köln", "Bremen", "Leipzig")):
    """Names, of which each second one means yes."""
    def column(rng, count):
        places = [rng.randrange(len(names)) for _ in range(count)]
        return [write(names[place], rng) for place in places], [place % 2 == 1 for place in places]
    return column


def untidy(name, rng):
    return rng.choice((name, name.upper(), name.lower(), " " + name, name + " ", name + "\u00a0"))


def composed(name, rng):
    return unicodedata.normalize(rng.choice(("NFC", "NFD")), name)


WORDS = """the a this that order room table service price family morning evening weather street dinner waiter hotel city garden
window music coffee bread water station ticket driver parcel box colour shape paper number phone friend people""".split()


def has_word(write):
    """Rows mean yes if one of two words is in the text, no if one of two others is."""
    def column(rng, count):
        decided = [rng.random() < 0.5 for _ in range(count)]
        return [write(rng.choice(("excellent", "friendly") if yes else ("terrible", "broken")), rng) for yes in decided], decided
    return column


def sentence(word, rng):
    words = [rng.choice(WORDS) for _ in range(rng.randrange(6, 14))]
    words.insert(rng.randrange(len(words)), word)
    return " ".join(words).capitalize() + "."


def listed(opening, separator, closing, quote=""):
    """Lists of some of eight colours; rows that have red mean yes."""
    colours = "red", "blue", "green", "white", "black", "grey", "pink", "brown"

    def column(rng, count):
        lists = [rng.sample(colours, rng.randrange(1, 6)) for _ in range(count)]
        # as many lists with red as without
        lists = [[c for c in one if c != "red"] or ["blue"] if rng.random() < 0.2 else one for one in lists]
        cells = [opening + separator.join(quote + c + quote for c in one) + closing for one in lists]
        return cells, ["red" in one for one in lists]
    return column


def prefixed(pattern, yes=("AX", "QT"), no=("BR", "KL")):
    def column(rng, count):
        decided = [rng.random() < 0.5 for _ in range(count)]
        return [pattern.format(rng.choice(yes if d else no), rng.randrange(10**6)) for d in decided], decided
    return column


# ------------------------------------------------------------------------------------------------------- the layouts

def text(rows, separator=",", end="\n", encoding="utf-8", **settings):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end, **settings).writerows(rows)
    return out.getvalue().encode(encoding)


def layout(**settings):
    return lambda rows, rng: text(rows, **settings)


def before(*lines):
    return lambda rows, rng: "".join(line + "\n" for line in lines).encode() + text(rows)


def after(*lines):
    return lambda rows, rng: text(rows) + "".join(line + "\n" for line in lines).encode()


def below_header(*added):
    return lambda rows, rng: text(rows[:1] + [list(line) for line in added] + rows[1:])


def decimal_commas(rows, rng):
    comma = [[re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell) for cell in row] for row in rows]
    return b"\xef\xbb\xbf" + text(comma, separator=";", end="\r\n")


def aligned(rows, rng):
    return "".join("  ".join(cell.ljust(12) for cell in row).rstrip() + "\n" for row in rows).encode()


def markdown(rows, rng):
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines[:1] + ["|---|---|---|---|"] + lines[1:]).encode() + b"\n"


def sorted_index(rows, rng):
    """As pandas writes it; rows are in the order of their labels, so that the index misleads whoever takes it for a feature."""
    body = sorted(rows[1:], key=lambda row: row[-1])
    return text([[""] + rows[0]] + [[str(i)] + row for i, row in enumerate(body)])


def twin(rows, rng):
    return text([rows[0] + ["copy"]] + [row + [{"yes": "Y", "no": "N"}[row[-1]]] for row in rows[1:]])


def doubled_rows(rows, rng):
    half = rows[1:1 + (len(rows) - 1) // 2]
    both = half + half
    rng.shuffle(both)
    return text(rows[:1] + both)


def single_label(rows, rng):
    return text(rows[:-1] + [rows[-1][:-1] + ["maybe"]]) if len(rows) > TEST_ROWS + 1 else text(rows)


def repeated_header(rows, rng):
    return text([line for i, row in enumerate(rows) for line in ([rows[0]] if i and i % 300 == 0 else []) + [row]])


def blank_lines(rows, rng):
    return b"\n".join(text([row]).rstrip() + (b"\n" if i % 5 == 4 else b"") for i, row in enumerate(rows)) + b"\n"


def zipped(rows, rng):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", text(rows))
    return out.getvalue()


def json_lines(rows, rng):
    return "".join(json.dumps(dict(zip(rows[0], row))) + "\n" for row in rows[1:]).encode()


def totals(rows, rng):
    return text(rows + [["Total", f"{sum(float(row[1]) for row in rows[1:]):.2f}", "", ""]])


MINUS, NARROW, THIN, HARD, DASH = "\u2212", "\u202f", "\u2009", "\u00a0", "\u2014"
UP_DOWN = {"low": -1000.0, "high": 1000.0}
WIDE = {"low": 1.0, "high": 1e6, "logarithmic": True}

NO_NUMBER, UNITS = "begin with a number but are none", "different words behind them"

TABLES = [
    # --- numbers
    Table("numbers", "percent with a space", formatted("{:.1f} %", high=100, digits=1)),
    Table("numbers", "percent without a space", formatted("{:.1f}%", high=100, digits=1)),
    Table("numbers", "thousands by commas", grouped(",")),
    Table("numbers", "thousands by apostrophes", grouped("'")),
    Table("numbers", "thousands by narrow spaces", grouped(NARROW)),
    Table("numbers", "thousands by hard spaces", grouped(HARD)),
    Table("numbers", "thousands by thin spaces", grouped(THIN)),
    Table("numbers", "thousands by spaces", grouped(" ")),
    Table("numbers", "thousands by underscores", grouped("_", digits=0)),
    Table("numbers", "thousands by points, decimal comma", number(lambda v, rng: german(v), **WIDE)),
    Table("numbers", "decimal comma", number(lambda v, rng: f"{v:.2f}".replace(".", ","))),
    Table("numbers", "Indian groups", number(lakhs, low=10, high=1e8, digits=0, logarithmic=True)),
    Table("numbers", "brackets for minus", number(lambda v, rng: f"({-v:.2f})" if v < 0 else f"{v:.2f}", **UP_DOWN)),
    Table("numbers", "dollars in brackets", number(lambda v, rng: f"$({-v:.2f})" if v < 0 else f"${v:.2f}", **UP_DOWN)),
    Table("numbers", "brackets around dollars", number(lambda v, rng: f"(${-v:.2f})" if v < 0 else f"${v:.2f}", **UP_DOWN)),
    Table("numbers", "minus before dollars", number(lambda v, rng: f"-${-v:.2f}" if v < 0 else f"${v:.2f}", **UP_DOWN)),
    Table("numbers", "minus behind", number(lambda v, rng: f"{-v:.0f}-" if v < 0 else f"{v:.0f}", digits=0, **UP_DOWN)),
    Table("numbers", "mathematical minus", number(lambda v, rng: f"{v:.2f}".replace("-", MINUS), **UP_DOWN)),
    Table("numbers", "plus signs", formatted("{:+.2f}", **UP_DOWN)),
    Table("numbers", "currency before", formatted("${:,.2f}", **WIDE)),
    Table("numbers", "currency behind", number(lambda v, rng: german(v) + " €", **WIDE)),
    Table("numbers", "code of a currency before", formatted("USD {:,.2f}", **WIDE)),
    Table("numbers", "code of a currency behind", formatted("{:,.2f} CHF", **WIDE)),
    Table("numbers", "scientific", formatted("{:.3E}", **WIDE)),
    Table("numbers", "hexadecimal", number(lambda v, rng: f"0x{int(v):X}", high=65536, digits=0), told=NO_NUMBER),
    Table("numbers", "fractions", number(eighths, high=100), told="write the numbers alone"),
    Table("numbers", "quoted with spaces around", number(lambda v, rng: f"  {v:.2f} ")),
    # --- units
    Table("units", "12 kg", formatted("{:.1f} kg", high=100, digits=1)),
    Table("units", "12cm", formatted("{:.1f}cm", high=100, digits=1)),
    Table("units", "degrees", formatted("{:.1f} °C", low=-20, high=40, digits=1)),
    Table("units", "kg and g", number(mixed_units, low=10, high=1e5, digits=0, logarithmic=True), told=UNITS),
    Table("units", "1.2M and 350K", magnitude("K", "M"), told=UNITS),
    Table("units", "1.2m and 350k", magnitude("k", "m"), told=UNITS),
    Table("units", "2h 30m", number(lambda v, rng: f"{int(v) // 60}h {int(v) % 60}m", high=600, digits=0), told=NO_NUMBER),
    Table("units", "45 min", number(lambda v, rng: f"{v:.0f} min", high=600, digits=0)),
    Table("units", "1:30:00 as a duration", number(lambda v, rng: f"{int(v) // 3600}:{int(v) // 60 % 60:02d}:{int(v) % 60:02d}",
                                                  high=180000, digits=0), told=NO_NUMBER),
    Table("units", "about, ~12", formatted("~{:.1f}", high=100, digits=1)),
    Table("units", "footnotes, 12*", number(lambda v, rng: f"{v:.1f}" + rng.choice(("", "*", "**")), high=100, digits=1)),
    Table("units", "below a limit, <0.5", bounds("<{}", 0.5, None)),
    Table("units", "below a limit, < 2.5 of many", bounds("< {}", 2.5, None)),
    Table("units", "above a limit, >9.0", bounds(">{}", None, 9.0)),
    Table("units", "limits, <=1.0 and 9.0+", number(limits, high=10, digits=1)),
    Table("units", "intervals, 10-20", number(interval, digits=0), told=NO_NUMBER),
    Table("units", "numbered, No. 12", formatted("No. {:.0f}", high=5000, digits=0), told="as those of ids do"),
    # --- dates
    Table("dates", "2024-01-31", strftime("%Y-%m-%d")),
    Table("dates", "20240131", strftime("%Y%m%d")),
    Table("dates", "31.01.2024", strftime("%d.%m.%Y")),
    Table("dates", "1/31/2024 1:30 PM", strftime("%m/%d/%Y %I:%M %p")),
    Table("dates", "31/01/24", strftime("%d/%m/%y")),
    Table("dates", "day and month up to 12, day first", early_day("%d/%m/%Y")),
    Table("dates", "mixed forms", strftime("%Y-%m-%d", "%d.%m.%Y", "%b %d, %Y")),
    Table("dates", "with time zone", strftime("%Y-%m-%dT%H:%M:%S+02:00")),
    Table("dates", "with weekday", strftime("%a, %d %b %Y %H:%M:%S GMT")),
    Table("dates", "seconds since 1970", epoch(1)),
    Table("dates", "milliseconds since 1970", epoch(1000)),
    Table("dates", "days of a spreadsheet", date(spreadsheet_day)),
    Table("dates", "year and month", strftime("%Y-%m")),
    Table("dates", "compact with time", strftime("%Y%m%d%H%M%S")),
    Table("dates", "January 31, 2024", named_month("English", "{month} {day}, {year}")),
    Table("dates", "31-Jan-2024", short_month("English", "{day}-{month}-{year}")),
    Table("dates", "1. Januar 2024", named_month("German", "{day}. {month} {year}")),
    Table("dates", "1. Jan. 2024 in German", short_month("German", "{day}. {month}. {year}")),
    Table("dates", "1 janvier 2024", named_month("French", "{day} {month} {year}")),
    Table("dates", "1 de enero de 2024", named_month("Spanish", "{day} de {month} de {year}")),
    Table("dates", "1 gennaio 2024", named_month("Italian", "{day} {month} {year}")),
    Table("dates", "time of day", clock("%H:%M")),
    Table("dates", "time of day with PM", clock("%I:%M %p")),
    # --- missing and far values
    Table("missing", "unknown in 10 %", now_and_then(0.1, "unknown"), reach=0.95),
    Table("missing", "em dash in 20 %", now_and_then(0.2, DASH), reach=0.9),
    Table("missing", "hyphen in 20 %", now_and_then(0.2, "-"), reach=0.9),
    Table("missing", "point in 20 %", now_and_then(0.2, "."), reach=0.9),
    Table("missing", "TBD in 10 %", now_and_then(0.1, "TBD"), reach=0.95),
    Table("missing", "k. A. in 10 %", now_and_then(0.1, "k. A."), reach=0.95),
    Table("missing", "not available in 10 %", now_and_then(0.1, "not available"), reach=0.95),
    Table("missing", "-9999 in 10 %", now_and_then(0.1, "-9999"), reach=0.95),
    Table("missing", "999 in 10 % of small numbers", now_and_then(0.1, "999", formatted("{:.1f}", high=10, digits=1)),
          reach=0.95),
    Table("missing", "1e12 in .5 %", now_and_then(0.005, "1e12")),
    Table("missing", "1e400 in .5 %", now_and_then(0.005, "1e400")),
    Table("missing", "Infinity in 1 %", now_and_then(0.01, "Infinity")),
    Table("missing", "errors of spreadsheets", now_and_then(0.1, "#REF!"), reach=0.95),
    # --- labels and categories
    Table("labels", "case and spaces in labels", CLEAN, labels=(("no", "NO ", "No", " no"), ("yes", "YES ", "Yes", " yes"))),
    Table("labels", "TRUE, true, T", CLEAN, labels=(("FALSE", "false", "F"), ("TRUE", "true", "T"))),
    Table("labels", "hard spaces in labels", CLEAN, labels=(("no", "no\u00a0"), ("yes", "yes\u00a0"))),
    Table("labels", "a label of one row", CLEAN, layout=single_label, said=r"maybe"),
    Table("labels", "case and spaces in categories", category(untidy)),
    Table("labels", "composed and decomposed letters",
          category(composed, ("Zoë", "Réunion", "Görlitz", "Łódź", "Ålesund", "Niño"))),
    # --- text
    Table("text", "free text", has_word(sentence)),
    Table("text", "lists by semicolons", listed("", ";", "")),
    Table("text", "lists by commas", listed("", ", ", "")),
    Table("text", "lists of JSON", listed("[", ", ", "]", '"')),
    Table("text", "lists by bars", listed("", "|", "")),
    Table("text", "domains of e-mail",
          prefixed("user{1}@{0}", ("mail.example", "post.example"), ("firm.example", "shop.example"))),
    Table("text", "prefixes of codes", prefixed("{0}-{1:06d}")),
    Table("text", "prefixes without a hyphen", prefixed("{0}{1:06d}"), told="as those of ids do"),
    Table("text", "hosts of URLs",
          prefixed("https://{0}/page/{1}", ("www.a.example", "b.example"), ("c.example", "www.d.example"))),
    # --- layouts
    Table("layout", "BOM, semicolons, decimal commas", CLEAN, decimal_commas),
    Table("layout", "row of units", CLEAN, below_header(("m/s", "kg", "", ""))),
    Table("layout", "row of totals", CLEAN, totals),
    Table("layout", "row of dashes", CLEAN, below_header(("-----", "-----", "-----", "-----"))),
    Table("layout", "separator at the end of rows", CLEAN, lambda rows, rng: text([row + [""] for row in rows])),
    Table("layout", "one empty cell more in each row", CLEAN,
          lambda rows, rng: text(rows[:1] + [row + [""] for row in rows[1:]])),
    Table("layout", "doubled names", CLEAN, lambda rows, rng: text([["a", "a", "a", "label"]] + rows[1:])),
    Table("layout", "CR alone", CLEAN, layout(end="\r")),
    Table("layout", "title row", CLEAN, before("Sales of 2024")),
    Table("layout", "title row and an empty row", CLEAN, before("Sales of 2024,,,", ",,,")),
    Table("layout", "comment rows", CLEAN, before("# made by a device", "# version 3, calibrated")),
    Table("layout", "two rows of header", CLEAN, before("measured,,sold,")),
    Table("layout", "sep=;", CLEAN, lambda rows, rng: b"sep=;\r\n" + text(rows, separator=";", end="\r\n")),
    Table("layout", "footer", CLEAN, after("", "Source: office of statistics")),
    Table("layout", "footer with the number of rows", CLEAN, after("(900 rows)")),
    Table("layout", "spaces as separator", CLEAN, layout(separator=" ")),
    Table("layout", "columns aligned by spaces", CLEAN, aligned),
    Table("layout", "Markdown", CLEAN, markdown),
    Table("layout", "bars", CLEAN, layout(separator="|")),
    Table("layout", "tabs", CLEAN, layout(separator="\t")),
    Table("layout", "blank line first", CLEAN, before("")),
    Table("layout", "blank lines between", CLEAN, blank_lines),
    Table("layout", "header again between rows", CLEAN, repeated_header),
    Table("layout", "spaces around names", CLEAN, lambda rows, rng: text([[f" {n} " for n in rows[0]]] + rows[1:])),
    Table("layout", "spaces behind separators", CLEAN, lambda rows, rng: text(rows).replace(b",", b", ")),
    Table("layout", "all quoted", CLEAN, layout(quoting=csv.QUOTE_ALL)),
    Table("layout", "UTF-16", CLEAN, layout(encoding="utf-16")),
    Table("layout", "gzip", CLEAN, lambda rows, rng: gzip.compress(text(rows), mtime=0), suffix=".csv.gz"),
    Table("layout", "zip", CLEAN, zipped, suffix=".zip"),
    Table("layout", "JSON lines, numbers as text", CLEAN, json_lines, suffix=".jsonl"),
    Table("layout", "pandas' index", CLEAN, sorted_index, said=r"(?i)\bindex\b|(counts|numbers) the rows|row numbers?"),
    Table("layout", "column that equals the label", CLEAN, twin, said=r"^ *copy\b.*determines the target by itself"),
    Table("layout", "each row twice", CLEAN, doubled_rows, said=r"(?i)duplicate|twice|identical|same row|equal"),
]


# ----------------------------------------------------------------------------------------------------------------- BERAS

def java(options, *arguments):
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dberas.simd=off", "--add-modules", "jdk.incubator.vector",
               "-jar", options.jar, *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    said = "\n".join(line for line in done.stderr.splitlines() if "incubator modules" not in line)
    return done.returncode == 0, done.stdout, said


def train(options, files, typed=()):
    """The accuracy on the test rows, NaN if a command ends with an error, and what was said."""
    training, test = files
    model = training + ".beras"
    done, out, said = java(options, "train", "--data", training, "--target", "label", "--out", model, "--force", "--json",
                           "--seed", "1", "--ensemble", "1", *typed)
    if not done:
        return math.nan, said
    # what columns are taken for is kept in the model, how files are laid out is not
    again = [word for pair in zip(typed[::2], typed[1::2]) if pair[0] != "--types" for word in pair]
    done, out, more = java(options, "evaluate", model, "--data", test, "--json", *again)
    return (json.loads(out.splitlines()[-1])["accuracy"] if done else math.nan), said + "\n" + more


def proposed(said):
    """Options in a message, as one would type them: ["--types", "x=date"], those about x first."""
    found = []
    for line in sorted(said.splitlines(), key=lambda line: not re.search(r"\bx\b", line)):
        for option, value in re.findall(r"--(" + "|".join(READING) + r")[ =]((?:\"[^\"]*\"|'[^']*'|[^\s\"'])+)", line):
            try:
                value = shlex.split(value.rstrip(").;,:") if value[-1] not in "\"'" else value)[0]
            except (ValueError, IndexError):
                continue
            if ["--" + option, value] not in found:
                found.append(["--" + option, value])
    return found


def judge(table, options, folder):
    files = [os.path.join(folder, part + table.suffix) for part in ("train", "test")]
    for path, content in zip(files, table.files()):
        with open(path, "wb") as file:
            file.write(content)
    accuracy, said = train(options, files)
    verdict, typed, then = None, "", math.nan
    if table.said:
        verdict = "said" if re.search(table.said, said, re.MULTILINE) and accuracy >= table.reach - TOLERANCE else "WRONG"
    elif accuracy >= table.reach - TOLERANCE:
        verdict = "read"
    else:
        for option in proposed(said):
            typed = shlex.join(option)
            then, more = train(options, files, option)
            said += f"\n--- with {typed}\n{more}"
            if then >= table.reach - TOLERANCE:
                verdict = "asked"
                break
        if not verdict and table.told and re.search(r"^ *x\b.*" + table.told, said, re.MULTILINE):
            typed, then, verdict = "", math.nan, "told"
        verdict = verdict or ("refused" if math.isnan(accuracy) else "WRONG")
    return verdict, accuracy, typed, then, said.replace(folder + os.sep, "")


def message(table, said):
    """The line of what was said that tells most: an error, or what there is about x."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for wanted in r"beras: ", table.said, "label  " if table.group == "labels" else r"(x|column1)\b":
        for line in lines:
            if wanted and (re.search if wanted == table.said else re.match)(wanted, line):
                return re.sub(r"  +", "  ", line)
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", default="beras.jar", help="default: %(default)s")
    parser.add_argument("--out", help="where the lines go; default: results/dirty.csv if all tables are made, else nowhere")
    parser.add_argument("--only", default="", help="a regular expression: the tables whose group or name has it")
    parser.add_argument("--show", action="store_true", help="print all that BERAS says")
    parser.add_argument("--keep", help="leave the tables in this folder")
    parser.add_argument("--jobs", type=int, default=1, help="how many tables to train on at a time; default: %(default)s")
    parser.add_argument("--list", action="store_true", help="print the names of the tables and a row of each, and train on none")
    options = parser.parse_args()
    if not options.list and not os.path.isfile(options.jar):
        sys.exit(f"Expected: BERAS's jar, as `mvn package` makes it, or --jar. Received: {options.jar}, which is not there")
    tables = [table for table in TABLES if re.search(options.only, f"{table.group}: {table.name}")]
    if not tables:
        sys.exit(f"Expected: --only that matches a table, see --list. Received: {options.only}")
    if options.list:
        for table in tables:
            print(f"{table.group}: {table.name}: " + repr(table.files()[0].splitlines()[5])[:100])
        return
    out = options.out or (None if options.only else "results/dirty.csv")
    lines, counts = [], dict.fromkeys(VERDICTS, 0)

    def judged(table):
        with tempfile.TemporaryDirectory() as folder:
            if options.keep:
                folder = os.path.join(options.keep, re.sub(r"[^A-Za-z0-9]+", "-", f"{table.group} {table.name}").strip("-"))
                os.makedirs(folder, exist_ok=True)
            return judge(table, options, folder)

    pool = concurrent.futures.ThreadPoolExecutor(options.jobs)
    for table, (verdict, accuracy, typed, then, said) in zip(tables, pool.map(judged, tables)):
        counts[verdict] += 1
        told = message(table, said)
        lines.append([table.group, table.name, verdict, f"{table.reach:g}", digits(accuracy), typed, digits(then), told])
        print(f"{verdict:8}{table.group + ': ' + table.name:46}{digits(accuracy) or 'refused':8}"
              + (f" with {typed}: {digits(then) or 'refused'}" if typed else "")
              + (f"  | {told[:150]}" if verdict in ("refused", "WRONG") and told else ""), flush=True)
        if options.show:
            print("        " + said.replace("\n", "\n        "), flush=True)
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()) + f", of {len(tables)}")
    if out:
        with open(out, "w", newline="", encoding="utf-8") as file:
            file.write(origin.line())
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["group", "table", "verdict", "reach", "accuracy", "option", "accuracy_with_option", "message"])
            writer.writerows(lines)
    sys.exit(1 if counts["refused"] + counts["WRONG"] else 0)


def digits(value):
    return "" if math.isnan(value) else f"{value:.3f}"


if __name__ == "__main__":
    main()
