"""Give the new stages *Weakening* and *Occasional* their place among those of the company.

The update has just created them. What a company has changed of its stages stays as it is: where *Developing* is
not what it was shipped as, it goes on taking in everybody else, and where *Core* is not used, nobody falls out of it.
"""

from odoo import SUPERUSER_ID, api

SHIPPED = "Buys and may become a core customer. Everybody whom no rule before this one names."
DEVELOPING = "Bought again within the first two years, does not buy less, and may become a core customer."
YELLOW, BLUE = 3, 7


def migrate(cr, version):
    """Place the new stages, and narrow *Developing* where it is as it was shipped."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"lang": None})
    stages = env["customer.lifecycle.stage"].with_context(active_test=False).search([])
    by_code = {stage.code: stage for stage in stages if stage.code}
    weakening, occasional = by_code["weakening"], by_code["occasional"]
    core, developing = by_code.get("core"), by_code.get("developing")
    if core and core.active:
        _place(stages, "rule_sequence", weakening, after=by_code.get("at_risk"), before=core)
        _place(stages, "sequence", weakening, after=core, before=by_code.get("at_risk"))
    else:
        weakening.active = False
    if developing and developing.active and _as_shipped(developing):
        developing.write({"purchase_days_from": 2, "age_days_to": 730})
        if developing.color == YELLOW:
            developing.color = BLUE
        if developing.description == SHIPPED:
            developing.description = DEVELOPING
        _place(stages, "rule_sequence", occasional, after=developing)
    else:
        occasional.active = False
    env.flush_all()


def _as_shipped(developing):
    """Tell whether the rule takes in everybody who bought."""
    others = [name for name in developing._threshold_fields if name != "purchases" and developing[name]]
    return developing.purchases == "bought" and not developing.company_id and not others


def _place(stages, field, stage, *, after=None, before=None):
    """Put a stage right before one stage, or behind another one, if it does not stand between them already."""
    def key(one):
        return (one[field], one.sequence, one.id)

    if (not after or key(after) < key(stage)) and (not before or key(stage) < key(before)):
        return
    order = sorted(stages - stage, key=key)
    order.insert(order.index(before) if before else order.index(after) + 1, stage)
    for position, one in enumerate(order, 1):
        one[field] = 10 * position
