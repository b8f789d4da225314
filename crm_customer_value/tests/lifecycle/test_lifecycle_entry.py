from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.lifecycle import customer_lifecycle_transition
from ..lifecycle_case import LifecycleCase


@tagged("post_install", "-at_install")
class TestLifecycleEntry(LifecycleCase):
    """What happens when a customer enters a stage: started once, noted when it fails, never by an import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._go_by_rhythm()
        cls.seller = new_test_user(
            cls.env, "entry_seller", groups="sales_team.group_sale_salesman",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )
        cls.plan = cls.env["mail.activity.plan"].create({
            "name": "Keep them", "res_model": "res.partner", "company_id": False,
            "template_ids": [
                Command.create({
                    "activity_type_id": cls.env.ref("mail.mail_activity_data_call").id,
                    "summary": "Ask what is wrong", "responsible_type": "on_demand",
                }),
                Command.create({
                    "activity_type_id": cls.env.ref("mail.mail_activity_data_todo").id,
                    "summary": "Prepare an offer", "responsible_type": "on_demand",
                    "delay_count": 3,
                }),
            ],
        })
        cls.template = cls.env["mail.template"].create({
            "name": "Miss you", "model_id": cls.env["ir.model"]._get_id("res.partner"),
            "subject": "We miss you, {{ object.name }}", "body_html": "<p>Come back</p>",
            "use_default_to": True,
        })

    def _late_buyer(self, name, **values):
        """Return a customer who enters the stage at risk today."""
        return self._buyer(name, (180, 150, 120, 90, 60), **values)

    def _on_entry(self, code="at_risk", **values):
        """Have a stage do something, and everybody placed by that rule as of yesterday."""
        self.stages[code].write(values)

    def _work(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_customer_value.ir_cron_customer_value_work").method_direct_trigger()
        self.env.invalidate_all()

    def _entry(self, partner):
        move = self.transitions.search([("partner_id", "=", partner.id)], limit=1)
        return move.entry_state, move.entry_error

    def _quiet_other_runs(self):
        self.env["customer.value.run"].search([("state", "=", "queued")]).state = "failed"

    def _move(self):
        self._recompute(as_of=self._day(1))
        self._recompute()
        self._quiet_other_runs()

    def test_plan(self):
        """Both activities, for the salesperson, once."""
        self._on_entry(entry_action="plan", entry_plan_id=self.plan.id)
        customer = self._late_buyer("Late", user_id=self.seller.id)
        self._move()
        self.assertEqual(self._entry(customer), ("todo", False))
        self._work()
        self.assertEqual(self._entry(customer), ("done", False))
        self.assertEqual(
            customer.activity_ids.sorted("id").mapped("summary"), ["Ask what is wrong", "Prepare an offer"]
        )
        self.assertEqual(customer.activity_ids.user_id, self.seller)
        self._recompute()
        self._work()
        self.assertEqual(len(customer.activity_ids), 2)

    def test_mail(self):
        """One mail in the queue, to the customer."""
        self._on_entry(entry_action="mail", entry_template_id=self.template.id)
        customer = self._late_buyer("Late", email="late@example.com")
        self._move()
        self._work()
        self._work()
        self.assertEqual(self._entry(customer), ("done", False))
        mail = self.env["mail.mail"].search([("subject", "=", "We miss you, Late")])
        self.assertEqual((len(mail), mail.recipient_ids, mail.state), (1, customer, "outgoing"))

    def test_failures_are_noted_and_harm_nobody_else(self):
        """No address, no salesperson, a broken template: said so; the others get theirs; not tried again."""
        self._on_entry(entry_action="mail", entry_template_id=self.template.id)
        unreachable = self._late_buyer("Without address")
        fine = self._late_buyer("With address", email="fine@example.com")
        self._move()
        self._work()
        self.assertEqual(self._entry(fine)[0], "done")
        state, message = self._entry(unreachable)
        self.assertEqual(state, "failed")
        self.assertIn("Without address", message)
        self.assertFalse(self.env["mail.mail"].search([("subject", "=", "We miss you, Without address")]))
        unreachable.email = "now@example.com"
        self._work()
        self.assertEqual(self._entry(unreachable)[0], "failed")

    def test_plan_without_salesperson_fails(self):
        self._on_entry(entry_action="plan", entry_plan_id=self.plan.id)
        customer = self._late_buyer("Nobody's")
        self._move()
        self._work()
        state, message = self._entry(customer)
        self.assertEqual(state, "failed")
        self.assertIn("no salesperson", message)
        self.assertFalse(customer.activity_ids)

    def test_first_placement_and_imports_start_nothing(self):
        """Old customers who appear after the first run move from nowhere, and nothing is started."""
        for code in ("lost", "dormant", "developing", "new", "at_risk"):
            self._on_entry(code, entry_action="mail", entry_template_id=self.template.id)
        self._buyer("First", (3,), email="first@example.com")
        self._recompute()
        imported, fresh = (self._partner(name, email=f"{name}@example.com") for name in ("imported", "fresh"))
        self.env["customer.purchase.history"].create([
            {"company_id": self.company.id, "partner_id": partner.id, "date": self._day(day), "amount": 50.0}
            for partner, day in ((imported, 500), (imported, 31), (fresh, 30))
        ])
        self._recompute()
        self._quiet_other_runs()
        self.assertEqual([self._entry(imported)[0], self._entry(fresh)[0]], ["none", "todo"])
        self._work()
        mails = self.env["mail.mail"].search([("subject", "=like", "We miss you%")])
        self.assertEqual(mails.recipient_ids, fresh)

    def test_changed_rules_start_nothing(self):
        """A threshold that moves a thousand customers must not write to a thousand customers."""
        self._on_entry(entry_action="mail", entry_template_id=self.template.id)
        customer = self._buyer("Early", (150, 120, 90, 60, 35), email="early@example.com")
        self._recompute(as_of=self._day(1))
        self._recompute()
        self.stages["at_risk"].cadence_from = 1.1
        self._recompute()
        state, message = self._entry(customer)
        self.assertEqual(state, "skipped")
        self.assertIn("changed rules", message)

    def test_changed_rules_start_nothing_after_a_look_back(self):
        """A month end may be computed before everybody is placed by the new rules; who moved since stays then."""
        customer = self._late_buyer("Late", email="late@example.com")
        self._move()
        self.assertEqual(self._stage(customer), "at_risk")
        self._on_entry("dormant", entry_action="mail", entry_template_id=self.template.id)
        self.stages["dormant"].write({"silence_days_from": 30, "cadence_from": 1.5})
        for days in (1, 8, 2):
            self._recompute(as_of=self._day(days))
        self._recompute()
        self.assertEqual(self._stage(customer), "dormant")
        state, message = self._entry(customer)
        self.assertEqual(state, "skipped")
        self.assertIn("changed rules", message)
        self._recompute()
        self.assertFalse(self.env["customer.value.run"]._last_full_run(self.company).lifecycle["changed"])

    def test_what_is_to_start_is_no_changed_rule(self):
        """Switching an action on, or a stage of another company, silences nobody."""
        customer = self._late_buyer("Late", email="late@example.com")
        self._recompute(as_of=self._day(1))
        self._on_entry(entry_action="mail", entry_template_id=self.template.id)
        other = self._make_company("Stages of its own")
        self.stages["core"].copy({"name": "Theirs", "company_id": other.id})
        self._recompute()
        self.assertEqual(self._entry(customer)[0], "todo")

    def test_day_long_ago_starts_nothing(self):
        self._on_entry(entry_action="mail", entry_template_id=self.template.id)
        customer = self._buyer("Back then", (280, 250, 220, 190, 160), email="then@example.com")
        self._recompute(as_of=self._day(101))
        self._recompute(as_of=self._day(100))
        self.assertEqual(self._stage(customer), "at_risk")
        self.assertEqual(self._entry(customer)[0], "skipped")

    def test_who_moved_on_is_left_out(self):
        self._on_entry(entry_action="mail", entry_template_id=self.template.id)
        moved = self._late_buyer("Moved on", email="moved@example.com")
        archived = self._late_buyer("Archived", email="archived@example.com")
        self._move()
        archived.active = False
        self._value(moved)._pin_stage(self.stages["core"], "Called")
        self._work()
        states = self.transitions.search([("partner_id", "=", moved.id)], order="id").mapped("entry_state")
        self.assertEqual(states, ["skipped", "none"])
        self.assertEqual(self._entry(archived), ("skipped", "The customer is archived."))

    def test_pin_starts_it_too(self):
        self._on_entry("core", entry_action="plan", entry_plan_id=self.plan.id)
        customer = self._late_buyer("By hand", user_id=self.seller.id)
        self._move()
        self._value(customer)._pin_stage(self.stages["core"], "Called")
        self._work()
        self.assertEqual(self._entry(customer)[0], "done")
        self.assertEqual(len(customer.activity_ids), 2)

    def _to_and_fro(self, customer, times, user=None):
        value = self._value(customer).with_user(user or self.env.user)
        for _time in range(times):
            for code in ("core", "at_risk"):
                value._pin_stage(self.stages[code], "Called")
                self._work()

    def test_to_and_fro_by_hand(self):
        """Six moves of a day into a stage, by two people, tell the customer once; the next day, once more."""
        self._on_entry("core", entry_action="mail", entry_template_id=self.template.id)
        self._on_entry("at_risk", entry_action="plan", entry_plan_id=self.plan.id)
        customers = self.env["res.partner"].union(*(
            self._late_buyer(f"Tossed {number}", email=f"tossed{number}@example.com", user_id=self.seller.id)
            for number in range(2)
        ))
        self._move()
        self._work()
        for customer in customers:
            self._to_and_fro(customer, 3)
            self._to_and_fro(customer, 3, self.seller)
            mails = self.env["mail.mail"].search([("subject", "=", f"We miss you, {customer.name}")])
            self.assertEqual(len(mails), 1)
            self.assertEqual(len(customer.activity_ids), 2)
            moves = self.transitions.search([
                ("partner_id", "=", customer.id), ("to_stage_id", "=", self.stages["core"].id),
                ("reason", "=", "manual"),
            ])
            self.assertEqual(sorted(moves.mapped("entry_state")), ["done"] + 5 * ["skipped"])
            self.assertIn("on the same day", moves[0].entry_error)
        self.transitions.search([("partner_id", "in", customers.ids)]).date = self._day(1)
        self._to_and_fro(customers[0], 1)
        mails = self.env["mail.mail"].search([("subject", "=", f"We miss you, {customers[0].name}")])
        self.assertEqual(len(mails), 2)

    def test_to_and_fro_before_the_action_ran(self):
        """What was put into the stage twice before anything was started gets it once, also by rule and by hand."""
        self._on_entry(entry_action="mail", entry_template_id=self.template.id)
        customer = self._late_buyer("Twice", email="twice@example.com")
        self._move()
        value = self._value(customer)
        for code in ("core", "at_risk", "core", "at_risk"):
            value._pin_stage(self.stages[code], "Called")
        self._work()
        moves = self.transitions.search([
            ("partner_id", "=", customer.id), ("to_stage_id", "=", self.stages["at_risk"].id),
        ])
        self.assertEqual(sorted(moves.mapped("reason")), ["manual", "manual", "rule"])
        self.assertEqual(sorted(moves.mapped("entry_state")), ["done", "skipped", "skipped"])
        self.assertEqual(self.env["mail.mail"].search_count([("subject", "=", "We miss you, Twice")]), 1)

    def test_what_failed_is_no_start(self):
        """Who had no address at first is told when they come into the stage again."""
        self._on_entry("core", entry_action="mail", entry_template_id=self.template.id)
        customer = self._late_buyer("Late address")
        self._move()
        self._to_and_fro(customer, 1)
        customer.email = "late.address@example.com"
        self._to_and_fro(customer, 1)
        states = self.transitions.search([
            ("partner_id", "=", customer.id), ("to_stage_id", "=", self.stages["core"].id), ("reason", "=", "manual"),
        ], order="id").mapped("entry_state")
        self.assertEqual(states, ["failed", "done"])

    def test_bounded_and_each_once(self):
        """Three a call and two a transaction: after two calls five mails, none twice."""
        self.patch(customer_lifecycle_transition, "ENTRY_LIMIT", 3)
        self.patch(customer_lifecycle_transition, "ENTRY_BATCH", 2)
        self._on_entry(entry_action="mail", entry_template_id=self.template.id)
        for number in range(5):
            self._late_buyer(f"Number {number}", email=f"number{number}@example.com")
        self._move()
        counts = []
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            for _call in range(3):
                env["customer.lifecycle.transition"]._work_off_entries()
                env.invalidate_all()
                counts.append(
                    env["mail.mail"].search_count([("subject", "=like", "We miss you, Number%")])
                )
        self.assertEqual(counts, [3, 5, 5])

    def test_action_needs_its_plan_or_template(self):
        for values in (
            {"entry_action": "plan"},
            {"entry_action": "mail"},
            {"entry_action": "mail", "entry_template_id": self.env["mail.template"].create({
                "name": "Of users", "model_id": self.env["ir.model"]._get_id("res.users"),
            }).id},
        ):
            with self.assertRaises(ValidationError):
                self.stages["lost"].write(values)
