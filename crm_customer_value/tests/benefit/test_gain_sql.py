import random
from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import SQL, float_compare

from ...engine.benefit import gain, gain_sql
from .import_case import BenefitImportCase


@tagged("post_install", "-at_install")
class TestGainSql(BenefitImportCase):
    """The formulas of many measurements are those of one."""

    def _value(self, query):
        return self.env.execute_query(SQL("SELECT %s", query))[0][0]

    def _day(self, text):
        return SQL("%s::date", text)

    def test_months_by_hand(self):
        for start, end, months in (
            ("2024-01-01", "2024-01-31", 1), ("2024-02-01", "2024-02-29", 1), ("2024-01-01", "2024-12-31", 12),
            ("2024-02-15", "2024-02-29", 15 / 29), ("2024-01-31", "2024-02-01", 1 / 31 + 1 / 29),
            ("2023-12-17", "2024-02-29", 15 / 31 + 2),
        ):
            found = self._value(gain_sql.months_sql(self._day(start), self._day(end)))
            self.assertAlmostEqual(float(found), months, 9, msg=f"{start} {end}")

    def test_rates_by_hand(self):
        """Those of the company before those of everybody, from their day on; the first one for what was before."""
        self.env["res.currency.rate"].search([("currency_id", "in", (self.eur | self.usd).ids)]).unlink()
        other, third = self._make_company("Rates Elsewhere"), self._make_company("No Rates")
        self.env["res.currency.rate"].create([
            {"currency_id": self.eur.id, "company_id": company and company.id, "name": day, "rate": rate}
            for company, day, rate in (
                (self.company, "2024-01-10", 0.8), (self.company, "2024-03-01", 0.5), (other, "2024-01-05", 0.1),
                (False, "2024-02-01", 0.25), (False, "2024-02-20", 0.2),
            )
        ])
        for company, day, dollars in (
            (self.company, "2024-02-25", 1.25), (self.company, "2024-02-29", 1.25), (self.company, "2024-03-01", 2.0),
            (self.company, "2023-12-31", 1.25), (other, "2024-03-01", 10.0), (third, "2024-02-19", 4.0),
            (third, "2024-02-20", 5.0), (third, "2024-01-31", 4.0),
        ):
            with self.subTest(company=company.name, day=day):
                found = self._value(gain_sql.rate_sql(
                    SQL("%s", self.eur.id), SQL("%s", self.usd.id), self._day(day), SQL("%s", company.id)
                ))
                self.assertAlmostEqual(float(found), dollars, 9)
                self.assertAlmostEqual(
                    self.eur._get_conversion_rate(self.eur, self.usd, company, date.fromisoformat(day)), dollars, 9
                )

    def test_random_measurements(self):
        """SQL and Python agree on periods, doubts, gains and rates of exchange, to the cent."""
        chance = random.Random(12)
        self.env["res.currency.rate"].search([("currency_id", "=", self.eur.id)]).unlink()
        self.env["res.currency.rate"].create([
            {"name": day, "rate": rate, "currency_id": self.eur.id, "company_id": self.company.id}
            for day, rate in (("2023-03-01", 0.9), ("2024-01-01", 0.8))
        ])
        checked = set()
        for _number in range(300):
            start = date(2022, 12, 1) + timedelta(days=chance.randrange(500))
            end = start + timedelta(days=chance.choice((0, 1, 27, 30, 59, 364, 700)))
            value, baseline = (chance.choice((0, 1, 2.5, 11.37, 130, 0.05, -2.5, -30)) for _each in range(2))
            baseline = chance.choice((baseline, baseline, None))
            period, lower = chance.choice(("month", "year", "once")), chance.random() < 0.5
            unit, money = chance.choice(("faults", " Faults", "kg")), chance.choice((0.0, 3.33, 1250.5))
            typical = chance.choice((None, (0.0, 2.0)))
            currency = chance.choice((self.usd, self.eur))
            measured = gain.Measurement(value, baseline, lower, unit, "faults", typical)
            number = {name: SQL("%s::numeric", text and str(text)) for name, text in (
                ("value", str(value)), ("baseline", None if baseline is None else str(baseline)), ("money", str(money)),
                ("lowest", typical and str(typical[0])), ("highest", typical and str(typical[1])),
            )}
            improvement = gain_sql.improvement_sql(number["value"], number["baseline"], SQL("%s", lower))
            doubt = self._value(gain_sql.doubt_sql(
                number["value"], number["baseline"], improvement, SQL("lower(btrim(%s)) = 'faults'", unit),
                number["lowest"], number["highest"],
            ))
            with self.subTest(measured=measured, start=start, end=end, period=period):
                self.assertEqual(doubt, gain.doubt(measured))
                checked.add(doubt)
                worth = self._value(gain_sql.gain_sql(
                    improvement, number["money"],
                    gain_sql.periods_sql(SQL("%s", period), self._day(start), self._day(end)),
                    gain_sql.rate_sql(
                        SQL("%s", currency.id), SQL("%s", self.usd.id), self._day(end), SQL("%s", self.company.id)
                    ),
                    SQL("0.01"),
                ))
                if baseline is None:
                    self.assertIsNone(worth)
                    continue
                expected = currency._convert(
                    measured.improvement * money * gain.periods_covered(period, start, end), self.usd, self.company, end
                )
                self.assertFalse(float_compare(float(worth), expected, precision_digits=2), (worth, expected))
        self.assertEqual(checked, {None, "baseline", "unit", "worse", "size", "range"})
