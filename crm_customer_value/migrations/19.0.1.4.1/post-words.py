"""Give databases the plainer words of stages and activities, where nobody has written their own.

They belong to the customers' own data and are not loaded again with an update.
"""

from odoo import SUPERUSER_ID, api

# {name of the record: (field, the words as they were shipped, the new ones)}
TEXTS = {
    "customer_lifecycle_stage_lost": (
        "description",
        "Silent for a year or more, and far beyond the own rhythm: a yearly buyer is not lost after thirteen months.",
        "No purchase for a year or more, and much later than usual. A yearly buyer is not lost after 13 months.",
    ),
    "customer_lifecycle_stage_dormant": (
        "description",
        "Silent for half a year or more and much later than usual. Who bought once only and does not come back ends "
        "here too.",
        "No purchase for half a year or more, and much later than usual. Also customers who bought only once.",
    ),
    "customer_lifecycle_stage_at_risk": (
        "description",
        "Came back at least once and is now twice as late as usual, or late and predicted to leave. Two weeks of "
        "silence are nothing to worry about, even for who buys every day.",
        "Bought at least twice and is now twice as late as usual, or late with a high risk of loss. Two weeks "
        "without a purchase never count, even for daily buyers.",
    ),
    "customer_lifecycle_stage_core": (
        "description",
        "Buys again and again, in the own rhythm, and is worth a lot.",
        "Buys regularly and is worth a lot.",
    ),
    "customer_lifecycle_stage_occasional": (
        "description",
        "Buys now and then, or little. Everybody whom no rule before this one names.",
        "Buys now and then, or little. All customers who fit no other stage.",
    ),
    "mail_activity_type_bad_rating": (
        "summary", "Talk with a customer who is not content", "Call a dissatisfied customer",
    ),
    "mail_activity_type_tell_customer": (
        "summary", "Tell the customer without e-mail", "Tell the customer, but not by e-mail",
    ),
}


def migrate(cr, version):
    """Replace the words that are as they were shipped."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
    for name, (field, old, new) in TEXTS.items():
        record = env.ref(f"crm_customer_value.{name}", raise_if_not_found=False)
        if record and record[field] == old:
            record[field] = new
