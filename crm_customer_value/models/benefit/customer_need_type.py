from odoo import api, fields, models


class CustomerNeedType(models.Model):
    _inherit = "customer.need.type"

    metric_id = fields.Many2one(
        "customer.benefit.metric", "Usual Metric", index="btree_not_null", ondelete="set null",
        help="How it is usually measured that the need is met. Goals made from such a need begin with it.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"metric_id"}
