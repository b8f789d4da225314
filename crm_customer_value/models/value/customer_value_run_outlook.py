from datetime import date, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...engine.fact.measures import HOLDOUT_WEEKS
from ...engine.mathematics import choice
from ...engine.outlook import outlook

# How a method is counted when the forecasts of a company are told in one sentence.
SUMMARY = {
    "model": "model", "prior": "model", "rates": "model", "last_good": "model", "steady": "steady", "rule": "rule",
}


class CustomerValueRun(models.Model):
    """What a run learned to predict from, and how the run log tells it."""

    _inherit = "customer.value.run"

    outlook = fields.Json(
        readonly=True, help="What the forecasts are made from. Learned once a week and used until the next time."
    )
    outlook_summary = fields.Text(compute="_compute_outlook_summary")
    outlook_details = fields.Text(compute="_compute_outlook_summary")

    @api.depends("outlook")
    @api.depends_context("lang")
    def _compute_outlook_summary(self):
        for run in self:
            learned = run.outlook
            run.outlook_summary = "\n".join(run._outlook_lines(learned)) if learned else False
            run.outlook_details = "\n".join(run._detail_lines(learned)) if learned else False

    def _outlook_lines(self, learned):
        """Return how forecasts are made and how well that does, line by line.

        :param dict learned: of ``engine.outlook.fit``
        """
        lines = [self._method_line(learned)]
        if learned.get("grade"):
            lines.append(self._grade_line(learned))
        return lines + self._choice_lines(learned) + self._doubt_lines(learned)

    def _method_line(self, learned):
        candidate = learned["candidates"][learned["choice"]["in_use"]]
        methods = {
            "likelihood": self.env._("the model of purchases, learned from your customers"),
            "likelihood_k2": self.env._("the model of purchases, in its form for regular customers"),
            "prior": self.env._("the model with typical values, because customers are few"),
            "last_good": self.env._(
                "the model learned up to %s, because no new one could be learned", self._day(candidate.get("learned"))
            ),
            "shrunken_rates": self.env._("the average rates of your customers, with typical values for the rest"),
            "rule": self.env._(
                "the simple rule: we expect customers to buy as before, and less the later they are"
            ),
        }
        confidence = {"high": self.env._("high"), "low": self.env._("low")}
        line = self.env._(
            "Forecasts are made by %(method)s. Confidence: %(confidence)s.",
            method=methods[learned["method"]], confidence=confidence[learned["confidence"]],
        )
        if learned["method"] == "rule" and not learned["errors"]:
            line = self.env._(
                "%(line)s A model needs 30 customers, 10 of whom bought again, and 90 days of purchases before the "
                "last %(weeks)s weeks, which are used to test it.", line=line, weeks=HOLDOUT_WEEKS,
            )
        return line

    def _day(self, text):
        """Return a day that is kept as text, as the user writes dates; nothing where there is none."""
        return format_date(self.env, text) if text else ""

    def _grade_line(self, learned):
        """Return the result of the test in the words of purchases."""
        grade, rule = learned["grade"], learned["rule"]
        numbers = {"error": f"{grade['mae']:.2f}", "rule": f"{rule['mae']:.2f}", "weeks": HOLDOUT_WEEKS}
        if grade["ratio"] is None:
            return self.env._(
                "No customer bought in the %(weeks)s weeks of the test. Average error: %(error)s purchases (simple "
                "rule: %(rule)s).", **numbers,
            )
        numbers["foreseen"] = f"{100 * grade['ratio']:.0f}"
        if learned["choice"]["in_use"] == "rule":
            return self.env._(
                "Average error in the %(weeks)s weeks of the test: %(error)s purchases. The simple rule predicted "
                "%(foreseen)s %% of the purchases.", **numbers,
            )
        return self.env._(
            "Average error in the %(weeks)s weeks of the test: %(error)s purchases (simple rule: %(rule)s). The model "
            "predicted %(foreseen)s %% of the purchases.", **numbers,
        )

    def _candidate_names(self):
        """Return the candidates of ``engine.candidates`` in words."""
        return {
            "model": self.env._("the model"),
            "prior": self.env._("the model with typical values"),
            "rates": self.env._("the average rates"),
            "rule": self.env._("the simple rule"),
            "rhythm": self.env._("their regular rhythm"),
            "company": self.env._("the method of all customers"),
        }

    def _choice_lines(self, learned):
        """Return what is about to change, or is being changed, in how forecasts are made."""
        names, lines, steady = self._candidate_names(), [], learned["rhythm"]["choice"]
        anchor = date.fromisoformat(learned["anchor"])
        for chosen, text in (
            (learned["choice"], self.env._("Forecasts changed to %(name)s on %(day)s: week %(week)s of %(weeks)s.")),
            (steady, self.env._(
                "Forecasts of regular customers changed to %(name)s on %(day)s: week %(week)s of %(weeks)s."
            )),
        ):
            if len(chosen["weights"]) > 1:
                lines.append(text % {
                    "name": names[chosen["in_use"]], "day": self._day(chosen["since"]), "weeks": choice.BLEND_WEEKS,
                    "week": (anchor - date.fromisoformat(chosen["since"])).days // 7 + 1,
                })
            lines += [
                self.env._(
                    "%(name)s was better than %(in_use)s by a tenth or more in %(tests)s tests in a row. After "
                    "%(needed)s, it is used.",
                    name=names[name].capitalize(), in_use=names[chosen["in_use"]], tests=tests, needed=choice.TESTS,
                )
                for name, tests in sorted(chosen["ahead"].items())
            ]
        return lines

    def _detail_lines(self, learned):
        """Return what somebody who knows statistics wants to see."""
        lines = [self.env._(
            "Learned from %(customers)s customers, %(repeat)s of whom bought again, over %(days)s days "
            "up to %(day)s.",
            customers=learned["customers"], repeat=learned["repeat_buyers"], days=learned["days"],
            day=self._day(learned["anchor"]),
        )]
        candidate = learned["candidates"][learned["choice"]["in_use"]]
        if "params" in candidate:
            lines.append(self.env._(
                "MBG/CNBD-%(k)s with %(params)s.", k=candidate["k"],
                params=", ".join(
                    f"{name} {value:.3g}" for name, value in zip(("r", "α", "a", "b"), candidate["params"], strict=True)
                ),
            ))
        if learned.get("grade"):
            grade, rule = learned["grade"], learned["rule"]
            texts = [
                self.env._("%(name)s %(value)s (simple rule %(rule)s)", name=name, value=grade[key], rule=rule[key])
                for name, key in ((self.env._("mean error"), "mae"), (self.env._("root mean square error"), "rmse"),
                                  (self.env._("Brier score"), "brier"), (self.env._("AUC"), "auc"))
                if grade[key] is not None
            ]
            lines.append(self.env._("Test: %s.", ", ".join(texts)))
        names, of_regular = self._candidate_names(), learned["rhythm"]["errors"]
        for errors, text in (
            (learned["errors"], self.env._("Errors in the test, compared with buying as before (1): %s.")),
            (of_regular, self.env._("The same for regular customers: %s.")),
        ):
            if errors:
                lines.append(text % ", ".join(f"{names[name]} {error:.2f}" for name, error in errors.items()))
        lines.append(self.env._(
            "Regular customers are those with %s or more nearly equal gaps between purchases.",
            learned["rhythm"]["gaps"]["in_use"],
        ))
        return lines

    def _doubt_lines(self, learned):
        """Return what makes the forecasts uncertain, and which purchases are worth a look."""
        words = {
            "short_history": self.env._(
                "The purchases go back less than the 12 months of the forecast, so its confidence is low."
            ),
            "strong_season": self.env._(
                "Strong season: the four best weeks bring more than 1.5 times as many purchases as four average "
                "weeks. Forecasts for 12 months are still correct."
            ),
            "after_peak": self.env._(
                "The last four weeks were such a peak. Forecasts may be too high until it is over."
            ),
            "no_value": self.env._(
                "No customer who bought again brought money, so expected values use the average of all customers."
            ),
            "spend_follows_frequency": self.env._(
                "Customers who buy more often spend more each time, so expected values stay closer to the average."
            ),
            "no_mean": self.env._(
                "A few customers spend far more than the others, so expected values stay closer to the average."
            ),
        }
        found = [*learned["warnings"], *learned["spend"]["problems"]]
        if not learned["customers"]:
            found = []
        lines = [words[name] for name in found if name in words]
        counts = {
            "walk_in": self.env._(
                "%s customers bought on more than every second day, like a cash register for walk-in customers. "
                "Forecasts learn nothing from them."
            ),
            "before_1970": self.env._(
                "%s customers have a first purchase before 1970. Forecasts learn nothing from them. Check the dates."
            ),
            "later": self.env._("%s purchases have a date after this day. They count from that date on."),
            "negative_margin": self.env._(
                "%s customers cost more than they brought. Their margin counts as 0 in expected value."
            ),
            "margin_above_revenue": self.env._(
                "%s customers have a margin above their revenue. Check the costs of what they bought."
            ),
        }
        doubts = learned["doubts"]
        return lines + [text % doubts[name] for name, text in counts.items() if name in doubts]

    def _outlook_warnings(self):
        """Return what the administrator should know of the forecasts without looking for it."""
        warnings, learned = [], self.outlook
        if learned["method"] == "last_good":
            warnings.append(self.env._(
                "No new forecast model could be learned, so the one of %(day)s is used. After %(weeks)s weeks, another "
                "method takes its place.",
                day=self._day(learned["candidates"][learned["choice"]["in_use"]]["learned"]),
                weeks=outlook.MEMORY_WEEKS,
            ))
        return warnings + self._change_lines(learned)

    def _change_lines(self, learned):
        """Return a line for each choice that was changed in this week's test."""
        names, steady = self._candidate_names(), learned["rhythm"]["choice"]
        return [
            text % {
                "name": names[chosen["in_use"]],
                "old": " + ".join(names[name] for name in sorted(chosen["blended_from"])),
                "weeks": choice.BLEND_WEEKS,
            }
            for chosen, text in (
                (learned["choice"], self.env._(
                    "Forecasts now use %(name)s instead of %(old)s. The change is spread over %(weeks)s weeks."
                )),
                (steady, self.env._(
                    "Forecasts of regular customers now use %(name)s instead of %(old)s. The change is spread over "
                    "%(weeks)s weeks."
                )),
            )
            if chosen["blended_from"] and chosen["since"] == learned["anchor"]
        ]

    def _learn(self, table, basis):
        """Learn from a complete working table; return what ``engine.outlook.fit`` does."""
        scope = self._scope(after=0, upto=self._last_partner())
        learned = outlook.fit(self.env.cr, table, scope, basis, self._earlier_outlook(scope.anchor))
        if self.as_of < self._today(self.policy_id):
            # Seen from an earlier day, all that came since is later.
            learned["doubts"].pop("later", None)
        else:
            self._tell_change(learned)
        return learned

    def _tell_change(self, learned):
        """Give an administrator something to do when forecasts are made in another way; once a change."""
        lines = self._change_lines(learned)
        told = self._last_full_run(self.company_id).outlook or {}
        if not lines or told.get("anchor") == learned["anchor"]:
            return
        # sudo: users and activities of others; the scheduled action is at work here.
        activities = self.env["mail.activity"].sudo()
        users = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
        )
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        if not users or not todo:
            return
        user = users.sorted("id")[0]
        texts = self.with_context(lang=user.lang)
        note = Markup("<p>%s</p><p><a href='/odoo/customer-value-runs/%s'>%s</a></p>") % (
            "\n".join(texts._change_lines(learned)), self.id, texts.env._("Open the run log"),
        )
        activities.with_context(mail_activity_quick_update=True).create({
            "activity_type_id": todo.id,
            "summary": texts.env._("Customer forecasts of %s now use another method", self.company_id.name),
            "note": note,
            "user_id": user.id,
            "date_deadline": fields.Date.context_today(texts.with_context(tz=user.tz)),
            "automated": True,
        })

    def _earlier_outlook(self, anchor):
        """Return what this company learned in the last week before ``anchor``, None if that was too long ago.

        Runs of one week see the same, however many there are; and a run for an earlier day knows nothing of later
        ones. What was learned from other documents is no measure for these.
        """
        self.flush_model(["company_id", "kind", "state", "completion", "outlook", "policy_id"])
        rows = self.env.execute_query(SQL(
            """SELECT run.outlook FROM customer_value_run run
                 JOIN customer_value_policy policy ON policy.id = run.policy_id
                WHERE run.company_id = %s AND run.kind = 'full' AND run.state = 'done'
                  AND policy.revenue_source = %s
                  AND run.outlook->>'anchor' >= %s AND run.outlook->>'anchor' < %s
                ORDER BY run.outlook->>'anchor' DESC, run.completion DESC LIMIT 1""",
            self.company_id.id, self.policy_id.revenue_source,
            (anchor - timedelta(weeks=outlook.MEMORY_WEEKS)).isoformat(), anchor.isoformat(),
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

    @api.model
    def _forecast_summary(self, company):
        """Return in one sentence how the forecasts of a company's customers are made, False without any."""
        # sudo: numbers of customers, whoever they belong to
        counts = dict.fromkeys(SUMMARY.values(), 0)
        for method, number in self.env["customer.value"].sudo()._read_group(
            [("company_id", "=", company.id), ("has_prediction", "=", True)], ["clv_method"], ["__count"],
        ):
            counts[SUMMARY[method]] += number
        texts = {
            "model": self.env._("%s by the model"),
            "steady": self.env._("%s by their regular rhythm"),
            "rule": self.env._("%s by the simple rule"),
        }
        parts = [texts[name] % number for name, number in counts.items() if number]
        if not parts:
            return False
        return self.env._(
            "Forecasts: %(total)s customers, %(parts)s", total=sum(counts.values()), parts=", ".join(parts)
        )
