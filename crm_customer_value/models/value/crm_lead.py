from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.value.mixin", "customer.value.source"]

    # What makes a contact a prospect: see engine.fact.facts.prospects_sql.
    _value_reads = frozenset(("partner_id", "type", "active", "company_id"))
    _value_marks = frozenset(("stage_id", "probability"))
    _value_silent = {"won_status": "follows from the stage, the probability and whether it is archived"}

    def _value_customers(self):
        """The contacts of opportunities may be prospects."""
        opportunities = self.filtered(lambda lead: lead.type == "opportunity" and lead.partner_id)
        for company, leads in opportunities.grouped("company_id").items():
            yield leads.partner_id, company
