"""One sentence for each customer: what to do next, by rules that are certain, the most harmful neglect first."""

from datetime import timedelta
from typing import NamedTuple

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, formatLang, get_lang

# Talks are remembered for so long.
TALK_DAYS_KNOWN = 14
# After a talk, nobody is asked to call again for so long.
TALK_DAYS = 7
# So long after its due date an invoice is not only late in the post.
OVERDUE_DAYS = 7
# A quotation is followed up after the first, and given up after the last of these.
QUOTATION_DAYS = (7, 90)
# The own rhythm is known from so many days with purchases on, and from so many gaps of silence the customer is lost
# from sight rather than due.
RHYTHM_PURCHASES = 3
SILENT_RATIO = 2.0


class Step(NamedTuple):
    kind: str
    text: str
    # What the button does: open these documents, or schedule a call.
    action: str = "activity"
    documents: models.BaseModel | None = None
    # Whether a talk in the last days has done it.
    talk: bool = False


class CustomerValue(models.Model):
    """What to do next with a customer. Computed when it is shown: documents and the calendar move on by themselves."""

    _inherit = "customer.value"

    next_step = fields.Char(compute="_compute_next_step", help="What to do next with this customer, and why.")
    next_step_kind = fields.Selection(
        [
            ("invoice", "Overdue invoices"),
            ("quotation", "Open quotation"),
            ("silent", "Silent"),
            ("due", "Next order is due"),
            ("planned", "Something is planned"),
        ],
        compute="_compute_next_step",
    )
    next_step_action = fields.Selection(
        [
            ("invoice", "Show the invoices"),
            ("quotation", "Open the quotation"),
            ("activity", "Schedule an activity"),
            ("planned", "Open the activity"),
        ],
        compute="_compute_next_step",
        help="What the button next to this step does.",
    )

    @api.depends("partner_id", "company_id", "last_purchase_date", "typical_gap", "purchase_days")
    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_next_step(self):
        steps = self._find_next_steps()
        for value in self:
            step = steps.get(value)
            value.next_step = step and step.text
            value.next_step_kind = step and step.kind
            value.next_step_action = step and step.action

    def _find_next_steps(self):
        """Return {value: Step}, for those with whom something is to be done."""
        talks = self._last_talks(self.partner_id)
        limit = fields.Datetime.now() - timedelta(days=TALK_DAYS)
        steps, rest = {}, self
        for find in self._next_step_rules():
            found = {
                value: step for value, step in find(rest).items()
                if not step.talk or not talks.get(value.partner_id.id) or talks[value.partner_id.id] < limit
            }
            steps |= found
            rest -= self.browse().union(*found)
        return {
            value: step for value in self if (step := value._with_plan(steps.get(value)))
        }

    @api.model
    def _next_step_rules(self):
        """Return what finds next steps, most urgent first: methods that take values and return {value: Step}.

        Extension point: whoever knows another rule adds it at its place, and its kind to ``next_step_kind``.
        """
        return [
            type(self)._step_of_invoices,
            type(self)._step_of_quotation,
            type(self)._step_of_rhythm,
        ]

    def _keys(self):
        """Return {(company id, customer id): value}."""
        return {(value.company_id.id, value.partner_id.id): value for value in self}

    def _by_value(self, documents, name="commercial_partner_id"):
        """Return {value: documents of that customer to that company}, in their order."""
        keys = self._keys()
        grouped = documents.grouped(lambda document: (document.company_id.id, document.mapped(name).id))
        return {keys[key]: found for key, found in grouped.items() if key in keys}

    def _step_of_invoices(self):
        """Who owes money pays before buying more."""
        limit = fields.Date.context_today(self) - timedelta(days=OVERDUE_DAYS)
        domain = (
            Domain("company_id", "in", self.company_id.ids)
            & Domain("commercial_partner_id", "in", self.partner_id.ids)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("invoice_date_due", "<=", limit)
        )
        # sudo: that a customer pays late shows in the customer's value already; the amount is told below.
        found = self.env["account.move"].sudo().search(domain)
        readable = found.sudo(False)
        readable = readable._filtered_access("read") if readable.has_access("read") else readable.browse()
        steps = {}
        for value, moves in self._by_value(found).items():
            amount = sum(moves.mapped("amount_residual_signed"))
            if value.currency_id.compare_amounts(amount, 0.0) <= 0:
                continue
            opened = readable & moves.sudo(False)
            # Without invoices to open, the text becomes the summary of an activity, which everybody may read.
            if opened and value.amounts_visible:
                text = self.env._(
                    "Late payer: settle %s first.", formatLang(self.env, amount, currency_obj=value.currency_id)
                )
            else:
                text = self.env._("Late payer: overdue invoices come first.")
            steps[value] = Step("invoice", text, "invoice" if opened else "activity", opened)
        return steps

    def _step_of_quotation(self):
        """A quotation is followed up before it is forgotten."""
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return {}
        first, last = (fields.Datetime.now() - timedelta(days=days) for days in QUOTATION_DAYS)
        found = orders.search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("partner_id.commercial_partner_id", "in", self.partner_id.ids)
            & Domain("state", "in", ("draft", "sent"))
            & Domain("date_order", "<=", first)
            & Domain("date_order", ">=", last),
            order="date_order desc, id desc",
        )
        steps = {}
        for value, quotations in self._by_value(found, "partner_id.commercial_partner_id").items():
            order = quotations[0]
            made = fields.Datetime.context_timestamp(self, order.date_order).date()
            text = self.env._(
                "Quotation %(name)s open for %(days)s days: follow up.",
                name=order.name, days=(fields.Date.context_today(self) - made).days,
            )
            steps[value] = Step("quotation", text, "quotation", order, talk=True)
        return steps

    def _step_of_rhythm(self):
        """Who is later than usual is called."""
        steps = {}
        for value in self:
            ratio = value.cadence_ratio
            if value.purchase_days < RHYTHM_PURCHASES or ratio is False or ratio <= 1:
                continue
            if ratio >= SILENT_RATIO:
                text = self.env._("Silent %s × usual: call.", formatLang(self.env, ratio, digits=1))
                steps[value] = Step("silent", text, talk=True)
            else:
                due = value.last_purchase_date + timedelta(days=round(value.typical_gap))
                text = self.env._("Due since %s. Call about the next order.", self._short_day(due))
                steps[value] = Step("due", text, talk=True)
        return steps

    def _short_day(self, day):
        """Return a day as people say it: Nov 22, with the year where it is another one."""
        skeleton = "MMMd" if day.year == fields.Date.context_today(self).year else "yMMMd"
        return format_skeleton(skeleton, day, locale=babel_locale_parse(get_lang(self.env).code))

    @api.model
    def _last_talks(self, records):
        """Return when activities of these records were last done: {id: moment}."""
        # sudo: that somebody talked to the customer is all that is told.
        groups = self.env["mail.message"].sudo()._read_group(
            [
                ("model", "=", records._name),
                ("res_id", "in", records.ids),
                ("mail_activity_type_id", "!=", False),
                ("date", ">=", fields.Datetime.now() - timedelta(days=TALK_DAYS_KNOWN)),
            ],
            ["res_id"],
            ["date:max"],
        )
        return dict(groups)

    def _with_plan(self, step):
        """Return the step with what is planned with this customer (one) already, or None."""
        partner = self.partner_id
        deadline = partner.activity_date_deadline
        if not deadline:
            return step
        what = partner.activity_summary or partner.activity_type_id.name
        if deadline < fields.Date.context_today(self):
            plan = self.env._("Overdue since %(day)s: %(what)s.", day=self._short_day(deadline), what=what)
        else:
            plan = self.env._("Planned for %(day)s: %(what)s.", day=self._short_day(deadline), what=what)
        if not step:
            return Step("planned", plan, "planned")
        action = "planned" if step.action == "activity" else step.action
        return step._replace(text=f"{step.text} {plan}", action=action)

    def action_plan_next_step(self):
        """Open what the next step is about, or a new activity with what to do filled in."""
        self.ensure_one()
        self.check_access("read")
        step = self._find_next_steps().get(self)
        if not step or step.action == "activity":
            return self._action_schedule(step)
        if step.action == "planned":
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Planned Activity"),
                "res_model": "mail.activity",
                "res_id": self.partner_id.activity_ids[:1].id,
                "views": [(self.env.ref("mail.mail_activity_view_form_popup").id, "form")],
                "target": "new",
            }
        action = {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["next_step_kind"]._description_selection(self.env))[step.kind],
            "res_model": step.documents._name,
        }
        if len(step.documents) == 1:
            return action | {"res_id": step.documents.id, "views": [(False, "form")]}
        # On a phone, the web client takes the cards: of a list, most columns would be out of sight.
        return action | {
            "domain": [("id", "in", step.documents.ids)],
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def _action_schedule(self, step=None):
        """Return the window in which an activity with these customers is planned.

        :param step: the next step of one customer, which is what the activity is about
        """
        ids = self.partner_id.ids
        context = {
            "active_model": "res.partner", "active_ids": ids, "active_id": ids[0],
            "default_res_model": "res.partner", "default_res_ids": str(ids),
        }
        if step:
            # As everywhere in Odoo: whoever is responsible for the customer, or else whoever plans it.
            user = self.partner_id.user_id
            context |= {
                "default_activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "default_summary": step.text,
                "default_activity_user_id": (user if user.active else self.env.user).id,
                "default_date_deadline": fields.Date.to_string(fields.Date.context_today(self)),
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Schedule Activity"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }
