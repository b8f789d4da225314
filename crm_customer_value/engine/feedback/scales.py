"""The scales on which customers answer, and what an answer on them means."""

from typing import NamedTuple


class Scale(NamedTuple):
    """A scale of whole numbers, the highest of which is the best."""

    low: int
    high: int
    bad_until: int  # who answers so much or less is unhappy, and is called
    good_from: int  # who answers so much or more is happy

    @property
    def scores(self):
        return range(self.low, self.high + 1)

    def points(self, score):
        """Return a score as a number from 0 (worst) to 100 (best), with two digits."""
        return round(100 * (score - self.low) / (self.high - self.low), 2)

    def mood(self, score):
        """Return ``bad``, ``middling`` or ``good``."""
        if score <= self.bad_until:
            return "bad"
        return "good" if score >= self.good_from else "middling"


SCALES = {
    # Share of 4 and 5 of those who answered.
    "csat": Scale(1, 5, 2, 4),
    # Promoters answer 9 or 10, detractors 0 to 6: Reichheld, "The One Number You Need to Grow", HBR, December 2003.
    "nps": Scale(0, 10, 6, 9),
    # "The company made it easy for me", 1 (not at all) to 7 (very): 5 and more agree, 3 and less do not: Dixon, Toman
    # and DeLisi, "The Effortless Experience", 2013.
    "effort": Scale(1, 7, 3, 5),
}
