from odoo.http import request, route

from .benefit_forms import GoalForm
from .benefit_pages import BenefitPages

MODEL = "customer.benefit.goal"


class BenefitGoals(BenefitPages):
    """Goals that customers propose."""

    @route("/my/benefit/goals/new", type="http", auth="user", website=True, sitemap=False, methods=["GET", "POST"])
    def portal_benefit_goal(self, **post):
        """Ask for a goal; keep it as a proposal."""
        env = self._benefit_env()
        goals = env[MODEL]
        metrics = goals._customer_metrics(self._family(), request.env.company)
        taken = goals._customer_taken(self._family(), request.env.company)
        is_sent = request.httprequest.method == "POST"
        form = GoalForm(request.env, metrics, taken, post if is_sent else None)
        if is_sent:
            if goals._find_sent(form.input["key"]):
                return self._say_proposed()
            if form.check():
                form.take_room("account_goal")
            if not form.errors:
                goals._propose_by_customer(
                    self._myself(env), request.env.company, form.values(), form.input["words"],
                    form.input["key"],
                )
                return self._say_proposed()
        return self._render_benefit("portal_benefit_goal", "benefit_goal", form=form, metrics=metrics - taken)

    def _say_proposed(self):
        return self._say(request.env._("Thank you. We will look at your goal and answer you."))
