from odoo import api, fields, models

# So many needs, and measurements, of the time since the last month end are named.
NAMED = 5


class CustomerValue(models.Model):
    """Why the benefit of a customer is what it is, how it went, and what changed it lately."""

    _inherit = "customer.value"

    @api.model
    def _explanation_missing(self, component):
        if component == "benefit":
            return self.env._("No gain was measured and no need is known: no points.")
        return super()._explanation_missing(component)

    def _story_of_benefit(self, _full, _latest):
        """Return what the economic and the functional score are made of."""
        facts = []
        if self.benefit_record_count:
            facts += [
                (
                    self.env._("Their gain, last %s", self.window_text), "monetary", self.shown_benefit_gain_12m,
                    *self._story_opens("customer.benefit.record", "action_view_benefit_records"),
                ),
                (self.env._("Confirmed by the customer (%)"), "number", self.benefit_confirmed_share),
            ]
        if self.benefit_aim_count:
            facts.append((
                self.env._("Needs and goals"), "number", self.benefit_aim_count,
                *self._story_opens("customer.need", "action_view_benefit_needs"),
            ))
        return facts, self.shown_benefit_ratio is not False and self.env._(
            "The customer gains %(ratio)s for each 1 they pay.", ratio=f"{self.shown_benefit_ratio:g}"
        )

    def _story_opens(self, model, method):
        """Return what opens the records behind a number, for who may read them."""
        return [{"method": method, "args": []}] if self.env[model].has_access("read") else []

    def _story_point(self, record, day):
        """Say beside the value index how much the customer gained."""
        point = super()._story_point(record, day)
        point["details"] += [
            {"label": self._fields[name]._description_string(self.env), "text": f"{record[name]:g}"}
            for name in ("benefit_index", "value_delivered") if record[name] is not False
        ]
        return point

    def _story_events(self, since, latest):
        """Tell which needs were stated or changed, and what was measured."""
        rows = [*self._story_needs(since, latest), *self._story_records(since, latest)]
        rows.sort(key=lambda row: row["date"], reverse=True)
        if not rows:
            return super()._story_events(since, latest)
        return [
            *super()._story_events(since, latest),
            {"title": self.env._("Needs and measurements since then"), "rows": rows},
        ]

    def _story_needs(self, since, latest):
        changes = self.env["customer.need.change"]
        if not changes.has_access("read"):
            return []
        states = dict(changes._fields["state"]._description_selection(self.env))
        return [
            {
                "date": fields.Date.to_string(change.date),
                "text": self.env._("Need: %s", states[change.state]),
                "name": change.need_id.type_id.display_name,
                "link": {"model": "customer.need", "id": change.need_id.id},
            }
            for change in changes.search([
                ("need_id.commercial_partner_id", "=", self.partner_id.id),
                ("need_id.company_id", "=", self.company_id.id), ("need_id.kind", "=", "need"),
                ("need_id.active", "=", True), ("date", ">", since), ("date", "<=", latest.as_of),
            ], limit=NAMED)
        ]

    def _story_records(self, since, latest):
        records = self.env["customer.benefit.record"]
        if not records.has_access("read"):
            return []
        return [
            {
                "date": fields.Date.to_string(record.date_to),
                "text": self.env._("Gain measured"),
                "name": record.metric_id.display_name,
                "link": {"model": records._name, "id": record.id},
            }
            for record in records.search([
                *self._benefit_domain(), ("counts", "=", True),
                ("date_to", ">", since), ("date_to", "<=", latest.as_of),
            ], limit=NAMED)
        ]
