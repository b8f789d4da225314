import re

from odoo import fields
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .benefit_forms import ContestForm, FigureForm
from .benefit_pages import HOME, BenefitPages

MODEL = "customer.benefit.record"
PER_PAGE = 24
PAGE_OF_FIGURES = re.compile(rf"{HOME}/metrics/\d+(/page/\d+)?", re.ASCII)


class BenefitFigures(BenefitPages):
    """Single figures: the customer reads them, says that one is right or wrong, and adds one."""

    @route(
        ["/my/benefit/metrics/<int:metric_id>", "/my/benefit/metrics/<int:metric_id>/page/<int:page>"],
        type="http", auth="user", website=True, sitemap=False, methods=["GET"],
    )
    def portal_benefit_metric(self, metric_id, page=1, **kw):
        """Show the figures of a metric, the latest first."""
        env = self._benefit_env()
        records = env[MODEL]
        own = [("metric_id", "=", metric_id), *records._customer_domain(self._family(), request.env.company)]
        count = records.search_count(own) if 0 < metric_id < 2**31 else 0
        if not count:
            return self._say_gone()
        url = f"/my/benefit/metrics/{metric_id}"
        pager = portal_pager(url=url, total=count, page=page, step=PER_PAGE)
        found = records.search(own, limit=PER_PAGE, offset=pager["offset"])
        metric = env["customer.benefit.metric"].browse(metric_id)
        return self._render_benefit(
            "portal_benefit_metric", "benefit_metric", metric_name=metric.name, metric_id=metric_id,
            worth=metric._customer_worth(), figures=found._customer_values(), pager=pager, back=pager["page"]["url"],
        )

    def _back(self, back):
        """Return the page that an action came from: one of these, whatever a form says."""
        path = str(back or "")
        return path if PAGE_OF_FIGURES.fullmatch(path) else HOME

    @route(
        "/my/benefit/figures/<int:record_id>/confirm",
        type="http", auth="user", website=True, sitemap=False, methods=["POST"],
    )
    def portal_benefit_confirm(self, record_id, mark="", back="", **kw):
        """Take that a figure is right, if it is still the one that the customer saw."""
        record = self._find_own(self._benefit_env(), MODEL, record_id)
        url = self._back(back)
        if not record:
            return self._say_gone(url)
        if record.state == "confirmed":
            return self._say(request.env._("Thank you. This figure is confirmed."), url=url)
        if record._customer_mark() != mark:
            return self._say(
                request.env._("This figure has changed in the meantime. Please look at it again."), "warning", url
            )
        full = self._take_room("account_figure")
        if full:
            return self._say(full, "danger", url)
        record._confirm(self._myself(record.env))
        return self._say(request.env._("Thank you. This figure is confirmed."), url=url)

    @route(
        "/my/benefit/metrics/<int:metric_id>/confirm",
        type="http", auth="user", website=True, sitemap=False, methods=["POST"],
    )
    def portal_benefit_confirm_page(self, metric_id, back="", **kw):
        """Take that all figures of a page are right: those that are still what the customer saw."""
        env = self._benefit_env()
        url = self._back(back)
        # A form holds a mark for each figure of the page, and no more of them than a page has.
        seen = dict(
            figure.partition(":")[::2] for figure in request.httprequest.form.getlist("figure")[:PER_PAGE]
        )
        asked = env[MODEL]._customer_asked_domain(self._family(), request.env.company)
        ids = [int(number) for number in seen if number.isascii() and number.isdecimal() and len(number) < 10]
        records = env[MODEL].search(asked & Domain("id", "in", ids) & Domain("metric_id", "=", metric_id))
        records = records.filtered(lambda record: record._customer_mark() == seen[str(record.id)])
        if not records:
            return self._say_gone(url)
        full = self._take_room("account_figure")
        if full:
            return self._say(full, "danger", url)
        records._confirm(self._myself(env))
        return self._say(request.env._("Thank you. These figures are confirmed."), url=url)

    @route(
        "/my/benefit/figures/<int:record_id>/contest",
        type="http", auth="user", website=True, sitemap=False, methods=["GET", "POST"],
    )
    def portal_benefit_contest(self, record_id, back="", **post):
        """Ask what is wrong with a figure; take the answer."""
        record = self._find_own(self._benefit_env(), MODEL, record_id)
        url = self._back(back)
        if not record:
            return self._say_gone(url)
        if record.state == "contested":
            return self._say(request.env._("Thank you. We are looking into this figure already."), url=url)
        is_sent = request.httprequest.method == "POST"
        form = ContestForm(request.env, post)
        if is_sent:
            if form.input["mark"] != record._customer_mark():
                # The form shows the figure as it is now, and what the customer wrote stays in it.
                form.errors["changed"] = request.env._(
                    "This figure has changed in the meantime. Please look at it again, and send your words once more "
                    "if it is still wrong."
                )
            elif form.check():
                form.take_room("account_figure")
            if not form.errors:
                record._contest(self._myself(record.env), form.input["words"])
                return self._say(request.env._(
                    "Thank you. We will look into it and answer you here. Until then the figure does not count."
                ), url=url)
        return self._render_benefit(
            "portal_benefit_contest", "benefit_contest", form=form, figure=record._customer_values()[0], back=url,
        )

    @route(
        "/my/benefit/goals/<int:goal_id>/figure",
        type="http", auth="user", website=True, sitemap=False, methods=["GET", "POST"],
    )
    def portal_benefit_add(self, goal_id, **post):
        """Ask for a figure of an open goal; keep it, unlikely ones once the customer says that they are right."""
        env = self._benefit_env()
        goal = self._find_own(env, "customer.benefit.goal", goal_id)
        if not goal:
            return self._say_gone()
        if not goal._customer_open():
            return self._say(request.env._(
                "This goal is no longer measured. Please call us if you have a figure for it."
            ), "warning")
        is_sent = request.httprequest.method == "POST"
        form = FigureForm(request.env, goal, post if is_sent else self._next_period(goal))
        if is_sent:
            if env[MODEL]._find_sent(form.input["key"]):
                return self._say_figure()
            if form.check():
                form.take_room("account_figure")
            if not form.errors:
                env[MODEL]._add_by_customer(goal, self._myself(env), form.values(), form.input["key"])
                return self._say_figure()
        return self._render_benefit(
            "portal_benefit_add", "benefit_add", form=form, goal=goal._customer_values()[0], goal_id=goal.id,
            today=fields.Date.to_string(fields.Date.context_today(goal)),
        )

    def _say_figure(self):
        return self._say(request.env._("Thank you. Your figure is here now, and counts."))

    def _next_period(self, goal):
        """Return the days that a form begins with: the first month without a figure, up to the one before this."""
        first, last = goal._customer_next_month()
        return {"date_from": fields.Date.to_string(first), "date_to": fields.Date.to_string(last)}
