from odoo import api, fields, models


class CustomerComplaintSla(models.Model):
    """Deadlines that a care level promises."""

    _inherit = "customer.complaint.sla"

    care_level_id = fields.Many2one(
        "customer.care.level", "Customer's Care Level", check_company=True, index="btree_not_null", ondelete="restrict",
        help="Empty: any level, and complaints of customers without one.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"care_level_id"}

    def _matches(self, complaint, value_class):
        """Tell whether this rule is for a complaint, by the care level of its customer too (one record)."""
        # sudo: the level chooses a rule; nobody is shown anything of the value.
        return super()._matches(complaint, value_class) and (
            not self.care_level_id or self.care_level_id == complaint.sudo().care_level_id
        )
