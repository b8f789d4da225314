"""What was offered, done and tried to reach the six goals, and what came of it: plain Python.

Days are counted backwards from today, so that the demo is always up to date.
"""

from typing import NamedTuple


class Refusal(NamedTuple):
    """A product that a customer did not want."""

    customer: str
    product: str
    days_ago: int
    reason: str  # price, need, supplier, unsuitable or other
    words: str


REFUSALS = (
    Refusal("alpenblick_spa", "tea", 34, "supplier", "They have a tea merchant in the village."),
    Refusal("meadow_care", "counter", 62, "unsuitable", "Residents make their own coffee; nobody would use it."),
    Refusal("birch_accounting", "counter", 48, "price", "Ask again when the second office opens."),
    Refusal("granite_build", "cups", 21, "need", "On the sites they drink from paper cups."),
    Refusal("studio_lampone", "counter", 75, "need", "Four people; the compact machine does."),
    Refusal("atelier_colombe", "visit", 15, "price", "Their own electrician looks after the machine."),
    Refusal("karoo_outfitters", "counter", 90, "price", ""),
    Refusal("fernbank_school", "compact", 27, "other", "The board decides in the next school year."),
)
# An offer is made before the first purchase of a product by so many days; this often it is one that somebody made.
OFFERED_BEFORE = (1, 9)
OFFERED_SHARE = 0.6
OFFERED_SINCE = 240
# What nobody bought was first proposed so many days ago.
PROPOSED_DAYS = (1, 180)
# What was offered last: nobody has answered yet.
OPEN_OFFERS = (("bay_area_vets", 3), ("prairie_coop", 5), ("blue_heron_inn", 6), ("mistral_bureau", 10))


class Effort(NamedTuple):
    """An effort to keep a customer or to win one back."""

    customer: str
    kind: str  # keep or win_back
    days_ago: int
    reason: str
    offer: str
    cost: float


EFFORTS = (
    Effort("heron_press", "win_back", 92, "price", "The old price for a year, if they order every two months.", 180),
    Effort("monte_rosa_hut", "win_back", 92, "late", "Delivery by the cable car's own freight day.", 240),
    Effort("fairwind_sails", "win_back", 200, "silence", "A visit with the new machines.", 210),
    Effort("orchard_homes", "win_back", 160, "left", "", 90),
    Effort("granja_verde", "win_back", 130, "silence", "", 60),
    Effort("granite_build", "keep", 140, "complaint", "A battery for the scale, and a call each month.", 85),
    Effort("atelier_colombe", "keep", 125, "price", "Filters at half price until the end of the year.", 70),
    Effort("solent_marine", "keep", 118, "complaint", "", 40),
    Effort("meadow_care", "keep", 110, "silence", "", 30),
    Effort("azulejo_hostel", "keep", 105, "silence", "", 30),
    Effort("wieslaw_print", "keep", 100, "price", "A contract for the year at today's price.", 55),
)
# People who buy for their homes and had not for long got a letter with a voucher: so many days ago, at this cost.
LETTER_DAYS = 93
LETTER_SILENCE = 150
LETTER_COST = 6.5
LETTER_OFFER = "A voucher for the next bag, in a letter signed by the roaster."

# Somebody called the people at home whose next order was due: each once, in this part of the last year.
CALLED_DAYS = (45, 300)
# Of a hundred actions that were on a list, so many were done, and so many not useful; the others settled themselves.
DONE, NOT_USEFUL = 78, 9


class Lead(NamedTuple):
    """Somebody who asked, and is no customer yet."""

    key: str
    name: str
    company: str
    contact: str
    country: str
    probability: float
    salesperson: str  # empty: nobody took it yet
    friend: str  # customer who recommended us
    kind: str
    days_ago: int


LEADS = (
    Lead("harvest_hall", "Coffee for a market hall with nine stalls", "Harvest Hall Markets", "Nora Whitfield", "us",
         35, "", "harbour_roasters", "lead", 2),
    Lead("pinecrest", "Breakfast rooms: machines and beans", "Pinecrest Lodges", "Owen Tate", "us", 25, "demo", "",
         "lead", 5),
    Lead("tram_works", "Canteen of the tram works", "Linz Tram Works", "Petra Haas", "at", 15, "", "", "lead", 1),
    Lead("stone_oven", "Second bakery opens in spring", "Stone Oven Bakers", "Lucy Marlow", "uk", 85, "demo",
         "old_mill_bakery", "lead", 9),
    Lead("beans_at_home", "Beans for home, one kilo a month", "", "Gwen Paxton", "uk", 40, "", "", "lead", 3),
    Lead("decaf", "Do you have decaf?", "", "Theo Marsden", "ie", 20, "demo", "", "lead", 6),
)
