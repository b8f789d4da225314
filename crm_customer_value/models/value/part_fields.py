"""The columns in which a part of the value index is told."""

from odoo import fields

from ..base.number_fields import Float


def part_fields(name, label=None, help=None, *, missing=True, evidence=None, snapshot=False,
                score_column=None, presence_column=None):
    """Return {name: field} of the columns of a part, for the body of a class::

        class CustomerValue(models.Model):
            _inherit = "customer.value"

            vars().update(part_fields("benefit", "Benefit", "How much the customer uses what they bought."))

    The snapshots of month ends need the same with ``snapshot=True``.

    :param str name: of the part, as in ``_index_parts``
    :param str label: of the score, and of the part unless it names itself
    :param str help: what a score says
    :param bool missing: whether the part may be missing, as in ``Part``
    :param str evidence: what the evidence says, for a part that has any
    :param bool snapshot: for ``customer.value.snapshot``, which keeps no evidence
    :param str score_column: instead of ``<name>_score``
    :param str presence_column: instead of ``has_<name>_score``
    """
    made = {
        score_column or f"{name}_score": Float(
            label, digits=(16, 1), readonly=True, aggregator="avg", optional=True, help=help
        ),
        f"{name}_points": Float(
            label and f"{label} (points)", digits=(16, 1), readonly=True, aggregator="avg", optional=True
        ),
    }
    if missing:
        made[presence_column or f"has_{name}_score"] = fields.Boolean(
            label and f"{label} (known)", readonly=True
        )
    if evidence and not snapshot:
        made[f"{name}_evidence"] = Float(
            label and f"{label} (evidence, %)", digits=(16, 1), readonly=True, aggregator=None, help=evidence
        )
    return made
