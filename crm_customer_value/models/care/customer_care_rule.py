from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import is_html_empty

from ..base.number_fields import Integer, Monetary

MONTHS = [
    ("1", "January"), ("2", "February"), ("3", "March"), ("4", "April"), ("5", "May"), ("6", "June"), ("7", "July"),
    ("8", "August"), ("9", "September"), ("10", "October"), ("11", "November"), ("12", "December"),
]
# What care is tried again for after a night without it: more would be a surprise.
MOST_LATE_DAYS = 30
# What everybody may change of a rule that works with somebody else's rights.
HARMLESS = frozenset(("sequence",))


class CustomerCareRule(models.Model):
    """What starts an act of care for which customers, and what is done."""

    _name = "customer.care.rule"
    _description = "Care Rule"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = Integer(
        default=10, help="If two rules find the same customer in one night, the first one counts: the other one leaves "
        "them in peace.",
    )
    active = fields.Boolean(
        default=False, copy=False, help="Nothing happens before the rule is switched on. Look at the preview first."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [("service", "Service"), ("promotion", "Promotion")], required=True, default="service",
        help="Promotion needs the consent of the contact, and stops while a severe complaint is open or the "
        "relationship is broken.",
    )
    user_id = fields.Many2one(
        "res.users", "Owner", required=True, index=True, default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The rule works with the rights of this person, and finds the customers whose values they may see.",
    )

    # How it is done
    action = fields.Selection(
        [
            ("plan", "Start an activity plan"),
            ("mail", "Send an e-mail"),
            ("lead", "Create an opportunity"),
            ("gift", "Give a gift"),
        ],
        "What Is Done", required=True, default="plan",
    )
    plan_id = fields.Many2one(
        "mail.activity.plan", "Activity Plan", domain=[("res_model", "=", "res.partner")], ondelete="restrict",
        index="btree_not_null",
    )
    template_id = fields.Many2one(
        "mail.template", "E-mail Template", domain=[("model", "=", "res.partner")], ondelete="restrict",
        index="btree_not_null", help="The e-mail goes to the contact alone, in working hours.",
    )
    lead_name = fields.Char(
        "Name of the Opportunity", translate=True, help="The name of the customer is put behind it."
    )
    gift_product_id = fields.Many2one(
        "product.product", "Gift", check_company=True, ondelete="restrict", index="btree_not_null",
        help="The salesperson gets an activity to hand it over.",
    )
    gift_words = fields.Char(
        "Gift in Words", translate=True, help="If the gift is no product: flowers, tickets, a visit."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    gift_cost = Monetary(
        "Cost of One Gift", optional=True, help="What one gift costs you. Enter 0 if it costs nothing."
    )

    # When it is not done
    quiet_days = Integer(
        "Quiet Days", default=7,
        help="The customer is left in peace for this number of days after any other act of care. 0: they need not be.",
    )
    late_days = Integer(
        "Days Late, at Most", default=3,
        help="If it was not possible on the day, because the server was down or the customer is left in peace, it is "
        "done later: by this number of days at most.",
    )
    season_from = fields.Selection(MONTHS, help="Empty: the whole year.")
    season_to = fields.Selection(MONTHS)
    date_on = fields.Date(
        "Switched On", readonly=True, copy=False, help="Occasions of earlier days are left out."
    )
    date_done = fields.Date(
        "Last Night", readonly=True, copy=False, help="The day up to which the rule has done its work."
    )
    failure = fields.Char(readonly=True, copy=False)
    notice = fields.Char(compute="_compute_notice")

    _quiet_days_range = models.Constraint(
        "CHECK (quiet_days BETWEEN 0 AND 365)", "Enter 0 to 365 quiet days."
    )
    _late_days_range = models.Constraint(
        f"CHECK (late_days BETWEEN 0 AND {MOST_LATE_DAYS})", f"Enter 0 to {MOST_LATE_DAYS} days."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "sequence", "active", "company_id", "kind", "user_id", "action", "plan_id", "template_id",
            "lead_name", "gift_product_id", "gift_words", "gift_cost", "quiet_days", "late_days", "season_from",
            "season_to",
        }

    @api.depends(
        "active", "user_id.active", "user_id.company_ids", "action", "plan_id.template_ids", "template_id.body_html",
        "failure", "company_id",
    )
    def _compute_notice(self):
        for rule in self:
            rule.notice = rule._problem() or rule.failure

    def _problem(self):
        """Return why this rule (one) cannot work, or False. Nothing is done before that is put right."""
        # sudo: what the owner may do is the question, whoever asks it.
        owner = self.sudo().user_id
        if not owner:
            return False
        if not owner._may_serve(self.company_id):
            return self.env._(
                "%s, the owner of this rule, does not work here any more. Choose another owner.", owner.name
            )
        if not self._as_owner("customer.value").has_access("read"):
            return self.env._(
                "%s, the owner of this rule, may not see the values of customers. Choose another owner.", owner.name
            )
        if self.action == "lead" and not self._as_owner("crm.lead").has_access("create"):
            return self.env._(
                "%s, the owner of this rule, may not create opportunities. Choose another owner.", owner.name
            )
        return self._action_problem()

    def _action_problem(self):
        """Return what is missing in what this rule (one) does, or False."""
        # sudo: whether a template has a text is asked for whoever reads the rule.
        rule = self.sudo()
        if rule.action == "plan" and not rule.plan_id.template_ids:
            return self.env._("The activity plan has no activities. Choose another one, or add activities to it.")
        if rule.action == "mail" and (is_html_empty(rule.template_id.body_html) or not rule.template_id.subject):
            return self.env._("The e-mail template needs a subject and a text. Add them, or choose another one.")
        return False

    def _as_owner(self, model):
        """Return a model as the owner of this rule (one) sees it, in the company of the rule."""
        owner = self.sudo().user_id
        context = {"lang": owner.lang, "tz": owner.tz, "allowed_company_ids": self.company_id.ids}
        return self.env(user=owner.id, su=False, context=context)[model]

    @api.constrains("action", "plan_id", "template_id", "lead_name", "gift_product_id", "gift_words", "gift_cost")
    def _check_action(self):
        for rule in self:
            if rule.action == "plan" and not rule.plan_id:
                raise ValidationError(self.env._("Choose the activity plan that the rule starts."))
            if rule.action == "mail" and not rule.template_id:
                raise ValidationError(self.env._("Choose the template of the e-mail that the rule sends."))
            if rule.action == "lead" and not (rule.lead_name or "").strip():
                raise ValidationError(self.env._("Enter a name for the opportunities that the rule creates."))
            if rule.action == "gift" and not rule.gift_product_id and not (rule.gift_words or "").strip():
                raise ValidationError(self.env._("Choose a product as a gift, or say in words what the gift is."))
            if rule.action == "gift" and (rule.gift_cost is False or rule.gift_cost < 0):
                raise ValidationError(self.env._("Enter what one gift costs. Enter 0 if it costs nothing."))
            if rule.plan_id.res_model not in (False, "res.partner"):
                raise ValidationError(self.env._("Choose an activity plan for contacts."))
            if rule.template_id.model not in (False, "res.partner"):
                raise ValidationError(self.env._("Choose an e-mail template for contacts."))
            if rule.action in ("plan", "mail") and (problem := rule._action_problem()):
                raise ValidationError(problem)

    @api.constrains("season_from", "season_to")
    def _check_season(self):
        for rule in self:
            if bool(rule.season_from) != bool(rule.season_to):
                raise ValidationError(self.env._(
                    "A season has a first and a last month. Choose both, or neither for the whole year."
                ))

    @api.onchange("gift_product_id")
    def _onchange_gift_product_id(self):
        if self.gift_product_id:
            self.gift_cost = self.gift_product_id.with_company(self.company_id).standard_price

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_owner()
        rules.filtered("active")._note_on()
        return rules

    def write(self, vals):
        switched_on = self.filtered(lambda rule: not rule.active) if vals.get("active") else self.browse()
        result = super().write(vals)
        if not self.env.su and not vals.keys() <= HARMLESS and vals != {"active": False}:
            self._check_owner()
        switched_on._note_on()
        if not self.env.su and self.filtered("failure"):
            # sudo: whoever puts the rule right takes the notice away with it.
            self.sudo().failure = False
        return result

    def _check_owner(self):
        """Have nobody let a rule work with the rights of somebody else."""
        if self.env.su or self.env.user._is_system():
            return
        for rule in self:
            if rule.user_id != self.env.user:
                raise AccessError(self.env._(
                    "This rule works with the rights of %s, so only they may change it. Make yourself the owner: then "
                    "it works with your rights.",
                    rule.user_id.name,
                ))

    def _note_on(self):
        """Note from which day on occasions count, which is the one on which the rule is switched on."""
        for rule in self:
            # sudo: since when is for the program to note.
            rule.sudo().write({"date_on": rule._today(rule.company_id), "date_done": False})

    @api.model
    def _today(self, company):
        """Return which day it is for a company."""
        return self.env["customer.value.run"]._today(self.env["customer.value.policy"]._get_active(company))

    def _months(self):
        """Return the months of the season of this rule (one) as numbers; none: the whole year."""
        if not self.season_from:
            return ()
        first, last = int(self.season_from), int(self.season_to)
        return tuple(month for month in range(1, 13) if (month - first) % 12 <= (last - first) % 12)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whether anybody was cared for is the question, whoever may see them.
        if self.env["customer.care.log"].sudo().search_count([("rule_id", "in", self.ids)], limit=1):
            raise UserError(self.env._(
                "Customers were cared for by this rule, so it cannot be deleted. Switch it off instead: its effect "
                "stays known."
            ))
