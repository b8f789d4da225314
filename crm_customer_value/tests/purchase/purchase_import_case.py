import csv
import io
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import new_test_user

from ..common import CustomerValueCase


class PurchaseImportCase(CustomerValueCase):
    """Imports small files into a company of its own."""

    @classmethod
    def _model(cls, user=None):
        model = cls.env["customer.purchase.import"]
        if user:
            model = model.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return model

    @classmethod
    def _import(cls, content, company=None, name="shop.csv", **options):
        return cls._model()._import_file(company or cls.company, name, content, options)

    @classmethod
    def _import_rows(cls, *lines, **options):
        return cls._import("\n".join(lines).encode(), **options)

    @classmethod
    def _purchases(cls, partner=None):
        domain = [("company_id", "=", cls.company.id)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        return cls.env["customer.purchase.history"].search(domain)

    @classmethod
    def _rates(cls, rates):
        """Give the test's company these rates of the euro, and none of the pound."""
        cls.env["res.currency.rate"].search([
            ("currency_id", "in", (cls.eur | cls.env.ref("base.GBP")).ids),
        ]).unlink()
        cls.env["res.currency.rate"].create([
            {"name": day, "rate": rate, "currency_id": cls.eur.id, "company_id": cls.company.id}
            for day, rate in rates.items()
        ])

    @classmethod
    def _user(cls, groups, login="import_user"):
        return new_test_user(
            cls.env, login, groups, company_id=cls.company.id, company_ids=[cls.company.id]
        )

    @staticmethod
    def _reasons(result):
        """Return the reasons in the file of rows that were not imported."""
        text = result.error_file.decode("utf-8-sig")
        return [row["Reason"] for row in csv.DictReader(io.StringIO(text))]

    @contextmanager
    def _broken(self, function):
        """Make ``function`` fail."""
        with patch(function, side_effect=RuntimeError("broken on purpose")):
            yield
