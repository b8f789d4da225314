from odoo import api, models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.value.mixin"]

    # What makes a contact a prospect: see engine.value.facts.prospects_sql.
    _customer_value_fields = frozenset(
        ("partner_id", "type", "active", "company_id", "stage_id", "probability")
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._mark_customers()
        return leads

    def write(self, vals):
        if not self._customer_value_fields & vals.keys():
            return super().write(vals)
        self._mark_customers()
        result = super().write(vals)
        self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note that the contacts of opportunities may have become prospects, or ceased to be."""
        opportunities = self.filtered(lambda lead: lead.type == "opportunity" and lead.partner_id)
        for company, leads in opportunities.grouped("company_id").items():
            self.env["customer.value.mark"]._mark(leads.partner_id, company)
