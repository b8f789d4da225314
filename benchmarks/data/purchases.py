"""What ``./dev bench purchases`` runs in a shell of its database: files of product lines, imported and measured.

Nothing is kept: each file is imported into the company as it was before.
"""

import csv
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

from odoo.exceptions import UserError

HEADER = ("Invoice", "Invoice Date", "Customer ID", "Customer", "Product Code", "Product", "Quantity", "Price")
LINES_PER_INVOICE, LINES_PER_CUSTOMER, PRODUCTS = 4, 40, 5_000


def lines(number, *, products=PRODUCTS, day="2025-{:02}-{:02}"):
    """Yield the lines of a file: four make an invoice, ten invoices come from one customer."""
    for i in range(number):
        invoice, customer, product = i // LINES_PER_INVOICE, i // LINES_PER_CUSTOMER, i % products
        yield (
            f"INV{invoice:07}", day.format(1 + invoice % 12, 1 + invoice % 28), f"BENCH-C{customer:06}",
            f"Customer Number {customer}", f"BENCH-P{product:06}", f"Product Number {product}", 1 + i % 5,
            f"{1 + i % 90}.{i % 100:02}",
        )


def write_csv(path, rows):
    """Write a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(HEADER)
        writer.writerows(rows)


def write_xlsx(path, rows):
    """Write a workbook, row by row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lines")
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    book.save(path)


def measure_all(env, number):
    """Measure files of ``number`` lines, and print what each took.

    :param int number: lines of a file; the limit of an import is set to it
    """
    env["ir.config_parameter"].set_param("crm_customer_value.import_max_rows", str(number))
    company = env["res.company"].create({"name": "Benchmark Imports", "currency_id": env.ref("base.USD").id})
    env.user.company_ids |= company
    env.cr.commit()
    print(f"{'':<46} {'s':>7} {'MB':>6} {'MB more':>8}  result")
    both = {"create_customers": True, "create_products": True}
    with tempfile.TemporaryDirectory() as folder:
        usual, sheet = Path(folder) / "lines.csv", Path(folder) / "lines.xlsx"
        write_csv(usual, lines(number))
        write_xlsx(sheet, lines(number))
        measure(env, company, "dry run", usual, {**both, "dry_run": True})
        measure(env, company, "customers and products created", usual, both)
        measure(env, company, "the same as a workbook", sheet, both)
        measure(env, company, "the same, imported before", usual, both, before=usual)
        write_csv(usual, lines(number, products=number))
        measure(env, company, "a product of its own on each line, kept as text", usual, {"create_customers": True})
        write_csv(usual, lines(number, day="2025-13-{1:02}"))
        measure(env, company, "every line refused", usual, both)
        write_csv(usual, lines(number + 1))
        measure(env, company, "a line more than the limit", usual, both)


def measure(env, company, title, path, options, before=None):
    """Import one file, print time, memory and result, and take everything back."""
    importer = env["customer.purchase.import"]
    if before:
        importer._import_file(company, before.name, str(before), options)
        env.flush_all()
    env.invalidate_all()
    start, begun = memory(reset=True), time.perf_counter()
    try:
        result = importer._import_file(company, path.name, str(path), options)
        env.flush_all()
        text = f"{result.purchases:,} purchases of {result.imported:,} lines, {result.known:,} known, " \
               f"{result.refused:,} refused ({len(result.error_file) / 1e6:.0f} MB of reasons)"
    except UserError as error:
        text = str(error)
    seconds, peak = time.perf_counter() - begun, memory()
    print(f"{title:<46} {seconds:>7.1f} {peak:>6.0f} {peak - start:>8.0f}  {text}", flush=True)
    env.cr.rollback()
    env.invalidate_all()


def memory(*, reset=False):
    """Return the most memory this process took since the last reset, in MB; Linux counts it."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
