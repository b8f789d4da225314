from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..base.number_fields import Integer

# Until an answer was tried a few times, its success is drawn to the one in three of an answer that nobody tried.
BEFORE = (1, 3)


class CustomerNeedAnswer(models.Model):
    """What one can say to an objection, and how often it helped."""

    _name = "customer.need.answer"
    _description = "Answer to an Objection"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "type_id, text"
    _rec_name = "text"

    text = fields.Char("Answer", required=True, translate=True)
    type_id = fields.Many2one(
        "customer.need.type", "Objection", required=True, index=True, ondelete="cascade",
        domain="[('kind', '=', 'objection')]",
    )
    active = fields.Boolean(default=True)
    need_ids = fields.One2many("customer.need", "answer_id", "Objections")
    given_count = Integer("Given", compute="_compute_success", help="How often this answer was given.")
    decided_count = Integer(
        "Decided", compute="_compute_success", help="After how many of these one knows whether the answer helped."
    )
    helped_count = Integer(
        "Helped", compute="_compute_success", help="How often the customer bought after it, or said that it helped."
    )
    success = fields.Char(compute="_compute_success", help="How often the answer helped, of the times one knows it.")

    @api.depends("need_ids.helped", "need_ids.active", "need_ids.company_id")
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_success(self):
        """Count over all customers of the companies one works in: that tells numbers, and of nobody."""
        # sudo: how often an answer helped is for everybody, whosever customers these are.
        counts = {
            (answer, helped): count
            for answer, helped, count in self.env["customer.need"].sudo()._read_group(
                [("answer_id", "in", self.ids), ("company_id", "in", self.env.companies.ids)],
                ["answer_id", "helped"], ["__count"],
            )
        }
        for answer in self:
            yes, no, unknown = (counts.get((answer._origin, helped), 0) for helped in ("yes", "no", False))
            answer.helped_count = yes
            answer.decided_count = yes + no
            answer.given_count = yes + no + unknown
            answer.success = (
                self.env._("helped %(helped)s of %(decided)s times", helped=yes, decided=yes + no)
                if yes + no
                else False
            )

    @api.depends("text", "success")
    @api.depends_context("formatted_display_name", "allowed_company_ids", "lang")
    def _compute_display_name(self):
        """Say in lists to choose from how often the answer helped."""
        for answer in self:
            name = answer.text or ""
            if self.env.context.get("formatted_display_name") and answer.success:
                # On a line of its own: answers are long, and what is beside them would be cut off.
                name = f"{name}\n--{answer.success}--"
            answer.display_name = name

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Offer the answers that helped most often first."""
        found = self.search(Domain("display_name", operator, name) & Domain(domain or Domain.TRUE))
        return [(answer.id, answer.display_name) for answer in found._best_first()[:limit]]

    @api.model
    def _search_display_name(self, operator, value):
        return Domain("text", operator, value)

    def _best_first(self):
        """Return these answers in the order in which they are worth trying."""
        helped, tried = BEFORE
        return self.sorted(lambda answer: (
            -(answer.helped_count + helped) / (answer.decided_count + tried), answer.text or "", answer.id
        ))

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"text", "type_id", "active"}

    @api.constrains("type_id")
    def _check_type(self):
        for answer in self:
            if answer.type_id.kind != "objection":
                raise ValidationError(self.env._(
                    "Answers belong to objections. “%s” is a need.", answer.type_id.name
                ))
