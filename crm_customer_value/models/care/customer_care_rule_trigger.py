"""What a rule waits for."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...engine.care import occasions
from ..base.number_fields import Float, Integer

# What happens on a day that is known beforehand.
DATES = ("birthday", "festival", "first_purchase", "delivery", "own_date")
EVENTS = (
    "stage", "benefit_fell", "delivered_fell", "index_fell", "goal_reached", "complaint_closed", "need_met",
    "life_event",
)
# Days that a value knows by itself; administrators may add fields for others to contacts.
VALUE_DATES = ("expected_next_purchase_date", "last_purchase_date")
# The days on which it was last not silent: the latest of them counts.
SILENCES = {
    "anybody": ("last_contact_by_us", "last_contact_by_them"),
    "us": ("last_contact_by_us",),
    "them": ("last_contact_by_them",),
    "purchase": ("last_purchase_date",),
}


class CustomerCareRule(models.Model):
    _inherit = "customer.care.rule"

    trigger = fields.Selection(
        [
            ("birthday", "Birthday"),
            ("festival", "Festival"),
            ("first_purchase", "Anniversary of the first purchase"),
            ("delivery", "Delivery of an order"),
            ("own_date", "Another date"),
            ("silence", "Silence"),
            ("stage", "Stage entered"),
            ("benefit_fell", "Benefit fell"),
            ("delivered_fell", "Value delivered fell"),
            ("index_fell", "Value index fell"),
            ("goal_reached", "Goal reached"),
            ("complaint_closed", "Complaint closed"),
            ("need_met", "Need met"),
            ("life_event", "Event in the customer's life"),
        ],
        "Occasion", required=True, default="birthday",
        help="A date that is known beforehand, a silence, or something that happened.",
    )
    offset_days = Integer("Days", help="0: on the day itself.")
    offset_side = fields.Selection(
        [("before", "days before"), ("after", "days after")], "Before or After", required=True, default="after"
    )
    festival_ids = fields.Many2many(
        "customer.festival", string="Festivals", help="Empty: all festivals of the customer's country and language."
    )
    own_date = fields.Selection("_selection_own_date", "Date", help="A date of the contact or of their value.")
    silence_days = Integer("Days of Silence", default=90)
    silence_of = fields.Selection(
        [
            ("anybody", "Nobody was in touch"),
            ("us", "We were not in touch"),
            ("them", "They were not in touch"),
            ("purchase", "No purchase"),
        ],
        "Silence", default="anybody",
    )
    trigger_stage_ids = fields.Many2many(
        "customer.lifecycle.stage", "customer_care_rule_trigger_stage_rel", "rule_id", "stage_id", "Stage Entered",
        help="Empty: any stage.",
    )
    index_fall = Float(
        "Points", digits=(16, 1), default=10.0,
        help="The value index is lower by this number of points than at the last month end.",
    )
    life_kind = fields.Selection("_selection_life_kind", "Kind of Event", help="Empty: any event.")

    _offset_days_range = models.Constraint(
        "CHECK (offset_days BETWEEN 0 AND 365)", "Enter 0 to 365 days before or after the occasion."
    )
    _silence_days_range = models.Constraint(
        "CHECK (silence_days BETWEEN 1 AND 3650)", "Enter 1 to 3650 days of silence."
    )
    _index_fall_positive = models.Constraint(
        "CHECK (index_fall > 0)", "Enter by how many points the index has to fall: more than 0."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "trigger", "offset_days", "offset_side", "festival_ids", "own_date", "silence_days", "silence_of",
            "trigger_stage_ids", "index_fall", "life_kind",
        }

    @api.model
    def _selection_own_date(self):
        """Return the dates that a rule can wait for: those of values, and those that somebody added to contacts."""
        found = [("customer.value", name) for name in VALUE_DATES]
        found += [
            ("res.partner", name) for name, field in self.env["res.partner"]._fields.items()
            if field.manual and field.store and field.type in ("date", "datetime") and not field.groups
        ]
        return [
            (f"{model}:{name}", self.env[model]._fields[name]._description_string(self.env)) for model, name in found
        ]

    @api.model
    def _selection_life_kind(self):
        return self.env["customer.life.event"]._fields["kind"]._description_selection(self.env)

    @api.constrains("trigger", "own_date", "silence_of", "offset_days", "offset_side")
    def _check_trigger(self):
        for rule in self:
            if rule.trigger == "own_date" and not rule.own_date:
                raise ValidationError(self.env._("Choose the date that the rule waits for."))
            if rule.trigger == "silence" and not rule.silence_of:
                raise ValidationError(self.env._("Choose whose silence the rule waits for."))
            if rule.trigger in EVENTS and rule.offset_days and rule.offset_side == "before":
                raise ValidationError(self.env._(
                    "Nobody knows of an event before it happens. Choose a number of days after it."
                ))

    def _trigger_label(self):
        """Return what the occasions of this rule (one) are called."""
        name = "own_date" if self.trigger == "own_date" else "trigger"
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _occasions_sql(self, first, last):
        """Return the SQL of the occasions of this rule (one) for which care is due on some days: engine/care/occasions.

        :param date first: ``last`` likewise, both included
        """
        # sudo: what the rule waits for, whoever reads it. Archived stages and festivals as well: without them it would
        # wait for all.
        rule = self.sudo().with_context(active_test=False)
        offset = 0 if rule.trigger in ("silence", "index_fell") else rule.offset_days
        search = occasions.Search(
            company_id=rule.company_id.id,
            first=first,
            last=last,
            offset=-offset if rule.offset_side == "before" else offset,
            tz=self.env["customer.value.policy"]._get_active(self.company_id).tz,
            lang=rule.user_id.lang or "en_US",
            festivals=rule.festival_ids.ids,
            stages=rule.trigger_stage_ids.ids,
            life_kind=rule.life_kind,
            silence_days=rule.silence_days,
            fall=rule.index_fall,
            delivered=rule._delivered_sql(),
        )
        if rule.trigger == "silence":
            search = search._replace(silence_columns=SILENCES[rule.silence_of])
        elif rule.trigger == "own_date":
            model, name = rule.own_date.split(":")
            field = rule.env[model]._fields[name]
            search = search._replace(
                table=rule.env[model]._table, column=name, is_moment=field.type == "datetime"
            )
        elif rule.trigger in ("benefit_fell", "delivered_fell"):
            return occasions.fell(search._replace(column=f"{rule.trigger}_on"))
        return getattr(occasions, rule.trigger)(search)

    @api.model
    def _delivered_sql(self):
        """Return the SQL of when an order ``o`` is delivered, in UTC.

        Extension point: an addon that knows when it was delivered says so.
        """
        return SQL("o.commitment_date")
