from odoo.tests import tagged

from ..contact_know_case import KnowCase


@tagged("post_install", "-at_install")
class TestPhone(KnowCase):
    """Who has a number, however people write it."""

    def _found(self, number, user=None):
        partners = self.env["res.partner"].with_company(self.company).with_user(user or self.agent)
        return partners._customer_by_phone(number)

    def test_however_it_is_written(self):
        self.baker.write({"phone": "+49 170 9876543", "country_id": self.env.ref("base.de").id})
        for number in (
            "+49 170 9876543", "+491709876543", "0049 170 9876543", "0170/98 76 543", "(0170) 9876-543", "1709876543",
        ):
            self.assertEqual(self._found(number), self.baker, number)

    def test_however_it_is_stored(self):
        for stored in ("0170 987 65 43", "0049-170-9876543", "+49 (0) 170 / 9876543", "01709876543"):
            self.baker.phone = stored
            self.assertEqual(self._found("+49 170 9876543"), self.baker, stored)

    def test_the_same_end_in_another_country_is_somebody_else(self):
        self.baker.write({"phone": "+49 30 25550102", "country_id": self.env.ref("base.de").id})
        self.kiosk.write({"phone": "+43 30 25550102", "country_id": self.env.ref("base.at").id})
        self.assertEqual(self._found("030 25550102"), self.baker)
        self.assertEqual(self._found("+43 30 25550102")[0], self.kiosk)

    def test_without_area_code(self):
        self.baker.write({"phone": "+49 30 25550102", "country_id": self.env.ref("base.de").id})
        self.assertEqual(self._found("5550102"), self.baker)
        self.assertFalse(self._found("5550103"))

    def test_extension_of_the_house(self):
        """A number that no phone network knows."""
        self.baker.phone = "4711"
        self.assertEqual(self._found("4711"), self.baker)

    def test_several(self):
        (self.baker | self.kiosk).write({"phone": "+49 170 9876543"})
        self.assertEqual(self._found("0170 9876543"), self.baker | self.kiosk)

    def test_nothing_to_look_for(self):
        self.baker.phone = "+49 170 9876543"
        for number in (False, "", "543", "no number", "0000", "%%%%", "____"):
            self.assertFalse(self._found(number), number)

    def test_archived_and_hidden(self):
        other = self._make_company("Know Other Company")
        self.baker.phone = self.kiosk.phone = "+49 170 9876543"
        self.baker.company_id = other
        self.assertEqual(self._found("0170 9876543"), self.kiosk)
        self.kiosk.active = False
        self.assertFalse(self._found("0170 9876543"))

    def test_index_is_used(self):
        """By the shape of the condition, whatever the size of the table."""
        self.env["res.partner"].flush_model()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            r"EXPLAIN SELECT id FROM res_partner WHERE phone IS NOT NULL"
            r" AND REVERSE(REGEXP_REPLACE(phone, '\D', '', 'g')) LIKE %s", ["3456789071%"],
        )
        plan = "\n".join(line for line, in self.env.cr.fetchall())
        self.assertRegex(plan, r"Index Cond: \(\(reverse\(regexp_replace")
        self.assertIn("res_partner_phone_from_end_idx", plan)
