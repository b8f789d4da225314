from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.benefit import sides


class CustomerValue(models.Model):
    """The picture of both sides: what customers are worth to us, and what we are worth to them."""

    _inherit = "customer.value"

    # Not stored: the team of whoever is the salesperson now.
    sales_team_id = fields.Many2one(related="user_id.sale_team_id", string="Sales Team")

    @api.readonly
    def get_both_sides(self, domain=None, lines="median"):
        """Return the picture of the customers of the company one works in, for the browser.

        :param list domain: which of them; with the record rules of the user
        :param str lines: where the quarters meet: ``median``, or ``fixed`` at the limits that the user set
        :return: ``count``; ``without`` (how many lack one side); ``lines`` {"x", "y"}; ``quarters`` {name: {"count",
            "revenue" (of those whose amounts the user may see, False: of none)}}; and ``points`` [[id, name, x, y,
            revenue or False]], or, where there are too many of them, ``cells`` [[x, y, count]] of ``cell`` points each
        """
        self.check_access("read")
        company = self.env.company
        domain = Domain(domain or Domain.TRUE) & Domain("company_id", "=", company.id)
        known = Domain("value_to_us", "!=", False) & Domain("benefit_index", "!=", False)
        query = self._search(domain & known)
        partners, partner = self._fields["partner_id"].join(self, self._table, query)
        customers = query.select(
            *(self._field_to_sql(self._table, name, query)
              for name in ("id", "value_to_us", "benefit_index", "shown_revenue_12m")),
            partners._field_to_sql(partner, "complete_name", query),
        )
        [[count, x, y]] = self.env.execute_query(sides.medians_sql(customers))
        picture = {
            "company": company.name if len(self.env.companies) > 1 else False,
            "currency_id": company.currency_id.id,
            "count": count,
            "without": self.search_count(domain & ~known),
            "lines": {"x": x, "y": y} if lines == "median" and count else self._sides_limits(),
            "quarters": {name: {"count": 0, "revenue": False} for name in sides.QUARTERS},
        }
        if not count:
            return picture | {"points": []}
        for name, number, revenue in self.env.execute_query(sides.quarters_sql(customers, **picture["lines"])):
            picture["quarters"][name] = {"count": number, "revenue": False if revenue is None else revenue}
        if count > sides.POINTS_UP_TO:
            return picture | {"cell": sides.CELL, "cells": self.env.execute_query(sides.cells_sql(customers))}
        return picture | {"points": [
            [value_id, name, x, y, False if revenue is None else revenue]
            for value_id, x, y, revenue, name in self.env.execute_query(customers)
        ]}

    @api.model
    def _sides_limits(self):
        """Return where the quarters meet for the user, unless at the medians: {"x", "y"}."""
        settings = self.env.user.res_users_settings_id
        if not settings:
            return {"x": sides.FIXED, "y": sides.FIXED}
        return {"x": settings.customer_sides_us, "y": settings.customer_sides_them}
