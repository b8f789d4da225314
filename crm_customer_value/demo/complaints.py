"""What the demo customers complain about and suggest: plain Python.

Days are counted backwards from today, so that the demo is always up to date.
"""

from typing import NamedTuple


class Complaint(NamedTuple):
    """One complaint and how far it came; ``stage`` is the end of the stage's external id."""

    customer: str
    subject: str
    text: str
    days_ago: float
    stage: str
    category: str = ""
    product: str = ""
    severity: str = "medium"
    channel: str = "email"
    wanted: str = ""
    remedy: str = ""
    cause: str = ""
    action: str = ""
    compensation: float = 0.0
    hours: float = 0.0
    rating: int = 0
    effort: int = 0
    feedback: str = ""
    missed: bool = False
    answer: str = ""


class Suggestion(NamedTuple):
    """One suggestion, with the customers who support it."""

    customer: str
    subject: str
    text: str
    days_ago: int
    stage: str
    product: str = ""
    public: bool = True
    supporters: tuple = ()
    declined: str = ""


# The customer of the login "portal"; the others are keys of customers.csv.
PORTAL = "portal"

COMPLAINTS = (
    Complaint(
        "quarry_priya", "Counter machine leaks after the second visit",
        "The group head on the left drips again, a week after your technician left. We put a bowl under it.",
        4.2, "investigating", "defect", "counter", "critical", "portal", "repair", missed=True,
        answer="We have ordered the group head and call you as soon as it is here.",
    ),
    Complaint(
        "harbour_lena", "Two boxes of cups broken",
        "Two of four boxes arrived with broken cups. Photos are attached to the delivery note.",
        1.6, "acknowledged", "damaged", "cups", "high", "phone", "replacement",
        answer="Thank you for the photos. Two new boxes leave our warehouse today.",
    ),
    Complaint(
        "alder_north", "Invoice shows the old price of the beans",
        "We agreed on the new price in spring; the last invoice has the old one.",
        0.4, "received", "amount", "beans", "medium", "email", "discount",
    ),
    Complaint(
        "blue_heron_inn", "Delivery came a day late, in the middle of breakfast",
        "Please deliver before seven or after ten. It is the third time that I ask.",
        2.3, "waiting", "late", "beans", "medium", "phone", "explanation",
    ),
    Complaint(
        "granite_build", "Nobody answered for three days",
        "I wrote on Monday and called on Tuesday. The machine in the site office stands still.",
        6.5, "investigating", "unreachable", "compact", "high", "phone", "repair", missed=True,
    ),
    Complaint(
        "nordlys_erik", "Wrong filter size",
        "The filters do not fit the counter machine. Which ones do we need?",
        3.1, "answered", "incomplete", "filters", "low", "email", "replacement", remedy="replacement", hours=0.5,
    ),
    Complaint(
        PORTAL, "Coffee tastes of plastic",
        "Since the last change of the filter the coffee tastes of plastic. We stopped serving it.",
        1.1, "acknowledged", "quality", "filters", "high", "portal", "refund",
        answer="We are sorry. Our technician comes tomorrow at nine and brings a new filter; until then please "
        "run the machine without one.",
    ),
    Complaint(
        PORTAL, "Cleaning kit without brush",
        "The brush was missing in one of the kits.",
        41, "closed", "incomplete", "care", "low", "portal", "replacement", remedy="replacement",
        cause="packing", hours=0.5, rating=5, effort=6, feedback="Solved on the same day, thank you.",
    ),
    Complaint(
        "perron_bart", "Compact machine lost its settings",
        "After each power cut all recipes are gone.",
        24, "closed", "defect", "compact", "high", "email", "repair", remedy="repair", cause="component",
        action="Machines of this series get a new battery at the next maintenance visit.",
        compensation=160, hours=5, rating=2, effort=2, feedback="It took four calls.", missed=True,
    ),
    Complaint(
        "cedar_credit", "Tea chest delivered to the wrong branch",
        "The chest went to the branch that closed last year.",
        52, "closed", "late", "tea", "medium", "phone", "apology", remedy="apology", cause="address",
        hours=1, rating=4, effort=6,
    ),
    Complaint(
        "mistral_claire", "Cups chipped at the rim",
        "About one in ten has a chip.",
        75, "closed", "damaged", "cups", "medium", "email", "discount", remedy="discount", cause="packing",
        compensation=58, hours=1.5, rating=4, effort=5,
    ),
    Complaint(
        "hoffmann_ute", "Maintenance visit cancelled at short notice",
        "We had closed the kitchen for it.",
        98, "closed", "late", "visit", "high", "phone", "refund", remedy="refund", cause="planning",
        action="Visits are confirmed two days before, by phone.",
        compensation=160, hours=2, rating=3, effort=4, missed=True,
    ),
    Complaint(
        "lindgren_bygg", "Cups broken again",
        "Second delivery in a row with broken cups.",
        130, "closed", "damaged", "cups", "high", "email", "replacement", remedy="replacement", cause="packing",
        action="Cups are packed in double cartons from now on.", compensation=119, hours=2.5, rating=4, effort=5,
    ),
    Complaint(
        "titan_ray", "Price of the counter machine",
        "A competitor sells the same machine for less.",
        190, "rejected", "amount", "counter", "low", "visit", "discount", hours=1,
    ),
    Complaint(
        "tinta_estudio", "Filters sent twice, invoiced twice",
        "We ordered one set.",
        215, "closed", "amount", "filters", "medium", "email", "refund", remedy="refund", cause="planning",
        compensation=65, hours=1, rating=5, effort=7,
    ),
    Complaint(
        "solent_marine", "Machine arrived without cups tray",
        "The tray is shown in the picture of your catalogue.",
        240, "closed", "incomplete", "compact", "medium", "phone", "replacement", remedy="replacement",
        cause="packing", hours=1.5, rating=4, effort=5,
    ),
)

SUGGESTIONS = (
    Suggestion(
        "quarry_priya", "Beans in bags that can be returned",
        "We throw away forty foil bags a month. Could you take back a box and fill it again?",
        60, "planned", "beans", supporters=("nordlys_erik", "harbour_lena", "tulpan_sanne", PORTAL),
    ),
    Suggestion(
        "harbour_lena", "Delivery window that we can choose",
        "Before seven or after ten would suit every café.",
        34, "review", supporters=("quarry_priya", "mistral_claire", PORTAL),
    ),
    Suggestion(
        PORTAL, "Remind us when the water filter is due",
        "The machine counts litres. A mail a week before would do.",
        12, "new", "filters", supporters=("alder_north",),
    ),
    Suggestion(
        "hoffmann_ute", "Confirm maintenance visits two days before",
        "A phone call is enough.",
        100, "implemented", "visit", supporters=("perron_bart", "tulpan_sanne"),
    ),
    Suggestion(
        "tulpan_sanne", "Half boxes of cups", "Forty-eight cups are too many for a small office.",
        21, "accepted", "cups", supporters=("mistral_claire",),
    ),
    Suggestion(
        "titan_ray", "Match any price on the web", "Then we would not have to compare.",
        150, "declined", public=False,
        declined="We cannot promise this for every offer; tell us the one you found and we will look at it.",
    ),
    Suggestion(
        "summit_owen", "One invoice for all branches", "A list by branch below the total would help our bookkeeping.",
        9, "new", public=False,
    ),
)
