"""What the demo customers buy and when: plain Python, the same on every machine.

Days are counted backwards from today, so the demo is always up to date; the random numbers
depend on the customer's key alone, so adding a customer changes nothing for the others.
"""

import random
from typing import NamedTuple

CATEGORIES = {
    "drinks": "Coffee and Tea",
    "supplies": "Cups and Care",
    "machines": "Coffee Machines",
    "service": "Machine Service",
}
# key: (name, kind, category, list price, cost, highest quantity in an order)
PRODUCTS = {
    "beans": ("House Blend Coffee Beans, 6 × 1 kg", "consu", "drinks", 96.0, 58.0, 8),
    "tea": ("Loose Leaf Tea Chest", "consu", "drinks", 54.0, 27.5, 6),
    "cups": ("Stoneware Cups, Box of 48", "consu", "supplies", 119.0, 71.0, 4),
    "filters": ("Water Filter Set", "consu", "supplies", 65.0, 24.0, 6),
    "care": ("Machine Cleaning Kit", "consu", "supplies", 38.0, 14.5, 8),
    "compact": ("Coffee Machine Compact", "consu", "machines", 890.0, 612.0, 1),
    "counter": ("Coffee Machine Counter, two groups", "consu", "machines", 2450.0, 1690.0, 1),
    "visit": ("Maintenance Visit", "service", "service", 160.0, 95.0, 1),
}
SMALL = ("tea", "filters", "care")
USUAL = ("beans", "tea", "cups", "filters", "care", "visit")
# With a small machine; and with the large one that many move on to.
COMPACT = ("beans", "cups", "compact", "visit")
COUNTER = ("beans", "cups", "counter", "visit")


class Phase(NamedTuple):
    """A time of regular buying; ``gap`` None stands for a single purchase at its end."""

    since: int  # days ago
    until: tuple  # days ago of the last purchase, from and to
    gap: int | None
    products: tuple
    lines: int


# The customer about whom somebody knows better than the rules.
PINNED = "monte_claro"

# Each behaviour leads to one RFM segment and stage; the phases go back in time, latest first.
BEHAVIOURS = {
    "devoted": (Phase(365, (2, 7), 26, COUNTER, 3), Phase(740, (366, 372), 26, COMPACT, 3)),
    "growing": (Phase(365, (2, 9), 27, COMPACT, 2), Phase(820, (370, 400), 80, USUAL, 2)),
    "faithful": (Phase(365, (16, 34), 43, USUAL, 3), Phase(830, (366, 385), 43, USUAL, 3)),
    "shrinking": (Phase(365, (38, 62), 62, USUAL, 2), Phase(860, (370, 390), 44, COMPACT, 2)),
    "occasional": (Phase(760, (8, 16), 105, USUAL, 2),),
    "newcomer": (Phase(0, (1, 6), None, SMALL, 1),),
    "trial": (Phase(0, (8, 13), None, SMALL, 1),),
    "starting": (Phase(560, (12, 30), 70, USUAL, 1),),
    "rare": (Phase(1050, (20, 60), 170, SMALL, 1),),
    "drifting": (Phase(900, (20, 36), 95, USUAL, 2),),
    "dozing": (Phase(0, (19, 26), None, SMALL, 1),),
    "departed": (Phase(365, (185, 215), 15, COUNTER, 3), Phase(800, (370, 385), 45, COMPACT, 2)),
    "slipping": (Phase(365, (112, 150), 40, USUAL, 3), Phase(980, (370, 400), 75, USUAL, 2)),
    "idle": (Phase(0, (62, 92), None, SMALL, 1),),
    "once": (Phase(0, (240, 340), None, SMALL, 1),),
    "gone": (Phase(1050, (430, 620), 70, USUAL, 2),),
    "returned": (Phase(0, (3, 11), None, USUAL, 3), Phase(1050, (430, 480), 60, USUAL, 2)),
    "closed": (Phase(900, (390, 400), 80, USUAL, 2),),
    "prospect": (),
}

# payer: how many days after the due date each invoice is paid, in turn; None is never.
PAYERS = {
    "prompt": (-6, -2, -9, 0),
    "mixed": (-3, 24, -1, 12),
    "half": (-4, None, -4, None),
    "late": (12, 31, -1, 44),
    "never": (None,),
}


class Line(NamedTuple):
    """One line of an order."""

    product: str
    quantity: int
    discount: float


class Purchase(NamedTuple):
    """One order."""

    days_ago: int
    hour: int
    buyer: int  # position in the list of whoever orders for this customer
    lines: tuple


def purchases(key, behaviour, buyers=1):
    """Return the purchases of one customer, earliest first.

    :param str key: the customer's key, which seeds the random numbers
    :param str behaviour: a key of :data:`BEHAVIOURS`
    :param int buyers: how many contacts order for the customer
    """
    rng = random.Random(f"{key} {behaviour}")
    found = []
    for phase in BEHAVIOURS[behaviour]:
        for days_ago in _days(phase, rng):
            chosen = rng.sample(sorted(set(phase.products)), rng.randint(max(1, phase.lines - 1), phase.lines))
            lines = tuple(_line(product, rng) for product in chosen)
            found.append(Purchase(days_ago, rng.randint(8, 15), rng.randrange(buyers), lines))
    return sorted(found, key=lambda purchase: -purchase.days_ago)


def _days(phase, rng):
    """Return the days of one phase, latest first."""
    day = rng.randint(*phase.until)
    if phase.gap is None:
        return [day]
    days = []
    while day < phase.since:
        days.append(day)
        day += round(phase.gap * rng.uniform(0.75, 1.25))
    return days


def _line(product, rng):
    highest = PRODUCTS[product][-1]
    return Line(product, rng.randint(1, highest), rng.choice((0, 0, 0, 5, 10)))
