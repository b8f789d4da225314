import json
import math

from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ...models.base import number_fields
from ..common import CustomerValueCase

NONSENSE = (math.nan, math.inf, -math.inf, 1e308, 1e15)


def our_models(env):
    """Return the models that this addon, or one that extends it, makes."""
    return [env[name] for name in env.registry if name.startswith("customer.")]


@tagged("post_install", "-at_install")
class TestNumbers(CustomerValueCase):
    """No field of ours takes what is no number: not by the ORM, not by SQL."""

    def _complaint(self, **values):
        return self.env["customer.complaint"].create({
            "name": "Broken", "description": "It is broken.", "company_id": self.company.id,
            "partner_id": self._partner("Customer").id, **values,
        })

    def _our_number_fields(self):
        ours = [
            field for model in our_models(self.env) for field in model._fields.values()
            if field.type in ("float", "monetary", "integer") and field.name != "id"
            and "crm_customer_value" in (field._module or "") and not field.inherited
        ]
        for name in ("res.company", "res.config.settings", "res.partner", "sale.order", "crm.lead", "account.move"):
            ours += [
                field for field in self.env[name]._fields.values()
                if field.type in ("float", "monetary", "integer") and "crm_customer_value" in (field._module or "")
            ]
        return ours

    def test_every_number_is_bounded(self):
        fields = self._our_number_fields()
        self.assertGreater(len(fields), 120)
        for field in fields:
            self.assertIsInstance(field, number_fields._Number, str(field))

    def test_database_refuses_them(self):
        """Each column has its check, which NaN does not pass."""
        checked = 0
        for field in self._our_number_fields():
            model = self.env[field.model_name]
            # What each company has of its own is kept as JSON.
            if not field.store or not model._auto or model._abstract or field.company_dependent:
                continue
            if field.type == "integer":
                continue
            self.env.cr.execute(
                """SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c
                    WHERE c.conrelid = %s::regclass AND c.contype = 'c' AND c.conname LIKE %s""",
                [model._table, "%\\_number"],
            )
            definitions = [row[0] for row in self.env.cr.fetchall()]
            self.assertTrue(
                any(f"abs({field.name})" in text or f'abs("{field.name}")' in text for text in definitions), str(field)
            )
            checked += 1
        self.assertGreater(checked, 60)

    def test_nan_in_a_column(self):
        complaint = self._complaint()
        self.env.flush_all()
        for column, value in (("handling_hours", "NaN"), ("compensation", "NaN"), ("compensation", "Infinity")):
            with (
                self.subTest(column=column, value=value), mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation), self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(
                    "UPDATE customer_complaint SET %s = %s WHERE id = %s", SQL.identifier(column), value, complaint.id
                ))

    def test_words_of_the_user(self):
        complaint = self._complaint(handling_hours=1.5, compensation=20.0)
        for name in ("handling_hours", "compensation"):
            for value in (*NONSENSE, "NaN", "Infinity", "many"):
                with self.subTest(name=name, value=value):
                    label = complaint._fields[name]._description_string(self.env)
                    with self.assertRaisesRegex(ValidationError, f"{label} must be a number"):
                        complaint.write({name: value})
                    with self.assertRaisesRegex(ValidationError, f"{label} must be a number"):
                        self._complaint(**{name: value})
        self.env.invalidate_all()
        self.assertEqual((complaint.handling_hours, complaint.compensation), (1.5, 20.0), "nothing is half done")

    def test_other_models(self):
        history = {"company_id": self.company.id, "partner_id": self._partner("Customer").id, "date": "2024-01-05"}
        with self.assertRaisesRegex(ValidationError, "Amount must be a number"):
            self.env["customer.purchase.history"].create({**history, "amount": math.nan})
        with self.assertRaisesRegex(ValidationError, "must be a number"):
            self.company.complaint_hour_cost = math.inf
        with self.assertRaisesRegex(ValidationError, "must be a number"):
            self.policy._renew(weights={"loyalty": math.nan})
        with self.assertRaisesRegex(ValidationError, "must be a number"):
            self.env["res.config.settings"].create({"customer_value_pareto_a": math.nan})
        with self.assertRaisesRegex(ValidationError, "must be a number"):
            self.env["customer.value.dry.run"].create({"discount_rate": math.inf})
        with self.assertRaisesRegex(ValidationError, "must be a number"):
            self.env["customer.complaint.sla"].search([], limit=1).resolve_hours = math.nan
        stage = self.env["customer.lifecycle.stage"].search([], limit=1)
        for name, value in (
            ("purchase_days_from", 2**31), ("purchase_days_from", math.nan), ("cadence_from", math.inf),
        ):
            with self.assertRaisesRegex(ValidationError, "must be a number"):
                stage.write({name: value})

    def test_form(self):
        form = Form(self._complaint())
        with self.assertRaisesRegex(ValidationError, "must be a number"):
            form.handling_hours = math.nan
            form.save()

    def test_sums_may_be_larger_than_what_is_typed(self):
        """A recompute must not fail because very much was bought: sums have a bound of their own."""
        customer = self._partner("Giant")
        for day in range(3):
            self._order(customer, day, 9.0e14)
        run = self._recompute()
        self.assertEqual(run.state, "done")
        self.assertGreater(self._value(customer).revenue_total, 2.6e15)


@tagged("post_install", "-at_install")
class TestNumbersByRpc(HttpCase):
    """JSON of Python, and of browsers' libraries, knows NaN."""

    def test_nan_by_rpc(self):
        user = new_test_user(
            self.env, "numbers_agent", "crm_customer_value.group_service_manager,base.group_partner_manager",
            password="numbers_agent",
        )
        complaint = self.env["customer.complaint"].create({
            "name": "Broken", "description": "It is broken.", "company_id": user.company_id.id,
        })
        self.authenticate("numbers_agent", "numbers_agent")
        for value in ("NaN", "Infinity", "1e308"):
            params = (
                '"model": "customer.complaint", "method": "write", "kwargs": {}, '
                f'"args": [[{complaint.id}], {{"handling_hours": {value}}}]'
            )
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    "/web/dataset/call_kw/customer.complaint/write",
                    data=f'{{"jsonrpc": "2.0", "method": "call", "params": {{{params}}}}}',
                    headers={"Content-Type": "application/json"},
                )
            error = json.loads(answer.text).get("error", {})
            self.assertEqual(error.get("data", {}).get("name"), "odoo.exceptions.ValidationError", value)
        complaint.invalidate_recordset()
        self.assertFalse(complaint.handling_hours)
