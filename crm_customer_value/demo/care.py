"""How we are in touch with the demo customers, what we know of them, and who brought whom: plain Python.

Days are counted backwards from today, so that the demo is always up to date; below zero they are still to come.
"""

from typing import NamedTuple


class Contact(NamedTuple):
    """One contact: with whom (a contact or a customer), how, so many days ago, how long, and what was learned."""

    customer: str
    channel: str
    days_ago: int
    minutes: int | None
    words: str
    direction: str = "out"


class Note(NamedTuple):
    """What everybody should know who meets the customer."""

    customer: str
    words: str
    days_ago: int


class Event(NamedTuple):
    """Something in the life of a customer, so many days ago (below zero: still to come)."""

    customer: str
    kind: str
    words: str
    days_ago: int
    yearly: bool = False


class Consent(NamedTuple):
    """Whether a contact agreed to promotion, and how we know."""

    customer: str
    consent: str
    how: str


# Hours (UTC) at which contacts began, in turn: the working day of Europe and of America.
HOURS = (13, 14, 15, 16, 18, 19)
# What one contact costs beside working time.
CHANNEL_COSTS = {"visit": 38.0, "phone": 0.4, "event": 12.0}

CONTACTS = (
    # Key customers: in touch every month, but for two.
    Contact("mistral_claire", "phone", 12, 15, "Opens a second office in Lyon, with the same machines."),
    Contact("mistral_bureau", "visit", 61, 75, "Showed the new beans. Claire decides, her director signs."),
    Contact("mistral_claire", "email", 118, 5, "Sent the list of spare parts she asked for.", "in"),
    Contact("blue_heron_inn", "phone", 6, 20, "Deliveries come before seven now. She is content, and says so."),
    Contact("blue_heron_inn", "visit", 95, 60, "Breakfast for 60 from May on. They think about a second machine."),
    Contact("alder_clinic", "visit", 21, 60, "Hygiene papers are complete. The north wing wants the same."),
    Contact("alder_clinic", "phone", 74, 10, "Asked for the invoice address of the south wing.", "in"),
    Contact("perron_bart", "phone", 17, 25, "Settings have not been lost again. He still mentions the four calls."),
    Contact("perron_bart", "visit", 88, 90, "Walked along all six machines. Two stand where nobody drinks coffee."),
    Contact("tinta_estudio", "chat", 9, 5, "Sent a picture of the new meeting room, with a place for a machine.", "in"),
    Contact("tinta_estudio", "phone", 64, 15, "Pays late because their clients do. Told us before we asked."),
    Contact("nordlys_erik", "phone", 24, 15, "Filters fit now. Season begins in two weeks, no visits until then."),
    Contact("nordlys_hotel", "visit", 104, 120, "Breakfast kitchen. They want to print the farm on the menu."),
    Contact("marisol_vega", "chat", 14, 5, "Wants to know when the Guadalajara roast is back.", "in"),
    Contact("lindgren_bygg", "phone", 23, 20, "Cups arrived whole this time. Asked about a rack for the site office."),
    Contact("bluewave_mobile", "visit", 19, 45, "Faults are down to five a month. They stopped comparing us."),
    Contact("kestrel_labs", "email", 11, 5, "Confirmed the dates of the next visits."),
    Contact("castello_immobili", "phone", 26, 15, "Wants to keep the old machines for two more years."),
    Contact("old_mill_bakery", "phone", 20, 10, "Five in the morning works. Asked for oat milk, we have none."),
    Contact("nordsky_telecom", "visit", 16, 90, "Goal for faults is in reach. Finance wants the figures in a sheet."),
    Contact("nordsky_telecom", "phone", 47, 15, "Night shift is happy. Filters were changed as agreed."),
    Contact("nordsky_telecom", "visit", 109, 90, "Went through the measurements of the half year, month by month."),
    # Promised a contact every month, and nobody was in touch.
    Contact("quarry_priya", "phone", 44, 10, "Said that the left group head drips, and that nobody writes it down."),
    Contact("quarry_software", "visit", 131, 60, "Two floors more from summer on. Priya runs the kitchen."),
    Contact("harbour_lena", "phone", 52, 20, "The terrace opens in May. She compares machines with two groups."),
    Contact("harbour_roasters", "visit", 140, 60, "Tasted six roasts. The dark one is for the terrace."),
    # Valued customers: every quarter.
    Contact("hoffmann_ute", "phone", 33, 15, "Visits are announced now. She laughed about it."),
    Contact("fibra_rapida", "visit", 58, 45, "New floor manager. Knows us from her last company."),
    Contact("isthmus_cable", "email", 40, 5, "Sent the new list of prices."),
    Contact("tulpan_sanne", "phone", 22, 10, "Wants one invoice for both floors."),
    Contact("riverside_dental", "phone", 71, 15, "Front desk descales on Fridays. Wants a picture of how to do it."),
    Contact("yamabuki_tea", "email", 66, 5, "Thanked for the new tea chest and sent pictures of the shop.", "in"),
    Contact("westfjord_skole", "phone", 112, 10, "School kitchen is closed until the holidays are over."),
    Contact("cedar_credit", "phone", 126, 10, "The closed branch is out of the address list at last."),
    Contact("helvetia_optik", "phone", 31, 20, "Contests one month of days without coffee. Looked at it together."),
    Contact("wieslaw_print", "visit", 36, 75, "Night shift: twelve faults a month. The spare parts box is empty."),
    Contact("prairie_coop", "phone", 83, 10, "Harvest. They call back in November."),
    Contact("granite_dora", "phone", 8, 10, "Asked why nobody had called her back.", "in"),
    Contact("meadow_care", "phone", 55, 15, "Counts every cent per cup. Sent her the sheet to compare."),
    Contact("fjellvann_energi", "phone", 93, 10, "Wants to be called again when the budget of the new year is known."),
    Contact("titan_ray", "phone", 25, 20, "The canteen changed its caterer. The new one drinks tea."),
    Contact("solent_marine", "phone", 15, 5, "Will not order again before the late delivery is explained.", "in"),
    Contact("summit_owen", "visit", 13, 60, "Twelve branches, one contract. The old supplier is the question."),
    Contact("lumen_museum", "phone", 18, 10, "Budget of next year is being written now."),
    Contact("copper_kettle", "website", 7, 5, "Asked in the form how to order on account.", "in"),
)
# One evening with several customers: (channel, days ago, minutes for all, words, who came).
ROUND_TABLE = (
    "event", 43, 120,
    "Round table on fewer faults: who changes filters when, and who notices. They want to see each other's figures.",
    ("nordsky_telecom", "bluewave_mobile", "fibra_rapida", "isthmus_cable", "kupfer_kabel", "wieslaw_print"),
)

