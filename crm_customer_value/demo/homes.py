"""People who buy coffee for their homes in the web shop, and what they answer: plain Python.

Days are counted backwards from today, so that the demo is always up to date. The random numbers depend on the key of
the person alone. They buy in the same ways as the other customers, in small amounts. Each of them had two occasions
for care in the last year, far enough apart that what somebody bought because of the one says nothing of the other: the
anniversary of the first purchase, and a birthday.
"""

import random
from typing import NamedTuple

from . import plan

HOMES = 280
FIRST_NAMES = (
    "Abigail", "Adam", "Aisha", "Amara", "Ben", "Callum", "Chloe", "Daniel", "Elena", "Emma", "Farah", "Felix",
    "Freya", "George", "Hannah", "Harriet", "Imran", "Isla", "Jack", "Joanna", "Kieran", "Layla", "Liam", "Maria",
    "Nathan", "Olive", "Oscar", "Priya", "Rory", "Zoe",
)
LAST_NAMES = (
    "Abbott", "Barnes", "Callaghan", "Chandra", "Doyle", "Ellis", "Fleming", "Gallagher", "Hargreaves", "Ito",
    "Jennings", "Kavanagh", "Lindqvist", "Marsh", "Nolan", "Okafor", "Pritchard", "Quigley", "Rahimi", "Sinclair",
    "Tierney", "Underwood", "Whitaker",
)
PLACES = (
    ("Leeds", "uk"), ("Bristol", "uk"), ("Cork", "ie"), ("Portland", "us"), ("Halifax", "ca"), ("Glasgow", "uk"),
    ("Galway", "ie"), ("Boston", "us"), ("Adelaide", "au"), ("Norwich", "uk"), ("Seattle", "us"), ("Dublin", "ie"),
)
# What a bag brings, and leaves as margin.
BAG, BAG_MARGIN = 14.5, 5.8
# Ways to buy (see plan.BEHAVIOURS), of which each is as frequent among those who are cared for as among the others.
BEHAVIOURS = (
    "rare", "occasional", "gone", "drifting", "rare", "departed", "returned", "faithful", "rare", "slipping", "gone",
    "shrinking", "occasional", "starting",
)
# Who is left out of care, so that its effect shows, in percent.
HELD_OUT = 25.0
# Of a hundred who would not have bought in the 90 days after a call, so many do because of it; a parcel moves nobody.
CALL_MOVES = 0.55
RESPONSE = 0.47
YEAR = 365


class Home(NamedTuple):
    """One person; the two occasions lie so many days back."""

    key: str
    name: str
    city: str
    country: str
    consent: str  # to promotion: "given", "withdrawn", or empty


class Story(NamedTuple):
    """What one person bought, as [(days ago, bags), …], the latest first, and the day of the birthday."""

    bought: list
    birthday: int


class Answer(NamedTuple):
    """What somebody was asked so many days ago, and what they answered after a while; None: nothing."""

    asked: int
    score: int | None
    after: int
    comment: str


def homes():
    """Return everybody, in the order of their numbers."""
    found = []
    for number in range(HOMES):
        first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number % len(LAST_NAMES)]
        rng = random.Random(f"home {number}")
        city, country = rng.choice(PLACES)
        found.append(Home(
            key=str(number), name=f"{first} {last}", city=city, country=country,
            consent=rng.choices(("given", "withdrawn", ""), (45, 8, 47))[0],
        ))
    return found


def stories(people, held_out):
    """Return {key: :class:`Story`} of everybody.

    :param list people: of :class:`Home`
    :param set held_out: keys of those whom care does not reach
    """
    found = {}
    for is_held_out in (False, True):
        side = [home.key for home in people if (home.key in held_out) == is_held_out]
        for number, key in enumerate(side):
            found[key] = _story(key, BEHAVIOURS[number % len(BEHAVIOURS)], not is_held_out)
    return found


