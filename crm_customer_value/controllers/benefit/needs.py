from odoo.exceptions import UserError
from odoo.http import request, route

from ...models.benefit.customer_benefit_people import person_responsible
from ...models.need.customer_need_portal import CUSTOMER_STATES
from .benefit_forms import NeedChangeForm, NeedForm
from .benefit_pages import BenefitPages

MODEL = "customer.need"


class BenefitNeeds(BenefitPages):
    """What customers need, how much it matters, how they judge it, and whether it is met."""

    @route("/my/benefit/needs/new", type="http", auth="user", website=True, sitemap=False, methods=["GET", "POST"])
    def portal_benefit_need(self, **post):
        """Ask for a need; keep it."""
        env = self._benefit_env()
        needs = env[MODEL]
        types = needs._customer_types(self._family())
        is_sent = request.httprequest.method == "POST"
        form = NeedForm(request.env, types, post if is_sent else {"importance": "3"})
        if is_sent:
            if needs._find_sent(form.input["key"]):
                return self._say_need()
            if form.check():
                form.take_room("account_need")
            if not form.errors:
                partner, company = self._myself(env), request.env.company
                user = person_responsible(env["res.users"], partner, company)
                needs._state_by_customer(partner, company, form.values(), user, form.input["key"])
                return self._say_need()
        return self._render_benefit(
            "portal_benefit_need", "benefit_need", form=form, types=types, need=None,
            importances=needs._customer_importances(),
        )

    @route(
        "/my/benefit/needs/<int:need_id>", type="http", auth="user", website=True, sitemap=False,
        methods=["GET", "POST"],
    )
    def portal_benefit_need_change(self, need_id, **post):
        """Ask what has changed about a need; keep it."""
        env = self._benefit_env()
        need = self._find_own(env, MODEL, need_id)
        if not need:
            return self._say_gone()
        is_sent = request.httprequest.method == "POST"
        shown = need._customer_values()[0]
        form = NeedChangeForm(request.env, need, post if is_sent else {
            "importance": str(need.importance), "yardstick": need.yardstick or "", "state": need.state,
        })
        if is_sent:
            if form.check():
                form.take_room("account_need")
            if not form.errors and form.input["mark"] != shown["mark"]:
                if all((need[name] or "") == (value or "") for name, value in form.values().items()):
                    return self._say(request.env._("Thank you. Your changes are saved."))
                form.errors["changed"] = request.env._(
                    "This need has changed in the meantime. Now it says: %(state)s, %(importance)s. Please check what "
                    "you entered, and save it again.",
                    state=shown["state_text"], importance=shown["importance_text"],
                )
            if not form.errors:
                try:
                    need._change_by_customer(form.values())
                except UserError as error:
                    form.errors["state"] = str(error)
                else:
                    return self._say(request.env._("Thank you. Your changes are saved."))
        states = need._customer_states()
        return self._render_benefit(
            "portal_benefit_need", "benefit_need", form=form, types=need.type_id, need=shown,
            importances=need._customer_importances(),
            states={name: states[name] for name in CUSTOMER_STATES} if need.state in CUSTOMER_STATES else {},
        )

    def _say_need(self):
        return self._say(request.env._("Thank you. It helps us to know what matters to you."))
