from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.number_fields import Integer, Monetary
from ..value.customer_value import AMOUNT_GROUP

# After it was said not to be useful, a kind of action rests with that customer for so many days.
NOT_USEFUL_DAYS = 180

# Which e-mail one begins with; with the other kinds, it only asks how they are doing.
TEMPLATES = {
    "invoice": "invoice", "quotation": "quotation", "due": "due", "expected": "due", "win_back": "win_back",
    "complaint": "sorry", "rating": "sorry", "broken": "sorry", "feedback": "sorry",
    "benefit": "benefit", "goal": "benefit", "proposal": "benefit", "advice": "benefit",
}


class CustomerNextAction(models.Model):
    """What is worth doing with a customer or a lead next: why, what to say, what it is worth, and what came of it.

    One of each is current. It waits until there is a place on the list of their salesperson.
    """

    _name = "customer.next.action"
    _description = "Next Action"
    _inherit = ["customer.guarded.mixin"]
    # By the place on the list: the order of amounts would tell them to whoever may not see them.
    _order = "date_dealt desc nulls last, is_first desc, sequence, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index=True, ondelete="cascade",
        help="Empty: it is about a lead who has not bought yet.",
    )
    lead_id = fields.Many2one("crm.lead", readonly=True, index="btree_not_null", ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "Salesperson", required=True, readonly=True, index=True, ondelete="cascade",
    )
    kind = fields.Selection("_selection_kind", "What About", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    worth = Monetary(
        readonly=True, optional=True, groups=AMOUNT_GROUP, exportable=False,
        help="What is at stake, as the line below says. Empty: not known.",
    )
    shown_worth = Monetary("Worth ", compute="_compute_shown_worth", optional=True, help="What is at stake.")
    worth_text = fields.Char("Worth in Words", compute="_compute_shown_worth")
    contact_id = fields.Many2one(
        "res.partner", "Whom to Ask For", compute="_compute_contact_id",
        help="The first person with a phone number at this customer.",
    )
    contact_name = fields.Char(compute="_compute_contact_id")
    phone = fields.Char(compute="_compute_contact_id")
    since = fields.Date(readonly=True, help="When it began. Empty: not known.")
    res_id = Integer("Record", readonly=True, optional=True, aggregator=None, exportable=False)
    facts = fields.Json(readonly=True, groups="base.group_system")
    why = fields.Char(compute="_compute_words")
    say = fields.Text("What to Say", compute="_compute_words")
    button = fields.Selection(
        [("contact", "Log a contact"), ("step", "Open what it is about"), ("record", "Open the record")],
        compute="_compute_words",
    )
    is_first = fields.Boolean(
        "Comes First", readonly=True, default=False, help="It comes before everything else, whatever it is worth."
    )
    button_text = fields.Char("Main Button", compute="_compute_words")
    state = fields.Selection(
        [
            ("waiting", "Waiting"), ("open", "To Do Today"), ("later", "Put Off"), ("done", "Done"),
            ("not_useful", "Not Useful"), ("gone", "No Longer Needed"), ("held_out", "Held Out"),
        ],
        "Status", required=True, default="waiting", readonly=True, index=True,
        help="Waiting: there was no place on a list yet. No longer needed: it settled by itself, or something else "
        "matters more now. Held out: it is not shown, so that the effect of the others can be measured.",
    )
    is_current = fields.Boolean(default=True, readonly=True)
    is_held_out = fields.Boolean(readonly=True, default=False)
    is_compared = fields.Boolean(
        "Counts in the Result", readonly=True, default=False,
        help="The customer could have been held out. Key customers and those who complained never are.",
    )
    date_waiting = fields.Date("Waiting Since", readonly=True)
    date_dealt = fields.Date("Last on a List", readonly=True, help="The last day on which it was on a list.")
    date_first = fields.Date("First on a List", readonly=True)
    sequence = Integer("Place on the List", readonly=True, aggregator=None)
    date_until = fields.Date("Put Off Until", readonly=True)
    date_closed = fields.Date("Closed on", readonly=True)
    rests_until = fields.Date(readonly=True, help="Until then, this is not asked for again with this customer.")
    reason = fields.Selection(
        [
            ("wrong", "What it says is not true"), ("known", "I know this customer better"),
            ("unwanted", "The customer does not want it"), ("small", "It is not worth the time"),
            ("other", "Something else"),
        ],
        "Why Not Useful", readonly=True,
    )
    note = fields.Char(readonly=True)
    result = fields.Selection(
        [("worked", "Worked"), ("did_not", "Did Not Work")], readonly=True,
        help="What came of it within the days of its kind: whether the customer bought, or whether it was settled. "
        "Empty: the days are not over yet.",
    )

    _one_subject = models.Constraint(
        "CHECK ((partner_id IS NULL) <> (lead_id IS NULL))", "An action is about a customer or about a lead."
    )
    _current_uniq = models.UniqueIndex("(company_id, COALESCE(partner_id, -lead_id)) WHERE is_current")
    _list_idx = models.Index("(user_id, date_dealt)")
    _rest_idx = models.Index("(company_id, partner_id, kind, rests_until) WHERE rests_until IS NOT NULL")
    _result_idx = models.Index("(company_id, kind, date_first) WHERE result IS NULL AND date_first IS NOT NULL")

    @api.model
    def _selection_kind(self):
        """Return the kinds of all rooms with their names."""
        return [(kind, action.label) for kind, action in self.env["customer.value"]._next_actions().items()]

    @api.depends("partner_id.display_name", "lead_id.partner_name", "lead_id.contact_name", "lead_id.name")
    def _compute_display_name(self):
        for action in self:
            # sudo: whoever reads a list reads of whom it is, as leaders do that of their team.
            lead = action.sudo().lead_id
            action.display_name = (
                action.partner_id.display_name or lead.partner_name or lead.contact_name or lead.name or ""
            )

    def _kind(self):
        """Return what is known of the kind of this action (one), or None: its room may be gone."""
        return self.env["customer.value"]._next_actions().get(self.kind)

    def _words(self):
        """Return {action: Words}, in the user's language."""
        values, kinds = self.env["customer.value"], self.env["customer.value"]._next_actions()
        return {
            # sudo: the facts are what the words are made of, and hold no amounts.
            action: kinds[action.kind].words(values, action.sudo().facts) for action in self if action.kind in kinds
        }

    # What others gained is told as far as the user may know.
    @api.depends("kind", "facts")
    @api.depends_context("lang", "uid")
    def _compute_words(self):
        words, kinds = self._words(), self.env["customer.value"]._next_actions()
        for action in self:
            said, kind = words.get(action), kinds.get(action.kind)
            action.why = said and said.why
            action.say = said and said.say
            action.button = kind and kind.button
            action.button_text = (
                self.env._("Log the Call") if not kind or kind.button == "contact"
                else kind.opens or self.env._("Open")
            )

    @api.depends("partner_id.phone", "partner_id.child_ids.phone", "lead_id.contact_name", "lead_id.phone")
    @api.depends_context("uid")
    def _compute_contact_id(self):
        leads = self.lead_id._filtered_access("read")
        for action in self:
            customer, lead = action.partner_id, action.lead_id & leads
            people = customer.child_ids.filtered(lambda partner: partner.type == "contact" and not partner.is_company)
            action.contact_id = people.sorted(lambda person: (not person.phone, person.id))[:1] or lead.partner_id
            action.contact_name = action.contact_id.name or lead.contact_name
            action.phone = action.contact_id.phone or customer.phone or lead.phone

    @api.depends("worth", "kind", "partner_id", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_shown_worth(self):
        """Tell an amount to those who may see the amounts of the customer."""
        values = self.env["customer.value"]
        hidden = values._customers_of_others(self.company_id, self.partner_id)
        words = self._words()
        for action in self:
            # sudo: whether the user may see it was decided above.
            worth = action.sudo().worth
            if (action.company_id, action.partner_id) in hidden:
                action.shown_worth, action.worth_text = False, self.env._("The amount is not shown to you.")
                continue
            action.shown_worth = worth
            said = words.get(action)
            action.worth_text = self.env._("Not known in money.") if worth is False or not said else said.worth

    def _hidden_records(self, env):
        """Return those of these actions that are about a record which the user of an environment may not read."""
        hidden = self.browse()
        kinds = self.env["customer.value"]._next_actions()
        for kind, actions in self.filtered("res_id").grouped("kind").items():
            if kind in kinds and kinds[kind].model:
                records = env[kinds[kind].model].browse(actions.mapped("res_id")).exists()
                readable = set(records._filtered_access("read").ids) if records.has_access("read") else set()
                hidden += actions.filtered(lambda action, readable=readable: action.res_id not in readable)
        return hidden

    def _value(self):
        """Return the value of the customer of this action (one), as the user may read it."""
        return self.env["customer.value"].search([
            ("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id),
        ])

    # What the person does with it.

    def _check_mine(self):
        """Raise unless the user may read these actions, and they can still be answered."""
        if not self.has_access("read"):
            raise AccessError(self.env._(
                "This is not on your list: a colleague looks after the customer. Reload the page."
            ))
        for action in self:
            # sudo: that a lead was closed is for everybody to know on whose list it is.
            if not (action.partner_id or action.sudo().lead_id).active:
                raise UserError(self.env._(
                    "%s was archived, so nothing is to be done any more. Reload the page.", action.display_name
                ))
            if not action.is_current or action.state == "held_out":
                raise UserError(self.env._("This was answered already, or is no longer needed. Reload the page."))

    def _close(self, state, rest, **values):
        # sudo: what people answer goes through the buttons, which checked that they may read it.
        for action in self.sudo():
            today = action._today(action.company_id)
            action.write({
                "state": state, "is_current": False, "date_closed": today, "date_until": False,
                # What is answered before it came to the list was brought forward, and has its result from today on.
                "date_first": action.date_first or today, "date_dealt": action.date_dealt or today,
                "rests_until": today + timedelta(days=rest), **values,
            })

    def _note_done(self):
        """Note that these were done: they rest."""
        for action in self:
            kind = action._kind()
            action._close("done", kind.rest if kind else 0)

    def action_done(self):
        """Note that it was done."""
        self._check_mine()
        self._note_done()
        return self._action_next()

    def action_later(self):
        """Ask until when it is put off."""
        return self._action_answer("later", self.env._("Later"))

    def action_not_useful(self):
        """Ask why it is not useful."""
        return self._action_answer("not_useful", self.env._("Not Useful"))

    def _action_answer(self, answer, title):
        self.ensure_one()
        self._check_mine()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.next.action.answer",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_action_id": self.id, "default_answer": answer, "go_on": self.env.context.get("go_on", False),
            },
        }

    def _put_off(self, day):
        """Put these off until a day, on which they come first."""
        # sudo: as above.
        for action in self.sudo():
            today = action._today(action.company_id)
            action.write({
                "state": "later", "date_until": day, "date_first": action.date_first or today,
                "date_dealt": action.date_dealt or today,
            })

    def _leave(self, reason, note):
        """Note that these are not useful, and why: they rest for long, and their kind counts for less."""
        self._close("not_useful", NOT_USEFUL_DAYS, reason=reason, note=note)

    def _action_next(self):
        """Go on with the day where one action was open; a list or board reloads by itself."""
        if self.env.context.get("go_on"):
            return self._action_my_day() | {"target": "main"}
        return False

    # What helps to do it.

    def action_do(self):
        """Do what this action is about: open the record, or log the contact."""
        self.ensure_one()
        self._check_mine()
        if self.button == "step" and (value := self._value()):
            return value.action_plan_next_step()
        if self.button == "record" and self.res_id:
            record = self.env[self._kind().model].browse(self.res_id).exists()
            if record and record.has_access("read"):
                return self._action_open(record)
        return self.action_log_contact()

    def _action_open(self, record):
        return {
            "type": "ir.actions.act_window", "name": self.display_name, "res_model": record._name,
            "res_id": record.id, "views": [(False, "form")],
        }

    def action_log_contact(self):
        """Log the call, with what was learned; that does the action."""
        self.ensure_one()
        self._check_mine()
        contact = self.contact_id or self.partner_id
        if not contact:
            return self._action_open(self.lead_id)
        return self.env["customer.contact.wizard"]._action_of(contact, go_on=self.env.context.get("go_on", False))

    def action_write(self):
        """Write an e-mail to the customer or the lead."""
        self.ensure_one()
        self._check_mine()
        record = self.lead_id or self.contact_id or self.partner_id
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send E-Mail"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": record._name, "default_res_ids": record.ids, "default_composition_mode": "comment",
                "default_template_id": self._template().id,
            },
        }

    def _template(self):
        """Return the e-mail that one may begin with, where the database has it still."""
        name = "lead" if self.lead_id else TEMPLATES.get(self.kind, "touch")
        # sudo: everybody who sells may begin with it; what they send is in their own name.
        template = self.env.ref(f"crm_customer_value.mail_template_next_action_{name}", raise_if_not_found=False)
        return (template or self.env["mail.template"]).sudo().filtered("active")

    def action_quote(self):
        """Begin a quotation for the customer or the lead; where a product is to be offered, with the product."""
        self.ensure_one()
        self._check_mine()
        if self.lead_id:
            return self.lead_id.with_context(active_id=self.lead_id.id).action_sale_quotations_new()
        offers = self.env["customer.offer"]
        facts = self.sudo().facts or {}  # sudo: what the words are made of, without amounts
        product = self.env["product.product"].browse(facts.get("product_id") or ())
        # It may not be sold any longer.
        if product and product.filtered_domain([("id", "in", offers._offerable(self.company_id))]):
            return offers._quote(self.contact_id or self.partner_id, product, self.company_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.partner_id.id, "default_company_id": self.company_id.id},
        }

    def action_meet(self):
        """Find a time for a visit in the calendar."""
        self.ensure_one()
        self._check_mine()
        if self.lead_id:
            return self.lead_id.action_schedule_meeting()
        action = self.env["ir.actions.act_window"]._for_xml_id("calendar.action_calendar_event")
        return action | {"context": {
            "default_name": self.env._("Visit: %s", self.partner_id.display_name),
            "default_partner_ids": [*self.partner_id.ids, *self.env.user.partner_id.ids],
        }}

    def action_open_customer(self):
        """Open the customer or the lead."""
        self.ensure_one()
        self.check_access("read")
        return self._action_open(self.lead_id or self.partner_id)
