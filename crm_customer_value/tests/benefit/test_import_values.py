import base64
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine.source_file.dates import read_month
from .import_case import HEADER, BenefitImportCase


@tagged("post_install", "-at_install")
class TestImportValues(BenefitImportCase):
    """What rows of measurements become, or why they do not."""

    def _errors(self, *lines, **options):
        return self._import_rows(*lines, **options).errors

    # ---- good rows ---------------------------------------------------------------------

    def test_months(self):
        """Baseline 12, value 8, a fault is worth 10: a month gains 40."""
        result = self._import_rows(
            "customer,metric,month,value,baseline,remark", "Ann Ltd,Network Faults,2024-03,8,12,by phone",
            "A1,network  faults,2024-04,5.5,12,",
        )
        self.assertEqual((result.rows, result.imported, result.errors), (2, 1, {"unknown": 1}))
        self.assertRecordValues(self._records(), [{
            "partner_id": self.ann.id, "commercial_partner_id": self.ann.id, "metric_id": self.faults.id,
            "date_from": date(2024, 3, 1), "date_to": date(2024, 3, 31), "value": 8.0, "baseline": 12.0,
            "unit": "faults", "gain": 40.0, "doubt": False, "counts": True, "state": "reported", "source": "import",
            "note": "by phone", "batch_id": result.batch_id, "is_checked": False,
        }])
        self.assertEqual((result.customers, result.gain, result.doubtful), (1, 40.0, {}))

    def test_as_by_hand(self):
        """Every stored field of an imported record is what the form would have stored."""
        goal = self._goal(product_id=self.lamp.id)
        values = {"date_from": "2024-05-01", "date_to": "2024-05-16", "value": 7.25, "product_id": self.lamp.id}
        by_hand = self.env["customer.benefit.record"].create({
            **values, "company_id": self.company.id, "partner_id": self.ann.id, "metric_id": self.faults.id,
        })
        stored = by_hand.read([name for name, field in by_hand._fields.items() if field.store])[0]
        by_hand.unlink()
        self._import_rows(
            "ref,metric,from,to,value,product", "A1,Network Faults,2024-05-01,2024-05-16,7.25,L-7"
        )
        imported = self._records()
        found = imported.read(list(stored))[0]
        differing = {name for name, value in found.items() if value != stored[name]}
        self.assertEqual(imported.goal_id, goal)
        self.assertEqual((imported.baseline, imported.gain), (12.0, 24.52))  # 4.75 × 10 × 16/31 = 24.516
        self.assertLessEqual(
            differing, {"id", "source", "batch_id", "create_date", "write_date", "create_uid", "write_uid"},
            {name: (stored[name], found[name]) for name in differing},
        )

    def test_row_without_product_finds_the_only_goal(self):
        """As a record that is entered by hand does: the only goal of that day, though it names a product."""
        other = self.env["product.product"].create({"name": "Day Lamp", "default_code": "L-8"})
        goal = self._goal(product_id=self.lamp.id, date_target="2024-06-30")
        self._goal(product_id=self.lamp.id, date_start="2024-07-01")
        second = self._goal(product_id=other.id, date_start="2024-07-01")
        self._import_rows(
            "ref,metric,month,value,product", "A1,Network Faults,2024-03,8,", "A1,Network Faults,2024-04,8,L-8",
            "A1,Network Faults,2024-08,8,", "A1,Network Faults,2024-09,8,L-8",
        )
        nothing = goal.browse()
        self.assertEqual(
            [record.goal_id for record in self._records()], [goal, nothing, nothing, second]
        )

    def test_goal_of_a_row(self):
        """As records find theirs: of this company and of these days, agreed and not given up, the latest one first."""
        for values in (
            {"baseline": 10.0, "date_start": "2024-03-01"}, {}, {
                "baseline": 20.0, "date_start": "2024-03-05",
                "company_id": self._make_company("Elsewhere").id,
            },
            {"baseline": 21.0, "is_proposal": True, "date_start": "2024-03-05"},
            {"baseline": 22.0, "active": False, "date_start": "2024-03-05"},
            {"baseline": 23.0, "product_id": self.lamp.id, "date_start": "2024-03-05"},
            {"baseline": 24.0, "date_start": "2024-04-01"},
            {"baseline": 25.0, "date_start": "2024-03-05", "date_target": "2024-03-30"},
        ):
            self._goal(**values)
        self._import_rows(
            "ref,metric,from,to,value,baseline,product", "A1,Network Faults,2024-03-01,2024-03-31,8,,",
            "A1,Network Faults,2024-02-01,2024-02-29,8,9,", "A1,Network Faults,2024-03-01,2024-03-31,8,,L-7",
            "A1,Network Faults,2024-01-31,2024-01-31,8,,", "A1,Network Faults,2023-12-01,2023-12-31,8,,",
        )
        self.assertEqual(
            [(str(record.date_to), record.product_id.id, record.goal_id.baseline, record.baseline)
             for record in self._records().sorted(lambda record: (record.date_to, record.product_id.id))],
            [
                ("2023-12-31", False, False, False), ("2024-01-31", False, 12.0, 12.0),
                # What the file says it was before comes first.
                ("2024-02-29", False, 12.0, 9.0), ("2024-03-31", False, 10.0, 10.0),
                ("2024-03-31", self.lamp.id, 23.0, 23.0),
            ],
        )

    def test_goal_is_refreshed(self):
        goal = self._goal()
        self.assertEqual(goal.state, "not_measured")
        result = self._import_rows("ref,metric,month,value", "A1,Network Faults,2024-03,8")
        # Its day has passed.
        self.assertEqual((goal.state, goal.progress, goal.latest_value), ("missed", 50.0, 8.0))
        self.env["customer.benefit.import.batch"].browse(result.batch_id)._undo()
        self.assertEqual((goal.state, goal.progress), ("not_measured", False))

    def test_customers_are_marked(self):
        marks = self.env["customer.value.mark"]

        def marked():
            self.env.cr.flush()
            found = {(mark.partner_id, mark.company_id) for mark in marks.search([])}
            marks.search([]).unlink()
            return found

        marked()
        result = self._import_rows("ref,metric,month,value,baseline", "A1,Network Faults,2024-03,8,12")
        self.assertEqual(marked(), {(self.ann.id, self.company.id)})
        self.env["customer.benefit.import.batch"].browse(result.batch_id)._undo()
        self.assertEqual(marked(), {(self.ann.id, self.company.id)})

    def test_months_of_all_kinds(self):
        for text in ("2024-03", "2024/3", "03/2024", "3.2024", "202403", "Mar 2024", "March 2024", "März 2024",
                     "mars 2024", "2024年3月", "2024-03-01", "Mar-24"):
            self.assertEqual(read_month(text, "dmy", "en"), date(2024, 3, 1), text)
        for text in ("", "2024", "13/2024", "2024-13", "May", "spring 2024"):
            self.assertIsNone(read_month(text, "dmy", "en"), text)

    def test_units(self):
        """The unit may stand beside the value, in any language of the metric; another one is doubtful."""
        lines = (
            "ref,metric,month,value,unit,baseline", "A1,Working Hours Saved,2024-01,3 h,,1",
            "A1,Working Hours Saved,2024-02,3,H,1", "A1,Working Hours Saved,2024-03,180,minutes,1",
            "A1,Working Hours Saved,2024-04,3 kg,h,1",
        )
        result = self._import_rows(*lines)
        self.assertEqual(result.errors, {"unit_beside": 1})
        self.assertEqual(result.doubtful, {"unit": 1})
        self.assertEqual(
            [(record.unit, record.doubt, record.counts) for record in self._records()],
            [("h", False, True), ("h", False, True), ("minutes", "unit", False)],
        )

    def test_metrics_of_one_name_are_told_by_their_unit(self):
        percent = self._metric("Network Faults", "%", 5.0)
        result = self._import_rows(
            "ref,metric,month,value,unit,baseline", "A1,Network Faults,2024-01,3,%,5", "A1,Network Faults,2024-02,3,,5"
        )
        self.assertEqual(result.errors, {"metrics": 1})
        self.assertEqual(self._records().metric_id, percent)

    # ---- doubtful values ---------------------------------------------------------------

    DOUBTFUL = (
        "ref,metric,month,value,baseline", "A1,Network Faults,2024-01,8,", "A1,Network Faults,2024-02,15,12",
        "A1,Network Faults,2024-03,8,0", "B1,Working Hours Saved,2024-01,90,8", "B1,Working Hours Saved,2024-02,9,8",
    )

    def test_doubtful_values_wait(self):
        """Range: a value of 8 over a baseline of zero is worse, so the doubt is that."""
        result = self._import_rows(*self.DOUBTFUL)
        self.assertEqual(result.doubtful, {"baseline": 1, "worse": 2, "size": 1})
        self.assertEqual(result.doubtful_rows["worse"], [3, 4])
        self.assertEqual((result.imported, result.gain), (5, 60.0))
        self.assertEqual(self._records().filtered("counts").mapped("gain"), [60.0])

    def test_doubtful_values_are_right(self):
        """What has no baseline has no gain, whoever says that it is right."""
        user = self._user("sales_team.group_sale_manager")
        result = self._import_rows(*self.DOUBTFUL, user=user, check_doubtful=True)
        by_doubt = {record.doubt: record for record in self._records() if record.doubt != "worse"}
        self.assertEqual(
            {doubt: (record.is_checked, record.counts) for doubt, record in by_doubt.items()},
            {False: (False, True), "baseline": (False, False), "size": (True, True)},
        )
        self.assertEqual(by_doubt["size"].check_user_id, user)
        # 60 without a doubt, 82 × 60, −3 × 10, −8 × 10
        self.assertEqual(sum(self._records().filtered("counts").mapped("gain")), 60.0 + 4920.0 - 30.0 - 80.0)
        self.assertEqual(result.gain, 60.0)

    # ---- refused rows ------------------------------------------------------------------

    def test_unknown_metric_offers_names_near_it(self):
        result = self._import_rows(HEADER, "Ann Ltd,Quorzl Flibets,2024-03,8", "Ann Ltd,Zzz,2024-03,8")
        self.assertEqual(result.errors, {"metric": 2})
        first, second = self._reasons(result)
        self.assertEqual(first, "There is no metric “Quorzl Flibets”. Did you mean: Quorzle Flibbets?")
        self.assertIn("There is no metric “Zzz”. Create it", second)

    @freeze_time("2024-06-15 10:00:00")
    def test_periods(self):
        header = "ref,metric,month,from,to,value,baseline"
        rows = {
            "future": "A1,Network Faults,2024-07,,,8,12", "unfinished": "A1,Network Faults,2024-06,,,8,12",
            "reversed": "A1,Network Faults,,2024-05-02,2024-05-01,8,12",
            "too_long": "A1,Network Faults,,2021-01-01,2023-01-01,8,12",
            "no_date": "A1,Network Faults,,2024-05-02,,8,12", "month": "A1,Network Faults,spring,,,8,12",
            "date": "A1,Network Faults,,soon,2024-05-01,8,12",
        }
        result = self._import_rows(
            header, *rows.values(), "A1,Network Faults,,2024-06-01,2024-06-15,8,12",
            "A1,Network Faults,,2021-01-01,2022-12-31,8,12", "A1,Network Faults,,2024-06-16,2024-06-17,8,12",
        )
        self.assertEqual(result.errors, {**dict.fromkeys(rows, 1), "future": 2})
        self.assertEqual(result.imported, 2)
        self.assertEqual(len(self._reasons(result)), 8)

    def test_numbers_and_names(self):
        header = "ref,metric,month,value,baseline,product"
        rows = {
            "no_value": "A1,Network Faults,2024-01,,12,", "value": "A1,Network Faults,2024-01,many,12,",
            "baseline": "A1,Network Faults,2024-01,8,few,", "no_metric": "A1,,2024-01,8,12,",
            "product": "A1,Network Faults,2024-01,8,12,Sun", "unknown": "ZZ,Network Faults,2024-01,8,12,",
            "nobody": ",Network Faults,2024-01,8,12,",
        }
        result = self._import_rows(header, *rows.values())
        self.assertEqual(result.errors, dict.fromkeys(rows, 1))
        self.assertEqual(len(self._reasons(result)), 7)
        self.assertFalse(result.batch_id)

    def test_gain_that_no_column_holds(self):
        self.faults.money_per_unit = 9e14
        result = self._import_rows(
            "ref,metric,from,to,value,baseline",
            "A1,Network Faults,2023-01-01,2024-12-31,1,999999999999999", "A1,Network Faults,2022-01-01,2022-01-31,1,2",
        )
        self.assertEqual((result.imported, result.errors), (1, {"large": 1}))

    # ---- the same days -----------------------------------------------------------------

    def test_same_file_again(self):
        lines = ("ref,metric,month,value,baseline", "A1,Network Faults,2024-01,8,12", "A1,Network Faults,2024-02,7,12")
        self.assertEqual(self._import_rows(*lines).imported, 2)
        again = self._import_rows(*lines)
        self.assertEqual((again.imported, again.known, again.errors, again.batch_id), (0, 2, {}, 0))
        other = self._import_rows(lines[0], "A1,Network Faults,2024-01,9,12", "A1,Network Faults,2024-02,7,13")
        self.assertEqual((other.known, other.errors), (0, {"stored": 2}))
        self.assertIn("from 01/01/2024 to 01/31/2024 with the value 8 is stored already", self._reasons(other)[0])

    def test_days_of_a_stored_record(self):
        self._record(date_from="2024-03-10", date_to="2024-04-09")
        self._record(date_from="2024-03-10", date_to="2024-04-09", product_id=self.lamp.id)
        self._record(
            date_from="2024-03-01", date_to="2024-04-30", company_id=self._make_company("Elsewhere").id
        )
        self._record(date_from="2024-05-01", date_to="2024-05-31", product_id=self.lamp.id)
        self._record(date_from="2024-06-01", date_to="2024-06-30")
        self.assertEqual(
            self._errors(
                "ref,metric,from,to,value,product", "A1,Network Faults,2024-03-01,2024-03-09,8,",
                "A1,Network Faults,2024-04-09,2024-04-20,8,", "A1,Network Faults,2024-03-15,2024-03-16,8,",
                "B1,Network Faults,2024-03-15,2024-03-16,8,", "A1,Working Hours Saved,2024-03-15,2024-03-16,8,",
                "A1,Network Faults,2024-04-10,2024-04-11,8,L-7", "A1,Network Faults,2024-05-01,2024-05-31,8,",
                "A1,Network Faults,2024-06-01,2024-06-30,8,L-7",
            ),
            {"stored": 2},
        )

    def test_days_of_another_row(self):
        """Both are refused, as nobody knows which one is right; the same value twice is one."""
        result = self._import_rows(
            "ref,metric,from,to,value", "A1,Network Faults,2024-01-01,2024-06-30,8",
            "A1,Network Faults,2024-02-01,2024-02-29,8", "A1,Network Faults,2024-06-30,2024-07-05,8",
            "A1,Network Faults,2024-07-06,2024-07-09,8", "A1,Network Faults,2024-07-06,2024-07-09,8.0",
            "B1,Network Faults,2024-02-01,2024-02-29,8",
            # One day is enough.
            "B1,Network Faults,2024-04-01,2024-04-10,8", "B1,Network Faults,2024-04-10,2024-04-12,8",
        )
        self.assertEqual((result.imported, result.known, result.errors), (2, 1, {"overlap": 5}))
        reasons = self._reasons(result)
        self.assertEqual([text.split(" has")[0] for text in reasons], ["Row 3", "Row 2", "Row 2", "Row 9", "Row 8"])

    # ---- the screen --------------------------------------------------------------------

    def _upload(self, *lines, user=None):
        wizard = self._model(user).create({
            "company_id": self.company.id, "file_name": "values.csv",
            "file": base64.b64encode("\n".join(lines).encode()),
        })
        wizard.action_read()
        return wizard

    def test_wizard(self):
        user = self._user("crm_customer_value.group_service_manager")
        wizard = self._upload(
            "Kunde;Kennzahl;Monat;Wert;Ausgangswert", "Ann Ltd;Network Faults;03/2024;8,5;12",
            "Ann Ltd;Network Faults;04/2024;150;12", "Ann Ltd;Quorzle Flibets;05/2024;8;12", user=user,
        )
        self.assertEqual(
            [column.meaning for column in wizard.column_ids], ["name", "metric", "month", "value", "baseline"]
        )
        self.assertIn("To check", wizard.preview_html)
        self.assertIn("Did you mean: Quorzle Flibbets?", wizard.preview_html)
        self.assertIn("$\xa035.00", wizard.preview_html)
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.importable, wizard.doubtful), ("check", 2, 1))
        self.assertFalse(self._records())
        self.assertIn("Worse than the baseline", wizard.result_html)
        wizard.action_import()
        self.assertEqual((wizard.state, wizard.imported, wizard.records_to_check), ("done", 2, 1))
        self.assertEqual(wizard.error_file_name, "values - not imported.csv")
        records = self.env["customer.benefit.record"].search(wizard.action_open_to_check()["domain"])
        self.assertEqual(records.doubt, "worse")
        wizard.action_ask_undo()
        wizard.batch_id.action_undo()
        self.assertFalse(self._records())
        self.assertTrue(wizard.undone_date)
        with self.assertRaisesRegex(UserError, "None of its measurements is left"):
            wizard.batch_id.action_undo()

    def test_missing_columns(self):
        for header, text in (
            ("customer,month,value", "that means: Metric"), ("customer,metric,month", "that means: Value"),
            ("customer,metric,from,value", "that means: Month. Or choose"), ("metric,month,value", "identifies"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self._import_rows(header, ",".join("x" * (header.count(",") + 1)))