NOTES = (
    Note("nordsky_telecom", "Enter through gate B. The porter has a list, and it takes a day to be on it.", 200),
    Note("nordsky_telecom", "Finance reads figures, the call centre reads pictures: bring both.", 15),
    Note("quarry_priya", "Call her before nine, later she is in meetings.", 44),
    Note("quarry_software", "Was told twice that the leak is repaired. Do not say it a third time before it is.", 4),
    Note("harbour_lena", "Nut allergy: no biscuits in the parcel.", 180),
    Note("alder_clinic", "No visits on Wednesdays: hygiene inspection.", 110),
    Note("mistral_claire", "Speaks French on the phone, writes English.", 240),
    Note("nordlys_hotel", "Nobody has time between June and August.", 150),
    Note("blue_heron_inn", "Mrs. Harper's son runs the kitchen from next year on.", 90),
    Note("perron_bart", "Keeps the settings of all machines in a notebook. Ask for it.", 88),
    Note("helvetia_optik", "Saturday is their best day: never deliver then.", 130),
    Note("granite_dora", "Promised her a call on the same day. Keep it.", 6),
    Note("old_mill_bakery", "Back door, before five. The dog is friendly.", 160),
    Note("solent_marine", "Pays when the ship is paid. Speak with him before you send a reminder.", 80),
)

