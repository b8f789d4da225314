from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..feedback_case import FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedbackResults(FeedbackCase):
    """What all answers say, counted by hand."""

    def _results(self, user=None, **arguments):
        feedback = self.env["customer.feedback"].with_user(user or self.env.user)
        found = feedback.get_feedback_results([("company_id", "=", self.company.id)], **arguments)
        return {(result["scale"], result["about"]): result for result in found["results"]}

    def _many(self, scores, scale="nps", days=5, **values):
        for score in scores:
            self._give(self.anna, scale, score, days=days, **values)

    def test_score_rate_and_mean(self):
        self._many([10] * 6 + [8] * 2 + [3] * 2)
        for _number in range(10):
            self.env["customer.feedback"].create({
                "company_id": self.company.id, "partner_id": self.anna.id, "scale": "nps", "about": "transaction",
                "state": "expired", "date_asked": self.now,
            })
        self.env["customer.feedback"].create({
            "company_id": self.company.id, "partner_id": self.anna.id, "scale": "nps", "about": "transaction",
            "state": "cancelled",
        })
        told = self._results()["nps", "transaction"]["all"]
        self.assertEqual((told["asked"], told["count"], told["rate"]), (20, 10, 50.0))
        self.assertEqual((told["good"], told["middling"], told["bad"]), (6, 2, 2))
        self.assertEqual((told["score"], told["mean"], told["few"]), (40.0, 8.2, False))
        # (6.75 − 2.75) / 13 = 0.30769; 9.5 / 13 − 0.09467 = 0.63609; 1.96 · sqrt(0.63609 / 13) = 0.43355
        self.assertEqual((told["low"], told["high"]), (-12.6, 74.1))

    def test_scales_and_subjects_are_kept_apart(self):
        self._many([5, 4, 1], scale="csat")
        self._many([10], about="company")
        self._many([7], scale="effort", about="relationship")
        self.assertEqual(
            {key: result["all"]["count"] for key, result in self._results().items()},
            {("csat", "transaction"): 3, ("nps", "company"): 1, ("effort", "relationship"): 1},
        )

    def test_told_apart(self):
        """By team, with those without one; what is empty has a name."""
        team = self.env["crm.team"].create({"name": "North", "company_id": self.company.id})
        self._many([9, 1])
        self._give(self.anna, "nps", 10).team_id = team
        rows = self._results(group="team_id")["nps", "transaction"]["rows"]
        self.assertEqual([(row["id"], row["name"], row["asked"]) for row in rows],
                         [(False, "None", 2), (team.id, "North", 1)])
        self.assertEqual(self._results(group="password")["nps", "transaction"]["rows"][0]["name"], "None",
                         "told apart by the first of the fields that are offered")
        for group in self.env["customer.feedback"]._result_groups():
            self.assertTrue(self._results(group=group)["nps", "transaction"]["rows"], group)

    def test_months_and_trend(self):
        first = self.now.replace(day=1)
        long_ago, lately = (self.now - first).days + 120, (self.now - first).days
        self._many([1] * 15, days=long_ago)
        self._many([10] * 15, days=lately)
        result = self._results()["nps", "transaction"]
        self.assertEqual(len(result["months"]), 12)
        self.assertEqual(result["months"][-1]["month"], first.date().isoformat())
        self.assertEqual((result["months"][-1]["count"], result["months"][-1]["score"]), (15, 100.0))
        before = (first - timedelta(days=120)).date().replace(day=1).isoformat()
        self.assertEqual({month["month"]: month["count"] for month in result["months"] if month["count"]},
                         {before: 15, first.date().isoformat(): 15})
        self.assertEqual(result["trend"], "up")
        self.assertEqual(sum(month["asked"] for month in result["months"]), 30)

    def test_rights(self):
        """A salesperson counts their own customers' answers, rows and totals alike."""
        self._many([10] * 3)
        stranger = new_test_user(self.env, "results_stranger", groups="sales_team.group_sale_salesman",
                                 company_id=self.company.id)
        self.assertEqual(self._results(self.seller)["nps", "transaction"]["all"]["count"], 3)
        self.assertEqual(self._results(stranger), {})

    def test_means_of_tables(self):
        self._many([10, 10, 7, 0])
        self._many([5, 2], scale="csat")
        self._many([7, 4], scale="effort")
        [[net, satisfied, effort, response]] = self.env["customer.feedback"]._read_group(
            [("company_id", "=", self.company.id)],
            aggregates=["net_promoter:avg", "satisfied:avg", "effort:avg", "response:avg"],
        )
        self.assertEqual((net, satisfied, effort, response), (25.0, 50.0, 5.5, 100.0))

    def test_rule_knows_what_came_of_it(self):
        feedback = self._asked()
        rule = feedback.rule_id
        self.assertEqual((rule.asked_count, rule.response_rate), (1, 0.0))
        feedback._answer(9)
        rule.invalidate_recordset()
        self.assertEqual((rule.asked_count, rule.response_rate), (1, 100.0))
        self.assertIs(self._rule(name="New").response_rate, False)
