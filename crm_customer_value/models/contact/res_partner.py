from odoo import fields, models

from ..base.number_fields import Integer


class ResPartner(models.Model):
    _inherit = "res.partner"

    birthday_day = Integer("Day of Birth", optional=True, aggregator=None, groups="base.group_user")
    birthday_month = fields.Selection(
        [
            ("1", "January"), ("2", "February"), ("3", "March"), ("4", "April"), ("5", "May"), ("6", "June"),
            ("7", "July"), ("8", "August"), ("9", "September"), ("10", "October"), ("11", "November"),
            ("12", "December"),
        ],
        "Month of Birth", groups="base.group_user",
    )
    birthday_year = Integer("Year of Birth", optional=True, aggregator=None, groups="base.group_user")
    contact_log_ids = fields.One2many(
        "customer.contact.log", "partner_id", "Contacts with Us", groups="base.group_user"
    )
    contact_note_ids = fields.One2many(
        "customer.contact.note", "partner_id", "What to Know", groups="base.group_user"
    )
