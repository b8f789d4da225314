from datetime import timedelta
from unittest import SkipTest

from odoo.tests import TransactionCase


class DemoCase(TransactionCase):
    """The demo data, on the day on which it was loaded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("__demo_customer_value__.product_beans", raise_if_not_found=False):
            raise SkipTest("the addon was installed without demo data")
        cls.company = cls.env.ref("base.main_company")
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": [cls.company.id]})
        first = cls.env["customer.value.run"].search(
            [("company_id", "=", cls.company.id), ("state", "=", "done")], order="id", limit=1
        )
        # The database may be older than today, and the demo ends on the day it was loaded.
        loaded = first.search([
            ("company_id", "=", cls.company.id), ("state", "=", "done"),
            ("date_start", "<", first.date_start + timedelta(hours=1)),
        ]).sorted("as_of")[-1].as_of
        cls.env["customer.value.run"]._recompute(cls.company, as_of=loaded)
        cls.loaded = loaded
        cls.values = cls.env["customer.value"].search([("company_id", "=", cls.company.id)])
        customers = cls.env["ir.model.data"].search([
            ("module", "=", "__demo_customer_value__"), ("name", "=like", "customer\\_%"),
        ])
        cls.customers = cls.env["res.partner"].browse(customers.mapped("res_id"))

    def _customer(self, key):
        return self.env.ref(f"__demo_customer_value__.customer_{key}")

    def _value(self, key):
        return self.values.filtered(lambda value: value.partner_id == self._customer(key))
