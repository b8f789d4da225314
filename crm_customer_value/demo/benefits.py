"""What the demo customers need, and what they gained: plain Python.

Days and months are counted backwards from today, so that the demo is always up to date.
"""

from typing import NamedTuple

from .complaints import PORTAL

# key: (name, unit, what one unit less is worth in a month, typical values)
METRICS = {
    "machine_faults": ("Coffee Machine Faults", "faults", 45.0, (0, 40)),
    "drinks_cost": ("Cost of Hot Drinks", "$", 1.0, (100, 5000)),
    "empty_days": ("Days Without Coffee", "days", 80.0, (0, 31)),
}


class Need(NamedTuple):
    """One need; ``kind`` is the end of the type's external id."""

    customer: str
    kind: str
    words: str
    importance: int
    days_ago: int
    state: str = "open"
    state_days_ago: int = 0
    product: str = ""
    guess: bool = False
    yardstick: str = ""
    review_in: int = 0
    source: str = "staff"


class Objection(NamedTuple):
    """What kept a customer from buying, what we said to it, and whether that helped."""

    customer: str
    kind: str
    words: str
    days_ago: int
    answer: str = ""
    helped: str = ""


class Goal(NamedTuple):
    """One goal; started and to be reached so many months before today (below zero: after it)."""

    customer: str
    metric: str
    baseline: float
    target: float
    started: int
    until: int
    product: str = ""
    plan: str = ""
    proposed: bool = False


class Series(NamedTuple):
    """Measurements of whole months, the oldest first; the last one is that of the month before this one."""

    customer: str
    metric: str
    values: tuple
    baseline: float
    confirmed: int = 0  # how many of them the customer confirmed, the oldest first
    contested: str = ""  # in which words the customer contests the last one


