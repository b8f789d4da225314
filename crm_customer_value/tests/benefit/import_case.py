import csv
import io

from odoo.tests import new_test_user

from ..common import CustomerValueCase

HEADER = "customer,metric,month,value"


class BenefitImportCase(CustomerValueCase):
    """Two customers, and metrics that are measured in months: a fault is worth 10 dollars, an hour saved 60."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._partner("Ann Ltd", ref="A1", is_company=True)
        cls.bob = cls._partner("Bob Ltd", ref="B1", is_company=True)
        cls.faults = cls._metric("Network Faults", "faults", 10.0)
        cls.hours = cls._metric("Working Hours Saved", "h", 60.0, direction="higher")
        # Written like no metric that a database may have besides.
        cls.odd = cls._metric("Quorzle Flibbets", "pieces", 1.0)
        cls.lamp = cls.env["product.product"].create({"name": "Night Lamp", "default_code": "L-7"})

    @classmethod
    def _metric(cls, name, unit, worth, **values):
        return cls.env["customer.benefit.metric"].create({
            "name": name, "unit": unit, "money_per_unit": worth, "currency_id": cls.usd.id, **values,
        })

    @classmethod
    def _goal(cls, partner=None, **values):
        return cls.env["customer.benefit.goal"].create({
            "company_id": cls.company.id, "partner_id": (partner or cls.ann).id, "metric_id": cls.faults.id,
            "baseline": 12.0, "target": 4.0, "date_start": "2024-01-01", "date_target": "2024-12-31", **values,
        })

    @classmethod
    def _record(cls, partner=None, **values):
        return cls.env["customer.benefit.record"].create({
            "company_id": cls.company.id, "partner_id": (partner or cls.ann).id, "metric_id": cls.faults.id,
            "date_from": "2024-03-01", "date_to": "2024-03-31", "value": 8.0, "baseline": 12.0, **values,
        })

    @classmethod
    def _model(cls, user=None):
        model = cls.env["customer.benefit.import"]
        if user:
            model = model.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return model

    @classmethod
    def _import_rows(cls, *lines, user=None, company=None, **options):
        content = "\n".join(lines).encode()
        return cls._model(user)._import_file(company or cls.company, "values.csv", content, options)

    @classmethod
    def _records(cls, partner=None):
        domain = [("company_id", "=", cls.company.id)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        return cls.env["customer.benefit.record"].search(domain, order="date_from, id")

    @classmethod
    def _user(cls, groups, login="benefit_user", company=None):
        company = company or cls.company
        return new_test_user(cls.env, login, groups, company_id=company.id, company_ids=[company.id])

    @staticmethod
    def _reasons(result):
        """Return the reasons in the file of rows that were not imported."""
        text = result.error_file.decode("utf-8-sig")
        return [row["Reason"] for row in csv.DictReader(io.StringIO(text))]
