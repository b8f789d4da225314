"""Who has a phone number, however people write it."""

import re

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.phone_validation.tools import phone_validation

# With fewer digits, a search would find anybody.
SHORTEST_NUMBER = 4
MOST_FOUND = 20


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Numbers are alike from the end: "+49 170 1234567", "0049 170 1234567" and "0170/1234567" begin differently.
    _phone_from_end_idx = models.Index(
        r"(REVERSE(REGEXP_REPLACE(phone, '\D', '', 'g')) text_pattern_ops) WHERE phone IS NOT NULL"
    )

    @api.model
    def _customer_by_phone(self, number):
        """Return the contacts that have a phone number, those that surely have it first, 20 at most.

        :param str number: as somebody wrote it; without a country code, it is one of the company's country
        :return: contacts that the user may read. Where no contact has exactly this number, those whose number
            ends with these digits, e.g. because an area code is missing.
        """
        digits = re.sub(r"\D", "", number or "")
        if len(digits) < SHORTEST_NUMBER:
            return self.browse()
        exact = self._phone_format(number=number)
        region = phone_validation.phone_get_region_data_for_number(exact) if exact else {}
        ending = region.get("national_number") or digits.lstrip("0")
        if len(ending) < SHORTEST_NUMBER:
            return self.browse()
        query = self._search([("phone", "!=", False)], limit=MOST_FOUND)
        query.add_where(SQL(
            r"REVERSE(REGEXP_REPLACE(%s, '\D', '', 'g')) LIKE %s",
            self._field_to_sql(query.table, "phone", query), f"{ending[::-1]}%",
        ))
        query.order = SQL(
            "%s = %s DESC NULLS LAST, %s",
            self._field_to_sql(query.table, "phone_sanitized", query), exact or "",
            SQL.identifier(query.table, "id"),
        )
        found = self.browse(query.get_result_ids())
        return (exact and found.filtered(lambda partner: partner.phone_sanitized == exact)) or found
