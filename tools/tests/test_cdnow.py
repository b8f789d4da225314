"""The purchases of the CD shop: the file, its shift into last week, the CSV for the wizard."""

import csv
import sys
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tools import cdnow, paths


@pytest.fixture(scope="module")
def rows():
    return list(cdnow.purchases(cdnow.download(paths.CACHE, sys.executable)))


def test_file(rows):
    assert len(rows) == 69659
    assert len({row.customer for row in rows}) == 23570
    assert sum(row.dollars for row in rows) == Decimal("2500315.63")
    assert (min(row.day for row in rows), max(row.day for row in rows)) == (date(1997, 1, 1), date(1998, 6, 30))


def test_shift_by_whole_weeks_into_last_week(rows):
    few = [*rows[:50], max(rows, key=lambda row: row.day)]
    for today in (date(2025, 12, 29) + timedelta(days=number) for number in range(14)):
        moved = cdnow.shifted(few, today)
        last = max(row.day for row in moved)
        assert last.isocalendar()[:2] == (today - timedelta(weeks=1)).isocalendar()[:2]
        assert {(after.day - before.day).days for before, after in zip(few, moved, strict=True)} == {
            (last - date(1998, 6, 30)).days
        }
        assert (last - date(1998, 6, 30)).days % 7 == 0


def test_csv(rows, tmp_path):
    cdnow.write_csv(rows[:3], tmp_path / "shop.csv")
    with open(tmp_path / "shop.csv", newline="") as source:
        table = list(csv.DictReader(source))
    assert table[0] == {
        "Customer Reference": "CD00001", "Customer Name": "CD Customer 00001", "Date": "1997-01-01",
        "Amount": "11.77", "Reference": "CDNOW/00001",
    }
    assert len({row["Reference"] for row in table}) == 3


def test_incomplete_download_is_not_taken(tmp_path):
    (tmp_path / "cd-shop").mkdir()
    (tmp_path / "cd-shop" / "Lifetimes-0.11.3-py3-none-any.whl").write_bytes(b"half")
    assert cdnow.cached(tmp_path) is None