EVENTS = (
    Event("mistral_bureau", "growth", "Second office in Lyon", -60),
    Event("blue_heron_inn", "family", "Son takes over the kitchen", -35),
    Event("fibra_rapida", "manager", "New floor manager, Lucía Ferrer", 58),
    Event("cedar_credit", "moved", "Closed the branch on Hill Street", 190),
    Event("nordsky_telecom", "anniversary", "Ten years of the call centre", 350, True),
    Event("old_mill_bakery", "anniversary", "Bakery founded by his grandmother", 355, True),
    Event("titan_foundry", "trouble", "Short time in the foundry", 120),
    Event("granite_build", "owner", "Sold to a holding", 75),
    Event("quarry_software", "growth", "Two floors more", 131),
    Event("alder_clinic", "moved", "North wing opened", 300),
    Event("hoffmann_ute", "family", "Became a grandmother", 26),
)

# Contacts who were born on 29 February, and those whose birthday is in so many days.
LEAP_DAY = "hoffmann_ute"
BIRTHDAYS = {
    "mistral_claire": 4, "harbour_lena": 11, "perron_bart": 18, "nordlys_erik": 26, "quarry_priya": 47,
    "tulpan_sanne": 75, "titan_ray": 120, "granite_dora": 190, "summit_owen": 260, "marisol_vega": 9,
    "jonas_weber": 33, "lucie_moreau": 150,
}

# Who came because of whom; numbers are people who buy for their homes.
BROUGHT = {
    "bluewave_mobile": "nordsky_telecom", "isthmus_cable": "nordsky_telecom", "kupfer_kabel": "nordsky_telecom",
    "perron_logistics": "mistral_bureau", "atelier_colombe": "mistral_claire", "studio_lampone": "castello_immobili",
    "copper_kettle": "old_mill_bakery", "bay_area_vets": "alder_clinic", "osprey_analytics": "quarry_software",
    "lumen_museum": "tulpan_media", "blue_heron_inn": "harbour_roasters",
    "home_12": "old_mill_bakery", "home_31": "marisol_vega", "home_58": "home_12", "home_77": "blue_heron_inn",
    "home_140": "home_31", "home_203": "blue_heron_inn",
}
LEAD_BROUGHT = {"demo_lead_summit_ridge": "cedar_credit", "demo_lead_harbour_roasters": "blue_heron_inn"}

CONSENTS = (
    Consent("mistral_bureau", "given", "Form at the trade fair"),
    Consent("blue_heron_inn", "given", "Said so on the phone"),
    Consent("alder_clinic", "given", "Letter of their office"),
    Consent("tinta_estudio", "given", "Box in the web shop"),
    Consent("bluewave_mobile", "given", "Form at the trade fair"),
    Consent("nordsky_telecom", "given", "In the contract, page 4"),
    Consent("marisol_vega", "given", "Box in the web shop"),
    Consent("kestrel_labs", "given", "E-mail of their office"),
    Consent("old_mill_bakery", "given", "Said so at the counter"),
    Consent("fibra_rapida", "given", "Form at the trade fair"),
    Consent("isthmus_cable", "given", "E-mail"),
    Consent("cedar_credit", "given", "Letter"),
    Consent("harbour_roasters", "given", "Said so on the phone"),
    Consent("quarry_software", "given", "In the contract, page 4"),
    Consent("perron_logistics", "withdrawn", "Said so on the phone"),
    Consent("riverside_dental", "withdrawn", "By the link in an e-mail"),
    Consent("helvetia_optik", "withdrawn", "E-mail"),
)
# With whom somebody said that the relationship is broken, and what did it.
BROKEN = ("solent_marine", "Late delivery in the harbour week, and nobody said sorry")
# Who answers on the page while the demo is loaded: (who, question, score, comment); the unhappy ones are called.
FRESH_ANSWERS = (
    (
        "perron_bart", "recommend", 2,
        "Good machines. But four calls until somebody listens: I would not send a friend there.",
    ),
    ("home_7", "recommend", 3, "Second parcel in a row that came late."),
    ("home_41", "recommend", 10, "The caramel one! My whole book club drinks it now."),
    ("home_66", "payment", 1, "Beans instead of ground coffee, and I have no grinder."),
    ("alder_clinic", "recommend", 9, "Papers for the inspection were ready before we asked."),
)