def _story(key, behaviour, is_cared_for):
    """Return the :class:`Story` of one person, who buys because of a call if that is what it takes."""
    rng = random.Random(f"story {key}")
    days = sorted({purchase.days_ago for purchase in plan.purchases(f"home {key}", behaviour)})
    # The first purchase is one whose anniversary, and the 90 days after it, lie within the last year.
    firsts = [day for day in days if day > YEAR and 100 <= day % YEAR <= 330]
    quiet = [first for first in firsts if not _buys_after(days, first % YEAR)]
    first = max(quiet or firsts)
    anniversary = first % YEAR
    days = [day for day in days if day <= first]
    if is_cared_for and first in quiet and rng.random() < CALL_MOVES:
        days.append(anniversary - rng.randint(5, 80))
    later = anniversary <= 260
    return Story(
        [(day, rng.randint(1, 3)) for day in sorted(days)],
        rng.randint(anniversary + 90, 355) if later else rng.randint(100, anniversary - 90),
    )


def _buys_after(days, occasion):
    """Tell whether one of the purchases is in the 90 days after an occasion, give or take the 29th of February."""
    return any(occasion - 92 <= day <= occasion + 1 for day in days)


# What people write, by scale and mood.
COMMENTS = {
    "nps": {
        "good": (
            "The coffee tastes like the one in the café downstairs. I told half the office.",
            "Ordered on Monday, here on Wednesday. Every time.",
            "Somebody called and asked how I like it. Who does that any more?",
            "Best decaf I have found, and the bag goes on the compost.",
            "Gave a bag to my sister. She orders from you now.",
            "Fair price, and you say who grew it.",
            "Your people on the phone know what they talk about.",
        ),
        "middling": (
            "Good coffee. A bit dear for every day.",
            "Nothing to complain about. I also buy elsewhere.",
            "I would like smaller bags.",
            "All fine. The shop asks for my address each time, though.",
        ),
        "bad": (
            "The last bag was roasted two months ago.",
            "Waited nine days for a parcel. Nobody told me why.",
            "Too dark for me, and no way to send it back.",
            "You raised the price and did not say a word.",
            "The bag was open when it came.",
        ),
    },
    "csat": {
        "good": ("All there, well packed.", "Quick, and the driver was friendly.", "As always. Thank you!"),
        "middling": ("One bag was missing, it came two days later.", "Fine, but a lot of cardboard."),
        "bad": ("Wrong grind. I wrote twice.", "It stood in the rain in front of the door."),
    },
    "effort": {
        "good": ("One call, solved.", "I did not have to explain it twice.", "Found everything by myself."),
        "middling": ("Took two e-mails.", "It went well once I had the right person."),
        "bad": ("Four calls, four people, four times the same story.", "I still do not know who is in charge."),
    },
}
# Of a hundred answers, who is happy, in between and unhappy: a year ago and now. It got better.
MOODS = {
    "nps": ((38, 34, 28), (60, 27, 13)),
    "csat": ((70, 18, 12), (78, 14, 8)),
    "effort": ((58, 22, 20), (66, 20, 14)),
}
SCORES = {
    "nps": {"good": (9, 10, 10), "middling": (7, 8, 8), "bad": (0, 3, 4, 5, 6, 6)},
    "csat": {"good": (4, 5, 5), "middling": (3,), "bad": (1, 2, 2)},
    "effort": {"good": (5, 6, 6, 7), "middling": (4,), "bad": (1, 2, 3)},
}
# Answers of the last days are given on the page, while the demo is loaded; nobody else is unhappy in them.
FRESH = 8


def answer(key, scale, asked):
    """Return the :class:`Answer` of somebody to a question.

    :param str key: of the person; the same key and day give the same answer
    :param str scale: csat, nps or effort
    :param int asked: so many days ago
    """
    rng = random.Random(f"answer {key} {scale} {asked}")
    after = min(rng.choice((0, 0, 1, 1, 2, 3, 5, 9)), asked - 1)
    if rng.random() > RESPONSE:
        return Answer(asked, None, 0, "")
    then, now = MOODS[scale]
    age = min(asked / YEAR, 1)
    weights = [age * old + (1 - age) * new for old, new in zip(then, now, strict=True)]
    mood = rng.choices(("good", "middling", "bad"), weights)[0]
    if mood == "bad" and asked - after <= FRESH:
        mood = "middling"
    comment = rng.choice(COMMENTS[scale][mood]) if rng.random() < 0.35 else ""
    return Answer(asked, rng.choice(SCORES[scale][mood]), after, comment)
