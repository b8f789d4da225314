"""Time of a recompute against the bare aggregate of the same orders, in a database of its own.

    ./dev bench recompute --customers 10000

Makes the database ``bench``, fills it by SQL (``data/generate.py``) and prints medians and ratios
for the larger of its two companies.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "bench"
ROUNDS = 5

MEASURE = """
import statistics, time

company = generate(env, {customers})[0]
env.cr.execute("ANALYZE res_partner, sale_order")
runs = env["customer.value.run"]


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def bare():
    env.cr.execute(
        "SELECT partner_id, COUNT(*), SUM(amount_untaxed), MIN(date_order), MAX(date_order)"
        "  FROM sale_order WHERE state = 'sale' AND company_id = %s GROUP BY partner_id", [company.id])


first = seconds(lambda: runs._recompute(company))
pairs = [(seconds(bare), seconds(lambda: runs._recompute(company))) for _round in range({rounds})]
some = env["customer.value"].search([("company_id", "=", company.id)], limit=1000).partner_id
changed = statistics.median(
    seconds(lambda: runs._recompute(company, partners=some)) for _round in range({rounds}))
plain, full = (statistics.median(column) for column in zip(*pairs))
print("customers", env["customer.value"].search_count([("company_id", "=", company.id)]))
for name, value in (("bare aggregate", plain), ("full, everybody new", first),
                    ("full, nothing changed", full), ("1,000 customers", changed)):
    print(f"{{name:24}} {{value:8.3f}} s {{value / plain:7.1f}} x")
"""


def main():
    """Make the database, run the measurement in it, and print what it prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--customers", type=int, default=10000)
    customers = parser.parse_args().customers
    if customers < 1:
        parser.error("--customers must be 1 or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    script = (ROOT / "benchmarks" / "data" / "generate.py").read_text()
    script += MEASURE.format(customers=customers, rounds=ROUNDS)
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
