from odoo import api, fields, models


class CustomerValue(models.Model):
    """The board by stage: what its cards need beside the numbers, and which columns are open."""

    _inherit = "customer.value"

    has_image = fields.Boolean(
        compute="_compute_has_image", help="Cards load a picture only if there is one."
    )

    @api.depends("partner_id.image_128")
    def _compute_has_image(self):
        for value in self.with_context(bin_size=True):
            value.has_image = bool(value.partner_id.image_128)

    @api.readonly
    def get_board_note(self):
        """Return what to know before reading the board, in one line: why nobody is ranked, or that forecasts are rough.

        Read from the last recompute, for the company one works in. False: nothing to say.
        """
        self.check_access("read")
        company = self.env.company
        runs = self.env["customer.value.run"]
        last = runs._last_full_run(company)
        points, learned = last.cut_points or {}, last.outlook or {}
        if points.get("active") and not points.get("ranked", True):
            return self._too_few_text(points["active"])
        # Where they can be relied on, there are too many customers to count them for every board.
        summary = learned.get("confidence") == "low" and runs._forecast_summary(company)
        return summary and self.env._("%s. All are rough estimates.", summary)

    def _formatted_read_group_with_length(self, domain, groupby, aggregates, offset=0, limit=None, order=None):
        """Open the columns with hits of a search, also those that are folded otherwise, and no empty one."""
        groups, length = super()._formatted_read_group_with_length(domain, groupby, aggregates, offset, limit, order)
        if self.env.context.get("open_found_groups"):
            for group in groups:
                group["__fold"] = not group["__count"]
        return groups, length