NEEDS = (
    Need(
        "nordsky_telecom", "need_type_works_reliably",
        "In the call centre nobody can wait for a coffee. The machines have to work, also at three in the morning.",
        5, 400, "met", 70, "visit", yardstick="Fewer than ten faults a month in all three buildings.",
    ),
    Need(
        "nordsky_telecom", "need_type_lower_cost",
        "We paid 2,400 a month for hot drinks. Finance asks every quarter.", 5, 390, "partly", 120, "beans",
        yardstick="Below 1,800 a month.", review_in=20,
    ),
    Need("nordsky_telecom", "need_type_trust", "One person who knows our buildings.", 3, 380, "met", 300),
    Need(
        "nordsky_telecom", "need_type_responsible",
        "They talk about waste a lot: machines without capsules may matter.", 2, 30, guess=True,
    ),
    Need(
        "wieslaw_print", "need_type_works_reliably",
        "The night shift stands in front of a broken machine twice a week.", 5, 260, "open",
        yardstick="Four faults a month at most.", review_in=9, source="visit",
    ),
    Need(
        "wieslaw_print", "need_type_spare_parts", "Your technician never has the part with him.", 4, 90,
        source="complaint",
    ),
    Need(
        "helvetia_optik", "need_type_fast_delivery", "On Saturdays the beans are gone, and Saturday is our best day.",
        5, 220, "partly", 60, "beans",
    ),
    Need(
        "helvetia_optik", "need_type_look_good",
        "Our customers wait for their glasses. The coffee should be like us.", 4, 210, "met", 150, "cups",
    ),
    Need(
        PORTAL, "need_type_easy_to_use", "Everybody in the shop should be able to clean the machine.", 4, 80,
        "partly", 20, "care", source="portal",
    ),
    Need(
        PORTAL, "need_type_price_predictable", "I want to know in January what the year costs.", 3, 75,
        source="portal",
    ),
    Need(
        "harbour_roasters", "need_type_earn_more", "A second machine for the terrace would sell itself in summer.", 5,
        45, source="opportunity",
    ),
    Need("harbour_roasters", "need_type_spare_parts", "A group head on the shelf, not in Milan.", 4, 130),
    Need(
        "nordlys_hotel", "need_type_works_reliably", "Breakfast for 200. There is no second chance.", 5, 300, "met",
        210, "counter",
    ),
    Need("nordlys_hotel", "need_type_responsible", "Guests ask where the beans come from.", 4, 60, source="survey"),
    Need(
        "blue_heron_inn", "need_type_fast_delivery", "On the promised day, before breakfast.", 4, 50,
        source="complaint",
    ),
    Need(
        "alder_clinic", "need_type_less_worry", "Hygiene inspections: we need the papers of every cleaning.", 5, 110,
        "met", 40, "care",
    ),
    Need("quarry_software", "need_type_works_reliably", "Developers without coffee write bugs.", 4, 180),
    Need("quarry_software", "need_type_be_heard", "We told you three times about the leak.", 5, 12, source="complaint"),
    Need("castello_immobili", "need_type_spare_parts", "Machines are eight years old. We want to keep them.", 3, 150),
    Need(
        "granite_build", "need_type_spread_payment", "Pay by the month while the sites run.", 4, 100, "not_for_us",
        70,
    ),
    Need("old_mill_bakery", "need_type_fast_delivery", "Before five in the morning.", 5, 95, "met", 60),
    Need(
        "riverside_dental", "need_type_save_time", "The front desk descales machines instead of calling patients.", 3,
        140,
    ),
    Need("meadow_care", "need_type_lower_cost", "Every cent per cup counts in a care home.", 4, 120),
    Need(
        "perron_logistics", "need_type_works_reliably", "Drivers stop for seven minutes. The machine must run.", 4,
        75,
    ),
)
# key: (type, text)
ANSWERS = {
    "cup": ("objection_type_price", "We compare the cost of a cup with all repairs, not the price of the machine."),
    "smaller": ("objection_type_price", "We offer the smaller machine first, and take it back at full price."),
    "month": ("objection_type_supplier", "Try us in one building for a month, next to theirs."),
    "person": ("objection_type_trust", "We name a person, with a mobile number."),
}
OBJECTIONS = (
    Objection("granite_build", "objection_type_price", "The other offer was 11 % lower.", 65, "cup"),
    Objection("alder_clinic", "objection_type_price", "For two machines that is a lot of money.", 420, "cup", "yes"),
    Objection(
        "castello_immobili", "objection_type_price", "We never paid more than 700 for a machine.", 350, "cup", "yes",
    ),
    Objection("riverside_dental", "objection_type_price", "Our accountant wants three offers.", 290, "cup", "yes"),
    Objection("solent_marine", "objection_type_price", "Too dear for a ropewalk.", 240, "cup", "no"),
    Objection("perron_logistics", "objection_type_price", "We drive for less.", 200, "smaller", "yes"),
    Objection("casa_azul", "objection_type_price", "In winter the house is empty.", 170, "smaller", "no"),
    Objection("titan_foundry", "objection_type_price", "The canteen has no budget for this.", 140, "smaller", "no"),
    Objection("cedar_credit", "objection_type_supplier", "We are content with the present one.", 310, "month", "yes"),
    Objection("nordsky_telecom", "objection_type_supplier", "They have been here for ten years.", 410, "month", "yes"),
    Objection("sunrise_travel", "objection_type_supplier", "Never change a running machine.", 130, "month", "no"),
    Objection("summit_ridge_bank", "objection_type_supplier", "We have had the same supplier for twelve years.", 25),
    Objection("solent_marine", "objection_type_trust", "After the late delivery we buy elsewhere first.", 85, "person"),
    Objection("meadow_care", "objection_type_trust", "Who comes when it breaks on a Sunday?", 190, "person", "yes"),
    Objection("lumen_museum", "objection_type_budget", "Perhaps in the next financial year.", 18),
)
GOALS = (
    Goal(
        "nordsky_telecom", "machine_faults", 38, 10, 12, -1, "visit",
        "A maintenance visit every six weeks, filters changed each time.",
    ),
    Goal(
        "nordsky_telecom", "drinks_cost", 2400, 1800, 12, -3, "beans",
        "Beans in boxes of six, machines that grind. Agreed after we compared them with others of their industry.",
    ),
    Goal(
        "wieslaw_print", "machine_faults", 14, 4, 8, -4, "visit",
        "Two visits a quarter; a box of spare parts on site.",
    ),
    Goal("helvetia_optik", "empty_days", 6, 1, 7, -2, "beans", "A standing order for Thursdays."),
    Goal(PORTAL, "machine_faults", 9, 3, 5, -4, "care", "Cleaning kit with a plan on the wall."),
    Goal("blue_heron_inn", "empty_days", 4, 0, 0, -6, proposed=True),
)
SERIES = (
    Series("nordsky_telecom", "machine_faults", (37, 36, 31, 30, 26, 22, 21, 17, 14, 12, 9, 8), 38, 10),
    Series(
        "nordsky_telecom", "drinks_cost", (2390, 2350, 2330, 2260, 2190, 2150, 2080, 2040, 2010, 1990, 1950, 1920),
        2400, 9,
    ),
    Series("wieslaw_print", "machine_faults", (14, 13, 13, 14, 12, 12, 11, 12), 14, 2),
    Series(
        "helvetia_optik", "empty_days", (6, 5, 5, 3, 3, 2, 1), 6, 5,
        "In that month we were without beans on four Saturdays, not on one.",
    ),
    Series(PORTAL, "machine_faults", (9, 7, 6, 6, 5), 9, 3),
    Series("nordlys_hotel", "machine_faults", (11, 8, 6, 5, 3, 3), 12, 4),
    # Others of the telecom customer's industry: what the best of them have reached is what can be gained.
    Series("bluewave_mobile", "machine_faults", (16, 13, 9, 6, 5), 20, 3),
    Series("fibra_rapida", "machine_faults", (18, 12, 8, 5), 22, 4),
    Series("kupfer_kabel", "machine_faults", (25, 24, 22), 26),
    Series("isthmus_cable", "machine_faults", (17, 15, 13, 11), 18, 1),
    Series("tulpan_media", "machine_faults", (10, 8, 7), 12, 2),
    Series("osprey_analytics", "machine_faults", (14, 13), 14),
    Series("studio_lampone", "machine_faults", (9, 9), 10),
    Series("dunes_radio", "machine_faults", (15, 16, 15), 16, 1),
    Series("heron_press", "machine_faults", (11, 9), 13, 1),
    Series("polar_data", "machine_faults", (19, 18), 20),
)
