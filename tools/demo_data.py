"""The second company of the demo database: a shop with the real purchases of CDNOW.

Run once by ``./dev run`` as ``./dev shell`` runs scripts: in the root of the checkout, with
``env`` bound. Running it again adds nothing.
"""

import os
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

sys.path.insert(0, os.getcwd())

from tools import cdnow
from tools.paths import CACHE

NAME = "CD shop"
LOGINS = ("admin", "demo")
MONTH_ENDS = 4


def cd_shop():
    """Return the company, made if it is not there, with its users."""
    company = env["res.company"].search([("name", "=", NAME)], limit=1)
    if not company:
        company = env["res.company"].create({
            "name": NAME,
            "currency_id": env.ref("base.USD").id,
            "country_id": env.ref("base.us").id,
        })
    users = env["res.users"].search([("login", "in", LOGINS)])
    (users - company.user_ids).write({"company_ids": [(4, company.id)]})
    return company


def import_purchases(company):
    """Import CDNOW's file by the wizard's own code; return the result."""
    zone = ZoneInfo(env["customer.value.policy"]._get_active(company).tz)
    today = datetime.now(zone).date()
    rows = cdnow.shifted(cdnow.purchases(cdnow.download(CACHE, sys.executable)), today)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cd-shop.csv"
        cdnow.write_csv(rows, path)
        return env["customer.purchase.import"]._import_file(
            company, path.name, str(path), {"create_customers": True}
        )


def keep_month_ends(company):
    """Compute the last month ends in order, so that trends and value migration have a past."""
    begun = time.monotonic()
    last = env["customer.value.snapshot"]._last_month_end(company)
    days = [last - relativedelta(months=months, day=31) for months in reversed(range(MONTH_ENDS))]
    kept = sum(env["customer.value.run"]._recompute(company, as_of=day).snapshots for day in days)
    env.cr.commit()
    print(f"          {NAME}: {kept:,} snapshots of {MONTH_ENDS} month ends in {time.monotonic() - begun:.1f} s")


def main():
    """Make the company, import its purchases, compute the values of its customers."""
    begun = time.monotonic()
    company = cd_shop()
    if not env["customer.purchase.history"].search_count([("company_id", "=", company.id)], limit=1):
        result = import_purchases(company)
        refused = ", ".join(f"{count:,} {reason}" for reason, count in sorted(result.errors.items()))
        print(
            f"          {NAME}: {result.rows:,} rows = {result.imported:,} imported + {result.refused:,} refused"
            f" ({refused}); {result.created:,} customers; {time.monotonic() - begun:.1f} s"
        )
        # The planner still believes in a shop without customers.
        env.cr.execute("ANALYZE res_partner, customer_purchase_history")
        env.cr.commit()
        keep_month_ends(company)
    run = env["customer.value.run"]._recompute(company)
    print(f"          {NAME}: values of {run.customers:,} customers computed in {run.duration:.1f} s")
    env.cr.commit()


main()
