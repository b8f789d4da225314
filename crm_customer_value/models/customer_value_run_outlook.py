from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import outlook, pipeline, predictions


class CustomerValueRun(models.Model):
    """What a run learned to predict from, and how the run log tells it."""

    _inherit = "customer.value.run"

    outlook = fields.Json(
        readonly=True, help="The model of the predictions: learned once a week, used until the next."
    )
    outlook_summary = fields.Text(compute="_compute_outlook_summary")

    @api.depends("outlook")
    def _compute_outlook_summary(self):
        for run in self:
            learned = run.outlook
            run.outlook_summary = "\n".join(run._outlook_lines(learned)) if learned else False

    def _outlook_lines(self, learned):
        """Return what was learned, from whom, and how well it did, line by line.

        :param dict learned: of ``engine.outlook.fit``
        """
        lines = [self.env._(
            "Learned from %(customers)s customers, %(repeat)s of whom bought again, over %(days)s days "
            "up to %(day)s.",
            customers=learned["customers"], repeat=learned["repeat_buyers"], days=learned["days"],
            day=learned["anchor"],
        )]
        if learned.get("lost"):
            lines.append(self.env._(
                "No prediction is shown, but of steady customers: in a back-test the model did worse than "
                "expecting everybody to buy on as before."
            ))
        elif learned["method"] == "none":
            lines.append(self.env._(
                "No prediction is shown: that takes 30 customers, 10 who bought again and 90 days of "
                "purchases. Segments and rhythm are there all the same."
            ))
        else:
            lines.append(self._method_line(learned))
        if learned.get("grade"):
            lines.append(self._grade_line(learned["grade"], learned["rule"]))
        return lines + self._doubt_lines(learned)

    def _method_line(self, learned):
        methods = {
            "likelihood": self.env._("maximum likelihood"),
            "likelihood_k2": self.env._("maximum likelihood for regular purchases"),
            "prior": self.env._("a weak prior, because the customers are few or the likelihood had no sound maximum"),
            "last_good": self.env._(
                "the parameters learned up to %s, because none could be fitted now", learned.get("learned")
            ),
            "shrunken_rates": self.env._("average rates, because no better model could be fitted"),
        }
        confidence = {"high": self.env._("high"), "low": self.env._("low")}
        return self.env._(
            "MBG/CNBD-%(k)s by %(method)s; confidence: %(confidence)s.",
            k=learned["k"], method=methods[learned["method"]], confidence=confidence[learned["confidence"]],
        )

    def _grade_line(self, grade, rule):
        """Return the result of the back-test; who buys at all cannot be told apart when nobody did."""
        if grade["auc"] is None:
            return self.env._(
                "Back-test over 26 weeks the model had not seen: purchases a customer missed by %(mae)s (plain "
                "rule: %(rule)s). Nobody bought in these weeks, or everybody did.",
                mae=grade["mae"], rule=rule["mae"],
            )
        return self.env._(
            "Back-test over 26 weeks the model had not seen: purchases a customer missed by %(mae)s "
            "(plain rule: %(rule)s), predicted ÷ actual %(ratio)s, who buys at all told apart with an AUC "
            "of %(auc)s (plain rule: %(rule_auc)s).",
            mae=grade["mae"], rule=rule["mae"], ratio=grade["ratio"], auc=grade["auc"], rule_auc=rule["auc"],
        )

    def _doubt_lines(self, learned):
        """Return what makes the predictions uncertain, and which purchases are worth a look."""
        words = {
            "short_history": self.env._(
                "Predictions look 12 months ahead, further than the purchases look back: their confidence is low."
            ),
            "strong_season": self.env._(
                "Strong season: at its peak, four weeks bring more than one and a half times as many purchases as "
                "four average ones. Predictions of 12 months bear that, shorter ones would not."
            ),
            "after_peak": self.env._(
                "The last four weeks were such a peak: predictions may be too high until it has passed."
            ),
            "no_value": self.env._(
                "No customer who bought again brought money: expected values rest on the mean of all customers."
            ),
            "spend_follows_frequency": self.env._(
                "Who buys more often spends more each time: expected values lean on the plain mean."
            ),
            "no_mean": self.env._(
                "A few customers spend so much more than the others that expected values lean on the plain mean."
            ),
        }
        found = [*learned.get("warnings", ()), *(learned.get("spend") or {}).get("problems", ())]
        if learned["method"] == "none" and not learned.get("lost"):
            found = []
        lines = [words[name] for name in found if name in words]
        counts = {
            "walk_in": self.env._(
                "%s customers bought on more than every other day, as a till for walk-in customers does: nothing "
                "is learned from them."
            ),
            "before_1970": self.env._(
                "%s customers have a first purchase before 1970: nothing is learned from them. Check the dates."
            ),
            "later": self.env._("%s purchases are dated after this day: they count from their own day on."),
            "negative_margin": self.env._(
                "%s customers cost more than they brought: their margin counts as 0 in expected value."
            ),
            "margin_above_revenue": self.env._(
                "%s customers have a margin above their revenue: check the costs of what they bought."
            ),
        }
        doubts = learned.get("doubts") or {}
        return lines + [text % doubts[name] for name, text in counts.items() if name in doubts]

    def _outlook_warnings(self):
        """Return what the administrator should know of the model without looking for it."""
        if self.outlook["method"] != "last_good":
            return []
        return [self.env._(
            "The model of the predictions could not be fitted, so the parameters learned up to %(day)s are "
            "used. They serve for %(weeks)s weeks; after that, average rates do.",
            day=self.outlook["learned"], weeks=outlook.LAST_GOOD_WEEKS,
        )]

    def _learn(self, table, basis):
        """Fit the model to a complete working table; return what ``engine.outlook.fit`` does."""
        scope = self._scope(after=0, upto=self._last_partner())
        learned = outlook.fit(self.env.cr, table, scope, basis, self._last_good_outlook(scope.anchor, basis))
        if self.as_of < self._today(self.policy_id):
            # Seen from an earlier day, all that came since is later.
            learned["doubts"].pop("later", None)
        return learned

    def _last_good_outlook(self, anchor, basis):
        """Return what this company's last sound fit learned, None if that was too long ago."""
        self.flush_model(["company_id", "kind", "state", "completion", "outlook"])
        rows = self.env.execute_query(SQL(
            """SELECT outlook FROM customer_value_run
                WHERE company_id = %s AND kind = 'full' AND state = 'done'
                  AND outlook->>'method' = ANY(%s) AND outlook->>'basis' = %s
                  AND outlook->>'anchor' BETWEEN %s AND %s
                ORDER BY outlook->>'anchor' DESC, completion DESC LIMIT 1""",
            self.company_id.id, list(outlook.GOOD_METHODS), basis,
            (anchor - timedelta(weeks=outlook.LAST_GOOD_WEEKS)).isoformat(), anchor.isoformat(),
        ))
        return rows[0][0] if rows else None

    def _reusable_outlook(self, basis):
        """Return what the last full run of this week learned, if it went by the same rules."""
        last = self._last_full_run(self.company_id)
        learned = last.outlook or {}
        anchor = self._scope(after=0, upto=0).anchor.isoformat()
        if last.policy_id == self.policy_id and (learned.get("anchor"), learned.get("basis")) == (anchor, basis):
            return learned
        return None

    def _predictions(self, table):
        """Return the name of the table of predictions beside a working table."""
        return f"{table}_p"

    def _predict(self, table, temporary=False):
        """Make the table of predictions for the customers of the working table."""
        self._predict_keys(table, temporary=temporary)
        self._join_keys(table, temporary=temporary)

    def _predict_keys(self, table, temporary=False):
        """Predict for each distinct history of the compared working table."""
        with pipeline.planned(self.env.cr, bulk=self.kind == "full"):
            predictions.create_keys(
                self.env.cr, self._predictions(table), table, self.outlook, temporary=temporary,
                discount_rate=self.policy_id.discount_rate / 100,
            )

    def _join_keys(self, table, temporary=False):
        """Give every customer of the working table the prediction of their history."""
        with pipeline.planned(self.env.cr, bulk=self.kind == "full"):
            predictions.join_keys(
                self.env.cr, self._predictions(table), table, self.outlook, temporary=temporary,
                digits=self.company_id.currency_id.decimal_places,
            )

    def _compare_outlooks(self, table):
        """Add what is expected of customers to the cut-points."""
        expected = predictions.percentiles(self.env.cr, self._predictions(table))
        self.cut_points = {**self.cut_points, "clv": expected}
