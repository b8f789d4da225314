from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestPolicy(CustomerValueCase):
    def test_bad_rules_get_a_clear_answer(self):
        cases = (
            ({"window_days": -365}, "between 1 and 3660"),
            ({"window_days": 0}, "between 1 and 3660"),
            ({"discount_rate": -1.0}, "between 0 and 100"),
            ({"pareto_a": 96.0}, "must be above 0"),
            ({"pareto_b": 101.0}, "must be above 0"),
            ({"pareto_a": 0.0}, "must be above 0"),
        )
        for values, message in cases:
            with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
                self.policy._renew(values)
        for weights, message in (
            (dict.fromkeys(self._index_parts("ground", "share"), 0), "above zero"),
            ({"loyalty": -1}, "cannot be negative"),
        ):
            with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
                self.policy._renew(weights=weights)
        self.assertEqual(self.env["customer.value.policy"]._get_active(self.company), self.policy)

    def test_change_makes_a_version_and_the_run_names_it(self):
        self._order(self._partner("One"), 3, 10.0)
        first = self._recompute().policy_id
        second = first._renew({"window_days": 30})
        self.assertEqual((first.state, second.state), ("retired", "active"))
        self.assertEqual(second.version, first.version + 1)
        self.assertEqual((first.window_days, second.window_days), (365, 30))
        self.assertEqual(self._recompute().policy_id, second)
        self.assertEqual(second._renew({"window_days": 30}), second, "Nothing changed")

    def test_new_rules_have_everybody_recomputed(self):
        customer = self._partner("One")
        self._order(customer, 40, 10.0)
        self._recompute()
        self.assertEqual(self._value(customer).revenue_12m, 10.0)
        self.policy._renew({"window_days": 30})
        waiting = self.env["customer.value.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "queued")]
        )
        self.assertEqual((len(waiting), waiting.kind), (1, "full"))
        # Cut-points of the old rules do not serve: the changed customer's run is a full one.
        self.assertEqual(self._recompute(partners=customer).kind, "full")
        self.assertEqual(self._value(customer).revenue_12m, 0.0)

    def test_used_version_stays_as_it_is(self):
        with self.assertRaisesRegex(UserError, "Create a new version"):
            self.policy.window_days = 10
        with self.assertRaisesRegex(UserError, "You can only delete drafts"):
            self.policy.unlink()
        draft = self.policy.copy()
        draft.window_days = 10
        draft.unlink()

    @mute_logger("odoo.sql_db")
    def test_one_active_version(self):
        draft = self.policy.copy()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            draft.state = "active"
            draft.flush_recordset()

    def test_weights_change_the_index(self):
        """Bought once, and alone: current and future value 100, loyalty 0; of weights 50, 40 and 30, that is 75.

        Without loyalty, nothing but what is 100 counts.
        """
        customer = self._partner("One")
        self._order(customer, 3, 10.0)
        self._recompute()
        self.assertEqual(self._value(customer).value_index, 75.0)
        self.policy._renew(weights={"loyalty": 0})
        self._recompute()
        self.assertEqual(self._value(customer).value_index, 100.0)

    def test_new_company_has_a_policy(self):
        company = self.env["res.company"].create({"name": "Newly founded"})
        self.assertEqual(
            self.env["customer.value.policy"].search([("company_id", "=", company.id)]).state, "active"
        )
