"""How a customer wishes to be served."""

from odoo import api, fields, models

HOURS = [
    ("any", "At Any Time"),
    ("morning", "In the Morning"),
    ("afternoon", "In the Afternoon"),
    ("evening", "In the Evening"),
]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.link.mixin"]

    # Flows and people belong to companies, so each company keeps its own choice. Where and when
    # somebody is reached is the same for all of them.
    service_flow_id = fields.Many2one(
        "customer.service.flow",
        string="Service Option",
        company_dependent=True,
        domain="['|', ('company_id', '=', False), ('company_id', 'in', allowed_company_ids)]",
        tracking=True,
        groups="base.group_user",
        help="Applies to new complaints. Contacts without an option of their own use that of their company.",
    )
    service_user_id = fields.Many2one(
        "res.users",
        string="Preferred Contact Person",
        company_dependent=True,
        domain="[('share', '=', False), ('company_ids', 'in', allowed_company_ids)]",
        tracking=True,
        groups="base.group_user",
        help="Handles this customer's complaints if the service option allows a choice. With the option One Contact "
        "and no person here, the salesperson handles them.",
    )
    service_channel_id = fields.Many2one(
        "customer.contact.channel",
        string="Preferred Channel",
        domain="[('is_wish', '=', True)]",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        groups="base.group_user",
    )
    service_hours = fields.Selection(
        HOURS, string="Preferred Hours", tracking=True, groups="base.group_user"
    )
    service_hint = fields.Char(
        "Service Preferences",
        compute="_compute_service_hint",
        compute_sudo=True,
        groups="base.group_user",
        help="The contact's own preferences, or those of its company.",
    )

    @api.model
    def _link_fields(self):
        return ["service_flow_id", "service_user_id"]

    @api.depends(
        "service_flow_id",
        "service_user_id",
        "service_channel_id",
        "service_hours",
        "lang",
        "commercial_partner_id.service_flow_id",
        "commercial_partner_id.service_user_id",
        "commercial_partner_id.service_channel_id",
        "commercial_partner_id.service_hours",
    )
    @api.depends_context("company", "lang")
    def _compute_service_hint(self):
        for partner in self:
            wishes = partner._customer_wishes()
            parts = [wishes["flow"].name, wishes["user"].name, *partner._customer_wish_words(wishes)]
            partner.service_hint = ", ".join(part for part in parts if part) or False

    def _customer_wishes(self):
        """Return how this customer (one or none) wishes to be served by the current company.

        Each wish is the contact's own, else that of its commercial partner: ``flow`` and ``user``
        (records, maybe empty), ``channel`` (a record, maybe empty), ``hours`` (a key of the selection or False),
        ``lang``.
        """
        company = self.env.company
        # sudo: complaints are routed for people who may not read each other's customers.
        own = self.sudo()
        family = own.commercial_partner_id

        def wish(name):
            return own[name] or family[name]

        offered = (own.service_flow_id, family.service_flow_id)
        flows = [flow for flow in offered if flow.active and flow.company_id in (company, flow.company_id.browse())]
        return {
            "flow": flows[0] if flows else own.service_flow_id.browse(),
            "user": wish("service_user_id"),
            "channel": (own.service_channel_id | family.service_channel_id).filtered("active")[:1],
            "hours": wish("service_hours"),
            "lang": wish("lang") or company.partner_id.lang or self.env.lang,
        }

    def _customer_wish_words(self, wishes):
        """Return where, when and in what language a customer wishes to be reached, as words."""
        # sudo: only the words for the choices are looked up here.
        fields_get = self.sudo().fields_get(["service_hours"], ["selection"])
        hours = wishes["hours"] not in (False, "any") and dict(
            fields_get["service_hours"]["selection"]
        ).get(wishes["hours"])
        # What everybody speaks here need not be said.
        language = wishes["lang"] != self.env.company.partner_id.lang and self.env["res.lang"]._get_data(
            code=wishes["lang"]
        ).name
        return [part for part in (wishes["channel"].name, hours, language) if part]
