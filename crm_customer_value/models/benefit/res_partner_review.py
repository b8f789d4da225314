"""Value reviews: meetings in which one speaks with a customer about what they gain."""

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from .res_partner import SERVICE_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    last_value_review = fields.Datetime(
        compute="_compute_value_reviews", groups=SERVICE_GROUP,
        help="When somebody last spoke with the customer about what they gain.",
    )
    next_value_review = fields.Datetime(
        compute="_compute_value_reviews", groups=SERVICE_GROUP,
        help="When the next meeting about what the customer gains is planned.",
    )

    def _compute_value_reviews(self):
        now = fields.Datetime.now()
        # sudo: only when meetings are; a colleague's meeting may be private.
        events = self.env["calendar.event"].sudo()
        customers = self.commercial_partner_id.ids
        last, following = {}, {}
        for found, operator, aggregate in ((last, "<=", "start:max"), (following, ">", "start:min")):
            for partner, moment in events._read_group(
                [("review_partner_id.commercial_partner_id", "in", customers), ("start", operator, now)],
                ["review_partner_id"], [aggregate],
            ):
                customer = partner.commercial_partner_id
                choose = max if operator == "<=" else min
                found[customer.id] = choose(moment, found.get(customer.id, moment))
        for partner in self:
            customer = partner.commercial_partner_id._origin.id
            partner.last_value_review = last.get(customer, False)
            partner.next_value_review = following.get(customer, False)

    def action_plan_value_review(self):
        """Open a new meeting with this contact, with what there is to speak about."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["next_value_review"], "read")
        customer = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Value Review"),
            "res_model": "calendar.event",
            "views": [(False, "form")],
            "context": {
                "default_name": self._customer_review_title(),
                "default_description": str(self._customer_review_agenda()),
                "default_partner_ids": [self.env.user.partner_id.id, self.id],
                "default_review_partner_id": customer.id,
                "default_duration": 1.0,
            },
        }

    def action_view_value_reviews(self):
        """Open the meetings about what the customer behind this contact gains."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["next_value_review"], "read")
        action = self.env["ir.actions.actions"]._for_xml_id("calendar.action_calendar_event")
        action["domain"] = [("review_partner_id.commercial_partner_id", "=", self.commercial_partner_id.id)]
        action["views"] = [(False, "list"), (False, "form"), (False, "calendar")]
        action["context"] = self.action_plan_value_review()["context"]
        return action

    def _customer_in_their_words(self):
        """Return this contact as seen in its own language, in which the customer reads the invitation."""
        return self.with_context(lang=self.lang or self.commercial_partner_id.lang or self.env.lang)

    def _customer_review_title(self):
        partner = self._customer_in_their_words()
        return partner.env._("What you gained with us: %(customer)s", customer=partner.commercial_partner_id.name)

    def _customer_review_agenda(self):
        """Return what there is to speak about, as HTML; the invitation shows it to the customer.

        It holds what the user may read, and nothing that is ours alone: no guesses, objections, plans and owners.
        """
        partner = self._customer_in_their_words()
        about = (
            Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
            & Domain("company_id", "=", partner.env.company.id)
        )
        sections = [
            (partner.env._("What we agreed on"), partner._customer_review_goals(about)),
            (partner.env._("What you gained in the last 12 months"), partner._customer_review_gain(about)),
            (partner.env._("What you still need"), partner._customer_review_needs(about)),
            (partner.env._("What is not solved yet"), partner._customer_review_complaints(about)),
            (partner.env._("What we do next"), [""]),
        ]
        return Markup().join(
            Markup("<h3>%s</h3><ul>%s</ul>") % (title, Markup().join(Markup("<li>%s</li>") % line for line in lines))
            for title, lines in sections if lines
        )

    def _customer_review_goals(self, domain):
        lines = []
        for goal in self.env["customer.benefit.goal"].search(domain & Domain("is_proposal", "=", False)):
            values = {
                "metric": goal.metric_id.name, "unit": goal.unit, "baseline": f"{goal.baseline:.12g}",
                "target": f"{goal.target:.12g}", "day": format_date(self.env, goal.date_target),
                "now": f"{goal.latest_value:.12g}", "progress": f"{goal.progress:.0f}",
            }
            if goal.date_latest:
                lines.append(self.env._(
                    "%(metric)s: from %(baseline)s to %(target)s %(unit)s by %(day)s. Now %(now)s, which is "
                    "%(progress)s%% of the way.", **values,
                ))
            else:
                lines.append(self.env._(
                    "%(metric)s: from %(baseline)s to %(target)s %(unit)s by %(day)s. Not measured yet.", **values,
                ))
        return lines

    def _customer_review_gain(self, domain):
        since = fields.Date.context_today(self) - relativedelta(years=1)
        groups = self.env["customer.benefit.record"]._read_group(
            domain & Domain("counts", "=", True) & Domain("date_to", ">", since), ["metric_id"], ["gain:sum"]
        )
        currency = self.env.company.currency_id
        lines = [
            self.env._("%(metric)s: %(gain)s", metric=metric.name, gain=format_amount(self.env, gain, currency))
            for metric, gain in groups
        ]
        if len(groups) > 1:
            total = sum(gain for _metric, gain in groups)
            lines.append(self.env._("Together: %(gain)s", gain=format_amount(self.env, total, currency)))
        return lines

    def _customer_review_needs(self, domain):
        needs = self.env["customer.need"].search(
            domain & Domain("kind", "=", "need") & Domain("is_guess", "=", False)
            & Domain("state", "in", ("open", "partly"))
        )
        return [
            self.env._("%(need)s: “%(words)s”", need=need.type_id.name, words=need.words)
            if need.words else need.type_id.name
            for need in needs
        ]

    def _customer_review_complaints(self, domain):
        complaints = self.env["customer.complaint"]
        return [
            self.env._("%(number)s: %(subject)s", number=complaint.number, subject=complaint.name)
            for complaint in complaints.search(domain & complaints._open_domain())
        ]
