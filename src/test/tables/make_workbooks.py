"""Makes the workbooks of the tests by openpyxl (Debian: python3-openpyxl).

/usr/bin/python3 src/test/tables/make_workbooks.py src/test/resources/tables data/penguins.csv
"""
import csv
import datetime
import sys

import openpyxl

folder, penguins = sys.argv[1:]


def value(text):
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text or None


book = openpyxl.Workbook()
sheet = book.active
sheet.title = "penguins"
with open(penguins, newline="") as file:
    for row in csv.reader(file):
        sheet.append([value(cell) for cell in row])
book.save(folder + "/penguins.xlsx")

for name, epoch in (("kinds", openpyxl.utils.datetime.WINDOWS_EPOCH), ("kinds-1904", openpyxl.utils.datetime.MAC_EPOCH)):
    book = openpyxl.Workbook()
    book.epoch = epoch
    hidden = book.active
    hidden.title = "notes"
    hidden.append(["no", "table"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("Ärzte & Co")
    sheet.append(["day", "moment", "clock", "share", "yes", "text", "error", "spent"])
    sheet.append([datetime.date(2024, 1, 31), datetime.datetime(2024, 1, 31, 12, 30, 0), datetime.time(7, 5), 0.1 + 0.2, True,
                  'a "quoted", text\nof two lines', "#N/A", datetime.timedelta(hours=36)])
    sheet.append([datetime.date(1999, 12, 31), datetime.datetime(1999, 12, 31, 23, 59, 59, 500000), datetime.time(0, 0, 1), 1e-7, False,
                  " spaces ", "#DIV/0!", datetime.timedelta(minutes=90)])
    sheet.append([None, None, None, 12345678901234567890, None, "007", None, None])
    sheet["D2"].number_format = "0.00%"
    sheet["D3"].number_format = '[Red]0.0" days";@'
    sheet["A3"].number_format = 'd. mmm yyyy'
    book.create_sheet("second").append(["a"])
    book.save(folder + "/" + name + ".xlsx")
