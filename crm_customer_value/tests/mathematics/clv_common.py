"""What the tests of the pure mathematics in ``engine`` share.

They need neither a database nor Odoo: ``python -m unittest test_clv_golden`` in this folder runs them too.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import unittest
import zipfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np

try:
    from odoo.tests import BaseCase, tagged
except ImportError:  # no Odoo: unittest knows neither tags nor Odoo's log of tests
    BaseCase = unittest.TestCase

    def tagged(*_tags):
        return lambda case: case

ADDON = Path(__file__).resolve().parents[2]
ENGINE = ADDON / "engine"
START = np.datetime64("1997-01-01")
# Weeks 1 to 39 are learnt from, 40 to 78 held back: days from START, the last one included.
LEARNT, HELD_BACK = 39 * 7 - 1, 78 * 7 - 1


@tagged("post_install", "-at_install")
class Case(BaseCase):
    """A test of pure mathematics."""

    def assert_close(self, got, wanted, tolerance=1e-9, message=None):
        """Compare numbers or arrays, relatively above 1 and absolutely below."""
        got, wanted = np.asarray(got, float), np.asarray(wanted, float)
        self.assertEqual(got.shape, wanted.shape, message)
        error = np.abs(got - wanted) / np.maximum(1, np.abs(wanted))
        self.assertLessEqual(error.max(initial=0.0), tolerance, message or f"{got} is not {wanted}")


def engine(name):
    """Import a module of ``engine`` that needs no Odoo, without the addon around it."""
    package = "customer_value_engine_alone"
    if package not in sys.modules:
        spec = importlib.machinery.ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(ENGINE)]
        sys.modules[package] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"{package}.{name}")


@cache
def cdnow_lines(sample):
    """Return the lines of CDNOW's file of all customers, or of its sample of a tenth.

    ``CDNOW_MASTER`` names the file, beside which the sample lies; else it comes from the wheel that
    ``./dev run`` uses for its demo company.
    """
    given = os.environ.get("CDNOW_MASTER")
    name = "CDNOW_sample.txt" if sample else "CDNOW_master.txt"
    if given:
        path = Path(given).with_name(name) if sample else Path(given)
        return path.read_text("ascii").splitlines()
    root = ADDON.parent
    if not (root / "tools" / "cdnow.py").exists():
        raise AssertionError(
            "the CDNOW data is missing: set CDNOW_MASTER to the path of CDNOW_master.txt (with CDNOW_sample.txt"
            " beside it), which lie in the wheel of lifetimes 0.11.3"
        )
    if str(root) not in sys.path:
        sys.path.append(str(root))
    cdnow, paths = importlib.import_module("tools.cdnow"), importlib.import_module("tools.paths")
    with zipfile.ZipFile(cdnow.download(paths.CACHE, sys.executable)) as archive:
        return archive.read(f"lifetimes/datasets/{name}").decode("ascii").splitlines()


@cache
def cdnow(sample=False):
    """Return the histories of CDNOW's customers, and what they did in the time held back."""
    rows = [line.split() for line in cdnow_lines(sample) if line.split()[0].isdigit()]
    # The sample has the number of the customer in the sample as a second column.
    customer = np.array([int(row[0]) for row in rows])
    date = [f"{row[-3][:4]}-{row[-3][4:6]}-{row[-3][6:]}" for row in rows]
    day = (np.array(date, "datetime64[D]") - START).astype(int)
    spent = np.array([float(row[-1]) for row in rows])
    # Purchases of one day count once.
    events, place = np.unique(np.stack([customer, day]), axis=1, return_inverse=True)
    spent = np.bincount(place.ravel(), spent)
    learnt = events[1] <= LEARNT
    customers, first, place, count = np.unique(
        events[0, learnt], return_index=True, return_inverse=True, return_counts=True
    )
    day, money = events[1, learnt], spent[learnt]
    x, begin, last = count - 1.0, day[first], day[first + count - 1]
    gaps = np.diff(day, prepend=0) / 7.0
    gaps[first] = 1.0
    later = (events[1] > LEARNT) & (events[1] <= HELD_BACK)
    place_later = np.searchsorted(customers, events[0, later])
    total = np.bincount(place, money)
    return SimpleNamespace(
        x=x, t_x=(last - begin) / 7, T=(LEARNT - begin) / 7, sum_log_gaps=np.bincount(place, np.log(gaps)),
        repeat_mean=(total - money[first]) / np.maximum(x, 1), mean=total / count, horizon=39.0,
        purchases=np.bincount(place_later, minlength=len(x)).astype(float),
        money=np.bincount(place_later, spent[later], len(x)),
    )


def simulated(customers, params, k=1, late=False, seed=1, weeks=(26, 156)):
    """Return histories drawn from the model itself, with purchases at any moment, and what follows them.

    :param late: as in BG/NBD, nobody leaves at the first purchase
    :return: x, t_x, T, sum_log_gaps, and a function from a horizon up to 52 weeks to the purchases in it
    """
    random = np.random.default_rng(seed)
    r, alpha, a, b = params
    T = random.integers(*weeks, customers).astype(float)
    rate, leaving = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    x, t_x, log_gaps, moment = (np.zeros(customers) for _ in range(4))
    alive = np.full(customers, late) | (random.random(customers) >= leaving)
    going, later = np.flatnonzero(alive), []
    while len(going):
        gap = random.gamma(k, 1 / rate[going])
        moment[going] += gap
        seen = moment[going] <= T[going]
        who = going[seen]
        x[who] += 1
        t_x[who], log_gaps[who] = moment[who], log_gaps[who] + np.log(gap[seen])
        # What comes after a year is not looked at.
        follows = going[~seen & (moment[going] <= T[going] + 52)]
        later.append((follows, moment[follows] - T[follows]))
        going = going[moment[going] <= T[going] + 52]
        going = going[random.random(len(going)) >= leaving[going]]
    who, when = (np.concatenate(parts) for parts in zip(*later, strict=True))

    def following(horizon):
        return np.bincount(who[when <= horizon], minlength=customers)

    return x, t_x, T, log_gaps, following
