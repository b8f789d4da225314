from odoo.tests import tagged

from .privacy_case import PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacyMerge(PrivacyCase):
    """When two contacts become one, what is kept about them comes together, and nothing breaks."""

    def _merge(self, stays, goes):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (stays | goes).ids, stays, extra_checks=False
        )
        self.env.invalidate_all()

    def test_all_goes_along(self):
        """To a contact of another customer: also the customer of each record is the other one."""
        other = self._partner("Bow Ltd", is_company=True)
        carla = self._partner("Carla Bow", parent_id=other.id)
        self._merge(carla, self.anna)
        for record in (*self.kept.values(), *self.elsewhere.values()):
            self.assertEqual(record.partner_id, carla, record)
            self.assertEqual(record.commercial_partner_id, other, record)
        for record in self.others.values():
            self.assertEqual((record.partner_id, record.commercial_partner_id), (self.bert, self.customer))

    def test_two_questions_of_one_rule(self):
        """Both are kept: each was answered."""
        rule = self.env["customer.feedback.rule"].create({
            "name": "After an order", "question": "How was it?", "company_id": self.company.id,
        })
        answers = self.kept["customer.feedback"] | self.others["customer.feedback"]
        answers.sudo().rule_id = rule
        self._merge(self.anna, self.bert)
        self.assertEqual(answers.exists(), answers)
        self.assertEqual(answers.partner_id, self.anna)

    def test_who_brought_whom(self):
        """Nobody brought themselves; and those who were brought stay brought."""
        self.bert.referred_by_id = self.anna
        carla = self._partner("Carla Bow", referred_by_id=self.bert.id)
        self._merge(self.anna, self.bert)
        self.assertFalse(self.anna.referred_by_id)
        self.assertEqual(carla.referred_by_id, self.anna)

    def test_nobody_is_brought_in_a_circle(self):
        """Anna was brought by Carla, and Carla by Dora: when Anna and Dora are one, Anna came first."""
        dora = self._partner("Dora Dee")
        carla = self._partner("Carla Bow", referred_by_id=dora.id)
        self.anna.referred_by_id = carla
        self._merge(dora, self.anna)
        self.assertFalse(dora.referred_by_id)
        self.assertEqual(carla.referred_by_id, dora)

    def test_birthdays(self):
        """The day of one and the year of another are nobody's birthday."""
        self.anna.write({"birthday_day": 29, "birthday_month": "2"})
        self.bert.write({"birthday_day": 3, "birthday_month": "5", "birthday_year": 1981})
        self._merge(self.anna, self.bert)
        self.assertEqual(
            (self.anna.birthday_day, self.anna.birthday_month, self.anna.birthday_year), (29, "2", False)
        )

    def test_birthday_of_one(self):
        """Is the birthday of both; and the year is added to the same day."""
        self.bert.write({"birthday_day": 3, "birthday_month": "5", "birthday_year": 1981})
        twin = self._partner("Anna Archer again", parent_id=self.customer.id, birthday_day=3, birthday_month="5")
        self._merge(self.anna, self.bert)
        self.assertEqual((self.anna.birthday_day, self.anna.birthday_year), (3, 1981))
        self._merge(twin, self.anna)
        self.assertEqual((twin.birthday_day, twin.birthday_year), (3, 1981))
