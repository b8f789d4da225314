from datetime import date

from freezegun import freeze_time

from odoo.tests import Form, new_test_user, tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestSuggestionWorth(CustomerValueCase):
    """What the customers behind a suggestion bought, as far as one may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.own = new_test_user(cls.env, "worth_own", groups="sales_team.group_sale_salesman", **people)
        cls.all = new_test_user(cls.env, "worth_all", groups="sales_team.group_sale_salesman_all_leads", **people)
        cls.clerk = new_test_user(cls.env, "worth_clerk", groups="crm_customer_value.group_service_all", **people)
        cls.mine = cls._partner("Worth Mine", is_company=True)
        cls.contacts = cls._partner("Ann", parent_id=cls.mine.id) | cls._partner("Ben", parent_id=cls.mine.id)
        cls.others, cls.nobody = cls._partner("Worth Other"), cls._partner("Worth Nobody")
        cls._order(cls.mine, 10, 100.0, user_id=cls.own.id)
        cls._order(cls.mine, 20, 30.0, user_id=cls.own.id)
        cls._order(cls.others, 10, 200.0, user_id=cls.all.id)
        cls._recompute()
        cls.popular = cls._suggest("Popular", cls.contacts[0], cls.contacts[1], cls.mine, cls.others, cls.nobody)
        cls.single = cls._suggest("Single", cls.others)
        cls.unknown = cls._suggest("Unknown", cls.nobody)
        cls.anonymous = cls._suggest("Anonymous", cls.env["res.partner"])

    @classmethod
    def _suggest(cls, name, proposer, *supporters):
        return cls.env["customer.suggestion"].create({
            "name": name, "partner_id": proposer.id, "company_id": cls.company.id,
            "support_ids": [(0, 0, {"partner_id": partner.id}) for partner in supporters],
        })

    def _seen(self, user):
        """Return the suggestions as ``user`` sees them."""
        suggestions = self.popular | self.single | self.unknown | self.anonymous
        return suggestions.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_each_customer_counts_once_and_unknown_is_not_zero(self):
        seen = self._seen(self.all)
        self.assertEqual(seen.mapped("shown_supporters_revenue"), [330.0, 200.0, False, False])
        self.assertEqual(
            seen.mapped("supporters_revenue_note"),
            ["2 of 3 customers", "1 of 1 customers", "0 of 1 customers", "0 of 0 customers"],
        )

    def test_only_what_one_may_see(self):
        seen = self._seen(self.own)
        self.assertEqual(seen.mapped("shown_supporters_revenue"), [130.0, False, False, False])
        self.assertEqual(seen[0].supporters_revenue_note, "1 of 3 customers")
        self.assertNotIn("shown_supporters_revenue", self._seen(self.clerk).fields_get())

    def test_sorted_with_unknown_last(self):
        """By what one sees: the order tells nothing of what is hidden."""
        for user, rising in ((self.all, ["Single", "Popular"]), (self.own, ["Popular"])):
            suggestions = self._seen(user)
            for direction, known in (("asc", rising), ("desc", rising[::-1])):
                found = suggestions.search(
                    [("id", "in", suggestions.ids)], order=f"shown_supporters_revenue {direction}, name"
                ).mapped("name")
                self.assertEqual(found[:len(known)], known, (user.login, direction))
                self.assertEqual(found[len(known):], sorted(found[len(known):]))
        description = self._seen(self.all).fields_get(["shown_supporters_revenue"])["shown_supporters_revenue"]
        self.assertTrue(description["sortable"])
        self.assertNotIn("aggregator", description, "a customer behind two suggestions would count twice")

    def test_new_supporter(self):
        suggestion = self._seen(self.all)[1]
        with Form(suggestion) as form, form.support_ids.new() as row:
            row.partner_id = self.contacts[0]
        self.assertEqual(suggestion.shown_supporters_revenue, 330.0)

    def test_another_company(self):
        """Revenue of the company the suggestion was made to."""
        other = self._make_company("Worth Other Company")
        self.env.user.company_ids |= other
        self.popular.company_id = other
        both = self.popular.with_context(allowed_company_ids=(self.company | other).ids)
        self.assertEqual(both.supporters_revenue_note, "0 of 3 customers")


@tagged("post_install", "-at_install")
class TestSuggestionPlanned(CustomerValueCase):
    """For when a suggestion is planned, as customers read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = {stage.state: stage for stage in cls.env["customer.suggestion.stage"].search([])}
        cls.suggestion = cls.env["customer.suggestion"].create({
            "name": "Smaller parcels", "partner_id": cls._partner("Planned").id, "company_id": cls.company.id,
            "is_public": True, "stage_id": cls.stages["planned"].id, "date_planned": date(2027, 3, 15),
        })

    def _planned(self, suggestion=None):
        (values,) = (suggestion or self.suggestion)._public_values()
        return values["planned"]

    def test_month_until_it_is_over(self):
        for now, text in (
            ("2026-11-26 12:00:00", "Planned for March 2027"), ("2027-03-31 12:00:00", "Planned for March 2027"),
            ("2027-04-01 12:00:00", ""),
        ):
            with freeze_time(now):
                self.assertEqual(self._planned(), text, now)

    @freeze_time("2026-11-26 12:00:00")
    def test_only_what_is_planned(self):
        merged = self.suggestion.copy({"name": "Tiny parcels"})
        self.assertFalse(merged.date_planned)
        merged._merge_into(self.suggestion)
        self.assertEqual(self._planned(merged), "Planned for March 2027")
        self.suggestion.stage_id = self.stages["accepted"]
        self.assertEqual((self._planned(), self._planned(merged)), ("", ""))
        self.suggestion.write({"stage_id": self.stages["planned"].id, "date_planned": False})
        self.assertEqual(self._planned(), "")

    @freeze_time("2026-11-26 12:00:00")
    def test_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "crm_customer_value")])._update_translations(
            ["uk_UA", "zh_CN"], overwrite=True
        )
        for lang, text in (("uk_UA", "Заплановано на березень 2027"), ("zh_CN", "计划于2027年3月实现")):
            self.assertIn(text, self._planned(self.suggestion.with_context(lang=lang)), lang)
