import operator as compare

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Integer
from ..value.customer_value_mixin import SALES_GROUP

COMPARATORS = {">": compare.gt, ">=": compare.ge, "<": compare.lt, "<=": compare.le}


class CustomerValueMixin(models.AbstractModel):
    """Warns of open severe complaints before somebody sells.

    Read from the complaints themselves: a warning must not wait for a recompute, and customers who never
    bought have no value that could hold it.
    """

    _inherit = "customer.value.mixin"

    # The fields below; what the cache knows of them is old when a complaint changes.
    _customer_value_warnings = ("open_severe_complaints", "complaint_warning", "complaints_readable")

    open_severe_complaints = Integer(
        compute="_compute_open_severe_complaints",
        search="_search_open_severe_complaints",
        groups=SALES_GROUP,
        help="Complaints of high or critical severity without an answer yet.",
    )
    complaint_warning = fields.Char(compute="_compute_complaint_warning", groups=SALES_GROUP)
    complaints_readable = fields.Boolean(
        compute="_compute_complaint_warning",
        groups=SALES_GROUP,
        help="Whether the user may open any of the severe complaints.",
    )

    def _customer_value_keys(self):
        """Return {record: (company, customer)}."""
        return {
            record: (record._customer_value_company(), record._customer_value_partner()._origin)
            for record in self
        }

    def _customer_complaint_domain(self, keys):
        companies = self.env["res.company"].union(*(company for company, _customer in keys.values()))
        customers = self.env["res.partner"].union(*(customer for _company, customer in keys.values()))
        return self.env["customer.complaint"]._open_severe_domain(companies, customers)

    @api.depends(lambda self: self._customer_value_depends())
    @api.depends_context("company")
    def _compute_open_severe_complaints(self):
        keys = self._customer_value_keys()
        # sudo: that there are severe complaints is for everybody to know who sells; what is in them, not.
        groups = self.env["customer.complaint"].sudo()._read_group(
            self._customer_complaint_domain(keys), ["company_id", "commercial_partner_id"], ["__count"]
        )
        counts = {(company.id, customer.id): number for company, customer, number in groups}
        for record, (company, customer) in keys.items():
            record.open_severe_complaints = counts.get((company.id, customer.id), 0)

    @api.depends(lambda self: self._customer_value_depends())
    @api.depends_context("company", "uid", "lang")
    def _compute_complaint_warning(self):
        keys = self._customer_value_keys()
        # sudo: whoever may not read a complaint is told whom to ask about it.
        found = self.env["customer.complaint"].sudo().search(self._customer_complaint_domain(keys))
        readable = self.env["customer.complaint"]
        if found and readable.has_access("read"):
            readable = readable.search([("id", "in", found.ids)])
        by_key = found.grouped(lambda complaint: (complaint.company_id.id, complaint.commercial_partner_id.id))
        for record, (company, customer) in keys.items():
            complaints = by_key.get((company.id, customer.id), found.browse())
            record.complaint_warning = record._complaint_warning_text(complaints)
            record.complaints_readable = bool(set(complaints.ids) & set(readable.ids))

    def _complaint_warning_text(self, complaints):
        """Return the warning of severe complaints: how many, and whom to talk to (one record)."""
        if not complaints:
            return False
        sold = self._is_sold()
        number = self.env._("This customer has an open severe complaint.")
        if len(complaints) > 1:
            number = self.env._("This customer has %s open severe complaints.", len(complaints))
        if all(complaint.user_id == self.env.user for complaint in complaints):
            if sold:
                return self.env._("%s You are responsible: take care of it.", number)
            return self.env._("%s You are responsible: take care of it before selling.", number)
        names = list(dict.fromkeys(
            filter(None, (complaint.user_id.name or complaint.team_id.name for complaint in complaints))
        ))
        if not names:
            if sold:
                return self.env._("%s Nobody is responsible yet: take care of it.", number)
            return self.env._("%s Nobody is responsible yet: take care of it before selling.", number)
        if sold:
            return self.env._("%(number)s %(names)s can tell you more.", number=number, names=", ".join(names))
        return self.env._("%(number)s Talk to %(names)s before selling.", number=number, names=", ".join(names))

    def _is_sold(self):
        """Tell whether there is nothing left to sell here. Extension point (one record)."""
        return False

    def _search_open_severe_complaints(self, operator, value):
        """Find by the number of open severe complaints, company by company."""
        if operator not in COMPARATORS and operator != "in":
            return NotImplemented
        # Like every search method of the mixin: it is the user who is asked, always.
        self.sudo(False)._check_field_access(self._fields["open_severe_complaints"], "read")

        def fits(number):
            return number in value if operator == "in" else COMPARATORS[operator](number, value)

        found = Domain.FALSE
        complaints = self.env["customer.complaint"].sudo()  # sudo: see the compute method
        groups = complaints._read_group(
            complaints._open_severe_domain(self.env.companies), ["company_id", "commercial_partner_id"], ["__count"]
        )
        for company in self.env.companies:
            # Those without any are not counted, so those who do not fit are left out instead.
            listed = [
                customer.id for its_company, customer, number in groups
                if its_company == company and fits(number) != fits(0)
            ]
            found |= self._customer_value_company_domain(company) & Domain(
                self._customer_value_partner_path(), "not in" if fits(0) else "in", listed
            )
        return found

    def action_view_severe_complaints(self):
        """Open the open severe complaints of the customer that the user may read."""
        self.ensure_one()
        self._check_field_access(self._fields["open_severe_complaints"], "read")
        [(company, customer)] = self._customer_value_keys().values()
        complaints = self.env["customer.complaint"]
        return complaints._action_of(customer, company, complaints._open_severe_domain(company, customer))
