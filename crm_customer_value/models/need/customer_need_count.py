from odoo import api, models

from ..base.number_fields import Integer

MEETS_GROUP = "crm_customer_value.group_meets_customers"


class CustomerNeedCount(models.AbstractModel):
    """Gives records a button to the needs that belong to them, and a dialog to note one in a few seconds."""

    _name = "customer.need.count"
    _description = "Counts Needs of a Record"

    need_count = Integer("Needs", compute="_compute_need_count", groups=MEETS_GROUP, help="Needs that you may read.")
    objection_count = Integer(
        "Objections", compute="_compute_need_count", groups=MEETS_GROUP, help="Objections that you may read."
    )

    def _customer_need_field(self):
        """Return the field of a need that leads to this model."""
        raise NotImplementedError

    def _customer_need_owner(self):
        """Return the record to which the needs of this one lead."""
        return self

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_need_count(self):
        field = self._customer_need_field()
        owners = {record: record._customer_need_owner()._origin.id for record in self}
        counts = {
            (owner.id, kind): count
            for owner, kind, count in self.env["customer.need"]._read_group(
                [(field, "in", list(filter(None, owners.values())))], [field, "kind"], ["__count"]
            )
        }
        for record, owner in owners.items():
            record.need_count = counts.get((owner, "need"), 0)
            record.objection_count = counts.get((owner, "objection"), 0)

    def action_view_needs(self):
        """Show the needs and objections of this record; where there are none, note the first one."""
        self._check_needs()
        if not self.need_count and not self.objection_count:
            return self.action_new_need()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_need_action")
        return {
            **action,
            "domain": [(self._customer_need_field(), "=", self._customer_need_owner().id)],
            "context": self._customer_need_context(),
            "views": self.env["customer.need"]._views_of_both_kinds(),
        }

    def action_new_need(self):
        """Open the small dialog in which one notes a need."""
        self._check_needs()
        return self.env["customer.need"]._action_note("need", self._customer_need_context())

    def action_new_objection(self):
        """Open the small dialog in which one notes an objection, and the answer to it."""
        self._check_needs()
        return self.env["customer.need"]._action_note("objection", self._customer_need_context())

    def _check_needs(self):
        """Raise unless the user may see the needs of this record (one record)."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["need_count"], "read")

    def _customer_need_context(self):
        """Return the context in which a need of this record is noted (one record)."""
        return {f"default_{self._customer_need_field()}": self.id}
