"""What many answers on one scale say together, and whether that can be said."""

from typing import NamedTuple

from . import intervals


class Answers(NamedTuple):
    """The answers on one scale about one thing, counted."""

    asked: int = 0  # with those who did not answer
    good: int = 0
    middling: int = 0
    bad: int = 0
    total: int = 0  # of the scores

    @property
    def count(self):
        return self.good + self.middling + self.bad

    def __add__(self, other):
        return Answers(*map(sum, zip(self, other, strict=True)))

    def interval(self, scale):
        """Return (score, low, high): of the Net Promoter Score, or of the share of happy ones; None without answers."""
        if scale == "nps":
            return intervals.nps(self.good, self.middling, self.bad)
        return intervals.share(self.good, self.count)

    def told(self, scale):
        """Return what is told of them, for the browser: numbers with one digit, False where nothing can be said.

        With few answers the score is left out, and the interval says what it might be.
        """
        found = self.interval(scale)
        score, low, high = (round(number, 1) for number in found) if found else (False, False, False)
        few = self.count < intervals.FEW
        return {
            "asked": self.asked,
            "count": self.count,
            "rate": round(100 * self.count / self.asked, 1) if self.asked else False,
            "score": False if few else score,
            "low": low,
            "high": high,
            "few": few,
            "mean": round(self.total / self.count, 2) if self.count and not few else False,
            "good": self.good,
            "middling": self.middling,
            "bad": self.bad,
        }


def trend(scale, before, now):
    """Return ``up``, ``down`` or ``same`` if that is clear, or False if one cannot tell."""
    if min(before.count, now.count) < intervals.FEW:
        return False
    return {1: "up", -1: "down", 0: "same"}[intervals.differ(now.interval(scale), before.interval(scale))]
