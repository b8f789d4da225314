from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerContactLog(models.Model):
    """One contact between us and a customer: when, who with whom, how long, what was learned."""

    _name = "customer.contact.log"
    _description = "Contact with a Customer"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.value.source"]
    _order = "date desc, id desc"
    _rec_name = "summary"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, ondelete="cascade",
        help="Whom we were in touch with, or the customer as a whole.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users", "Who of Us", required=True, index=True, default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    channel_id = fields.Many2one("customer.contact.channel", required=True, index=True, ondelete="restrict")
    direction = fields.Selection(
        [("out", "We Contacted Them"), ("in", "They Contacted Us")], required=True, default="out"
    )
    date = fields.Datetime("When", required=True, index=True, default=fields.Datetime.now)
    minutes = Integer("Minutes", optional=True, aggregator="sum", help="How long it took. Empty: nobody noted it.")
    summary = fields.Text("What We Learned", required=True)
    event_id = fields.Many2one("calendar.event", "Meeting", index="btree_not_null", ondelete="set null")

    _value_reads = frozenset(("company_id", "commercial_partner_id", "channel_id", "direction", "date", "minutes"))
    _value_marks = frozenset(("partner_id",))

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "partner_id", "user_id", "channel_id", "direction", "date", "minutes", "summary",
        }

    def _value_customers(self):
        for company, logs in self.grouped("company_id").items():
            yield logs.commercial_partner_id, company
