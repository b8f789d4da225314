from odoo import fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Give what is open to the team leader when the person responsible leaves."""
        result = super().write(vals)
        if vals.get("active") is False or "company_ids" in vals:
            self._customer_leave_open()
        return result

    def _customer_leave_open(self):
        """Have the team leaders take over what these users can no longer handle."""
        # Whoever manages users need not see these records, which must not be left behind.
        for records in self.env["customer.flow.mixin"]._flow_models():
            mine = records.search(Domain("user_id", "in", self.ids) & records._open_domain())
            mine.filtered(lambda record: not record.user_id._may_serve(record.company_id))._take_over()

    def _may_serve(self, company):
        """Tell whether this user (one) works here and in ``company``."""
        return self.active and not self.share and company in self.company_ids

    def _filter_absent(self, company=None):
        """Return those who are away now: by their out-of-office, or by time off of their resource.

        Approved time off of Odoo's Time Off app is time off of the employee's resource.
        ``company`` limits time off to the person's work there; none means in any company.
        """
        now = fields.Datetime.now()
        # sudo: absence is asked for people of other teams, whose calendars one may not read.
        users = self.sudo()
        absent = users.filtered(
            lambda user: user.out_of_office_from
            and user.out_of_office_from <= now
            and (not user.out_of_office_to or now <= user.out_of_office_to)
        )
        domain = (
            Domain("resource_id.user_id", "in", (users - absent).ids)
            & Domain("time_type", "=", "leave")
            & Domain("date_from", "<=", now)
            & Domain("date_to", ">=", now)
        )
        if company:
            domain &= Domain("resource_id.company_id", "in", [False, company.id])
        leaves = self.env["resource.calendar.leaves"].sudo().search(domain)
        return self & (absent | leaves.resource_id.user_id).with_env(self.env)

    def _search_absent(self):
        """Return all users who are away now, found without a look at those who are not."""
        now = fields.Datetime.now()
        # sudo: called by scheduled actions for everybody.
        away = self.sudo().search(
            Domain("share", "=", False)
            & Domain("out_of_office_from", "<=", now)
            & (Domain("out_of_office_to", "=", False) | Domain("out_of_office_to", ">=", now))
        )
        leaves = self.env["resource.calendar.leaves"].sudo().search(
            Domain("resource_id.user_id", "!=", False)
            & Domain("time_type", "=", "leave")
            & Domain("date_from", "<=", now)
            & Domain("date_to", ">=", now)
        )
        return away | leaves.resource_id.user_id
