from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.complaint import service
from ...engine.contact import cost
from ...engine.story import changes
from ...engine.value.parts import Part
from ..base.number_fields import Float, Integer

# Opens the contacts that cost something in the period.
CONTACTS = {"method": "action_view_contact_costs", "args": []}


class CustomerValue(models.Model):
    """What the customer says: complaints, ratings and adopted suggestions. See engine/complaint/service.py."""

    _inherit = "customer.value"

    has_readable_complaints = fields.Boolean(
        compute="_compute_has_readable_complaints", help="Whether the user may open any complaint of the customer."
    )
    open_complaints = Integer(readonly=True, help="Complaints that are not closed, rejected or merged.")
    open_severe_complaints = Integer(
        readonly=True, help="Open complaints of high or critical severity."
    )
    complaint_count_12m = Integer(
        "Complaints (period)",
        readonly=True,
        help="Complaints received in the period, without rejected and merged ones.",
    )
    late_complaint_count_12m = Integer(
        "Complaints Resolved Late", readonly=True, help="Of those in the period: resolved after the deadline."
    )
    csat = Float(
        "Rating of Service (CSAT)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Average rating that the customer gave in the period for how we handled complaints: 1 to 5 stars. "
        "Empty: no rating.",
        optional=True,
    )
    csat_count = Integer("Ratings (period)", readonly=True)
    adopted_suggestions = Integer(
        readonly=True, help="Suggestions of the customer that were implemented, ever."
    )
    satisfaction_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="100, minus 10 for each complaint resolved late, minus up to 50 for how often the customer complained. "
        "Then the average with the ratings and with the answers to our questions. Then minus 30 for each open severe "
        "complaint. It can only lower the value index: at 100 it changes nothing.",
        optional=True,
    )
    has_satisfaction_score = fields.Boolean(
        readonly=True, help="Whether there is an open complaint, or a complaint, rating or answer in the period."
    )
    satisfaction_evidence = Float(
        digits=(16, 1),
        readonly=True,
        aggregator=None,
        help="How much of the weight of satisfaction counts, in percent: half with two complaints, ratings or "
        "answers, all of it while a severe complaint is open.",
    )
    satisfaction_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)

    _open_severe_idx = models.Index("(company_id, open_severe_complaints) WHERE open_complaints > 0")

    @api.model
    def _index_parts(self):
        """Satisfaction keeps a share of what the grounds make: nobody becomes worth more by complaining."""
        return super()._index_parts() | {
            "satisfaction": Part(
                service.satisfaction_sql(),
                "share",
                weight=40,
                evidence=service.evidence_sql(),
                label=self.env._("Satisfaction"),
                also={
                    "open_complaints": SQL("COALESCE(w.complaints_open, 0)"),
                    "open_severe_complaints": SQL("COALESCE(w.complaints_severe, 0)"),
                    "complaint_count_12m": SQL("COALESCE(w.complaints_window, 0)"),
                    "late_complaint_count_12m": SQL("COALESCE(w.complaints_late, 0)"),
                    "csat": SQL("ROUND(w.rating_sum / NULLIF(w.rating_count, 0), 2)"),
                    "csat_count": SQL("COALESCE(w.rating_count, 0)"),
                    "adopted_suggestions": SQL("COALESCE(w.adopted, 0)"),
                },
            ),
        }

    def _explanation_help(self, part):
        """Say why the satisfaction of this customer is what it is."""
        text = super()._explanation_help(part)
        return text if part.name != "satisfaction" else " ".join(filter(None, (self._satisfaction_text(), text)))

    @api.model
    def _explanation_missing(self, component):
        if component == "satisfaction":
            return self.env._("No recent complaint, rating or answer: no deduction.")
        return super()._explanation_missing(component)

    def _satisfaction_reasons(self):
        """Return why the satisfaction of this customer is what it is, as short phrases."""
        self.ensure_one()
        env, reasons = self.env, []
        if self.open_severe_complaints == 1:
            reasons.append(env._("1 open severe complaint"))
        elif self.open_severe_complaints:
            reasons.append(env._("%s open severe complaints", self.open_severe_complaints))
        mild = self.open_complaints - self.open_severe_complaints
        if mild == 1:
            reasons.append(env._("1 other open complaint"))
        elif mild:
            reasons.append(env._("%s other open complaints", mild))
        if self.complaint_count_12m and self.order_count_12m:
            numbers = {"complaints": self.complaint_count_12m, "orders": self.order_count_12m}
            if self.complaint_count_12m > self.order_count_12m:
                reasons.append(env._("more complaints (%(complaints)s) than orders (%(orders)s)", **numbers))
            else:
                reasons.append(env._("%(complaints)s of %(orders)s orders complained about", **numbers))
        elif self.complaint_count_12m:
            reasons.append(env._("complaints without a purchase in the period: %s", self.complaint_count_12m))
        if self.late_complaint_count_12m:
            reasons.append(env._("%s resolved too late", self.late_complaint_count_12m))
        if self.csat_count:
            reasons.append(env._("rated %s of 5", f"{self.csat:g}"))
        return reasons

    def _satisfaction_text(self):
        """Return the reasons as one sentence, for whoever asks why."""
        reasons = ", ".join(self._satisfaction_reasons())
        return reasons and f"{reasons[0].upper()}{reasons[1:]}."

    def _story_of_cost_to_serve(self, full, latest):
        """Tell apart what contacts cost, and open them."""
        facts, comparison = super()._story_of_cost_to_serve(full, latest)
        if facts and self.amounts_visible:
            full._flush_facts()
            query = cost.measure(full._scope(ids=self.partner_id.ids)).query
            self.env.cr.execute(SQL("SELECT COALESCE(SUM(amount_contacts), 0) FROM (%s) contacts", query))
            amount = float(self.env.cr.fetchone()[0])
            if amount:
                facts.insert(1, (self.env._("Of that, contacts"), "monetary", amount, CONTACTS))
        return facts, comparison

    def _story_of_satisfaction(self, _full, _latest):
        facts = [
            (self.env._("Complaints, last %s", self.window_text), "number", self.complaint_count_12m),
            (self.env._("Purchases, last %s", self.window_text), "number", self.order_count_12m),
        ]
        if self.csat_count:
            facts.append((self.env._("Ratings, last %s", self.window_text), "number", self.csat_count))
        return facts, self._satisfaction_text()

    def _story_complaints(self, since, full, latest):
        """Return what happened to complaints after a day: named where the user may read them."""
        full._flush_facts()
        scope = full._scope(ids=self.partner_id.ids)._replace(as_of=latest.as_of)
        events = changes.complaints(self.env.cr, scope, since)
        complaints = self.env["customer.complaint"].browse()
        if events and complaints.has_access("read"):
            complaints = complaints.search([("id", "in", [event.complaint for event in events])])
        known = {complaint.id: complaint.display_name for complaint in complaints}
        return [
            {
                "date": fields.Date.to_string(event.day),
                "text": self._story_event_text(event),
                "name": known.get(event.complaint, self.env._("a complaint you may not read")),
                "link": {"model": complaints._name, "id": event.complaint} if event.complaint in known else False,
            }
            for event in events
        ]

    def _story_event_text(self, event):
        if event.kind == "rated":
            return self.env._("Rated %s of 5", f"{event.rating:g}")
        return {
            "received": self.env._("Complaint received"), "closed": self.env._("Complaint closed"),
        }[event.kind]

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_has_readable_complaints(self):
        complaints = self.env["customer.complaint"]
        keys = set()
        if complaints.has_access("read"):
            keys = set(complaints._read_group(
                [("commercial_partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)],
                ["commercial_partner_id", "company_id"],
            ))
        for value in self:
            value.has_readable_complaints = (value.partner_id, value.company_id) in keys

    def action_view_complaints(self):
        """Open the complaints of the customer and its contacts in this company."""
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.complaint"]._action_of(self.partner_id, self.company_id)

    def action_new_complaint(self):
        """Write down a complaint of the customer."""
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.complaint"]._action_new(self.partner_id, self.company_id)
