from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ...models.benefit.customer_benefit_record_judgement import CONTESTED_ACTIVITY
from .benefit_portal_case import BenefitPortalCase


@tagged("post_install", "-at_install")
class TestBenefitJudgement(BenefitPortalCase):
    """What customers say of figures, and what we answer."""

    def _contest(self, words="It was 30"):
        return self.record._contest(self.anna.partner_id, words)

    def _activities(self):
        kind = self.env.ref(CONTESTED_ACTIVITY)
        return self.record.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_confirmed_by_whom_and_when(self):
        self.record._confirm(self.anna.partner_id)
        self.assertEqual((self.record.state, self.record.confirmed_by_id), ("confirmed", self.anna.partner_id))
        self.assertTrue(self.record.date_confirmed)
        self.assertFalse(self.record.confirmation_noted_by_id)
        said = self.record.date_confirmed
        self.record._confirm(self.alex.partner_id)
        self.assertEqual(
            (self.record.confirmed_by_id, self.record.date_confirmed), (self.anna.partner_id, said),
            "Who said so first said so.",
        )

    def test_contested_counts_in_no_sum(self):
        self.assertEqual((self.record.gain, self.record.counts), (150.0, True))
        self.assertTrue(self._contest())
        self.assertEqual((self.record.state, self.record.counts), ("contested", False))
        self.assertEqual(
            (self.record.contested_by_id, self.record.contest_words), (self.anna.partner_id, "It was 30")
        )
        self.assertFalse(self._contest("Once more"), "One contest is enough.")
        self.assertEqual(self.record.contest_words, "It was 30")
        self.assertEqual(len(self._activities()), 1)

    def test_contest_wants_words(self):
        for words in ("", "  \n", None):
            with self.assertRaisesRegex(UserError, "tell us what is wrong"):
                self._contest(words)
        self.assertEqual(self.record.state, "reported")

    def test_who_settles(self):
        """The owner of the goal, else the salesperson of the customer, else a manager."""
        self._contest()
        self.assertEqual(self._activities().user_id, self.owner)
        self.record.activity_unlink([CONTESTED_ACTIVITY])
        self.goal.user_id = False
        self.record.state = "reported"
        self._contest()
        self.assertEqual(self._activities().user_id, self.seller)
        self.record.activity_unlink([CONTESTED_ACTIVITY])
        self.seller.active = False
        self.record.state = "reported"
        self._contest()
        self.assertEqual(self._activities().user_id, self.manager)

    def test_settled_and_asked_again(self):
        self.record._confirm(self.anna.partner_id)
        self._contest()
        self.assertFalse(self.record.confirmed_by_id)
        self._as(self.seller, self.record)._settle("We counted again: it stays.")
        self.assertEqual(
            (self.record.state, self.record.settled_by_id, self.record.settle_words, self.record.counts),
            ("reported", self.seller, "We counted again: it stays.", True),
        )
        self.assertFalse(self._activities())
        self.assertEqual(self.record.contest_words, "It was 30", "What was said is kept.")
        asked = self.env["customer.benefit.record"].search(
            self.record._customer_asked_domain(self.mill, self.company)
        )
        self.assertEqual(asked, self.record)
        self._contest("It was 31")
        self.assertEqual(
            (self.record.contest_words, self.record.settled_by_id.id, self.record.date_settled,
             self.record.settle_words, len(self._activities())),
            ("It was 31", False, False, False, 1), "Our answer was to what they said before.",
        )

    def test_settling_wants_words_and_a_contest(self):
        with self.assertRaisesRegex(UserError, "Nobody contests"):
            self._as(self.seller, self.record)._settle("Why not")
        with self.assertRaisesRegex(UserError, "nothing to settle"):
            self._as(self.seller, self.record).action_settle()
        self._contest()
        with self.assertRaisesRegex(UserError, "Enter an answer"):
            self._as(self.seller, self.record)._settle("  ")
        self.assertEqual(self.record.state, "contested")

    def test_corrected_in_the_dialog(self):
        self._contest()
        action = self._as(self.seller, self.record).action_settle()
        wizards = self._as(self.seller, self.env["customer.benefit.settlement"]).with_context(**action["context"])
        with Form(wizards) as form:
            self.assertEqual((form.outcome, form.value), ("corrected", 25.0))
            form.value = 30.0
            form.words = "You are right."
        form.record.action_settle()
        self.assertEqual((self.record.value, self.record.gain, self.record.state), (30.0, 100.0, "reported"))
        self.assertEqual(self.record.correction_ids.filtered(lambda one: one.field == "value").old, "25")

    def test_a_stranger_settles_nothing(self):
        self.goal.user_id = self.manager
        self.mill.user_id = self.manager
        self._contest()
        self.env.invalidate_all()
        stranger = self._as(self.owner, self.record)
        with self.assertRaises(AccessError):
            stranger._settle("No")
        with self.assertRaises(AccessError):
            stranger.action_settle()
        with self.assertRaises(AccessError):
            stranger.action_note_confirmation()

    def test_reading_is_not_enough(self):
        """Whoever an administrator lets read figures, and not write them, judges none."""
        self.env["ir.model.access"].create({
            "name": "Reads figures", "model_id": self.env["ir.model"]._get_id("customer.benefit.record"),
            "group_id": self.env.ref("base.group_user").id, "perm_read": True,
        })
        clerk = new_test_user(
            self.env, "line_clerk", groups="base.group_user", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._contest()
        mine = self._as(clerk, self.record)
        self.assertEqual(mine.state, "contested")
        for attempt in (lambda: mine._settle("No"), mine.action_settle, mine.action_note_confirmation):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(self.record.state, "contested")

    def test_noted_on_the_phone(self):
        self._contest()
        self._as(self.seller, self.record).action_note_confirmation()
        self.assertEqual(
            (self.record.state, self.record.confirmed_by_id, self.record.confirmation_noted_by_id),
            ("confirmed", self.anna.partner_id, self.seller),
        )
        self.assertFalse(self._activities())

    def test_another_figure_is_not_confirmed(self):
        self.record._confirm(self.anna.partner_id)
        self._as(self.seller, self.record).write({"value": 25.0})
        self.assertEqual(self.record.state, "confirmed")
        self._as(self.seller, self.record).write({"value": 24.0})
        self.assertEqual((self.record.state, self.record.confirmed_by_id.id), ("reported", False))

    def test_nobody_writes_it_by_hand(self):
        record = self._as(self.manager, self.record)
        for values in (
            {"state": "confirmed"}, {"source": "portal"}, {"confirmed_by_id": self.anna.partner_id.id},
            {"contest_words": "No"}, {"settled_by_id": self.manager.id}, {"gain": 1000.0}, {"portal_key": "x"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            record.copy({"state": "confirmed"})
