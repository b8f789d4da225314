import logging
import time

from dateutil.relativedelta import relativedelta

from odoo import fields

from . import benefits
from .customer_value_demo import MODULE, NAMESPACE, load_named, quiet

_logger = logging.getLogger(__name__)


def load(env):
    """Load what the demo customers need and what they gained, unless it is there."""
    if not env.ref(f"{NAMESPACE}.metric_machine_faults", raise_if_not_found=False):
        BenefitDemo(quiet(env, mail_activity_quick_update=True)).create_all()


class BenefitDemo:
    """Needs, goals and measurements of the demo customers, up to the day they are loaded."""

    def __init__(self, env):
        self.env = env
        policy = env["customer.value.policy"]._get_active(env.company)
        self.today = fields.Date.context_today(policy.with_context(tz=policy.tz))

    def create_all(self):
        """Create needs, goals and measurements, have customers judge them, then compute the values."""
        begun = time.monotonic()
        metrics = load_named(self.env, "customer.benefit.metric", "metric", {
            key: {
                "name": name, "unit": unit, "direction": "lower", "money_per_unit": worth, "period": "month",
                "typical_min": typical[0], "typical_max": typical[1], "company_id": self.env.company.id,
                "currency_id": self.env.company.currency_id.id,
            }
            for key, (name, unit, worth, typical) in benefits.METRICS.items()
        })
        needs = self._create_needs()
        self._create_objections()
        self._create_goals(metrics)
        records = self._create_records(metrics)
        self.env["customer.value.run"]._recompute(self.env.company)
        _logger.info(
            "Customer benefit demo data: %s needs, %s measurements in %.1f s",
            len(needs), len(records), time.monotonic() - begun,
        )

    def _customer(self, key):
        """Return the contact of a key: a contact, a customer, or the one who logs in as "portal"."""
        if key == benefits.PORTAL:
            portal = self.env["res.users"].search([("login", "=", "portal")], limit=1).partner_id
            return portal or self.env.ref(f"{NAMESPACE}.customer_copper_kettle")
        return self.env.ref(f"{NAMESPACE}.customer_{key}")

    def _product(self, key):
        return bool(key) and self.env.ref(f"{NAMESPACE}.product_{key}").id

    def _responsible(self, customer):
        return (customer.user_id or self.env.ref("base.user_admin")).id

    def _day(self, days_ago):
        return self.today - relativedelta(days=days_ago)

    def _month(self, ago):
        """Return the first day of a month; 1 is the month before this one."""
        return self.today.replace(day=1) - relativedelta(months=ago)

    def _create_needs(self):
        needs = self.env["customer.need"]
        for row in benefits.NEEDS:
            customer = self._customer(row.customer)
            need = needs.create({
                "partner_id": customer.id,
                "type_id": self._type(row.kind).id,
                "words": row.words,
                "importance": row.importance,
                "is_guess": row.guess,
                "yardstick": row.yardstick,
                "source": row.source,
                "date": self._day(row.days_ago),
                "date_review": self._day(-row.review_in) if row.review_in else False,
                "product_categ_id": self.env.ref("product.product_category_goods", raise_if_not_found=False)
                and self.env.ref("product.product_category_goods").id,
                "user_id": self._responsible(customer),
            })
            if row.state != "open":
                need.write({"state": row.state, "product_id": self._product(row.product)})
                need.change_ids.filtered(lambda change, state=row.state: change.state == state).date = (
                    need.date_state
                ) = self._day(row.state_days_ago)
            needs |= need
        return needs

    def _create_objections(self):
        """Write down what kept customers from buying, and which answers helped."""
        answers = {
            key: self.env["customer.need.answer"].create({"type_id": self._type(kind).id, "text": text})
            for key, (kind, text) in benefits.ANSWERS.items()
        }
        for row in benefits.OBJECTIONS:
            customer = self._customer(row.customer)
            self.env["customer.need"].create({
                "partner_id": customer.id,
                "type_id": self._type(row.kind).id,
                "words": row.words,
                "date": self._day(row.days_ago),
                "answer_id": row.answer and answers[row.answer].id,
                "helped_said": row.helped,
                "user_id": self._responsible(customer),
            })

    def _type(self, kind):
        return self.env.ref(f"{MODULE}.customer_{kind}")

    def _create_goals(self, metrics):
        goals = self.env["customer.benefit.goal"]
        for row in benefits.GOALS:
            customer = self._customer(row.customer)
            goals |= goals.create({
                "partner_id": customer.id, "metric_id": metrics[row.metric].id,
                "baseline": row.baseline, "target": row.target,
                "date_start": self._month(row.started), "date_target": self._month(row.until) - relativedelta(days=1),
                "product_id": self._product(row.product), "plan": row.plan, "is_proposal": row.proposed,
                "user_id": self._responsible(customer),
            })
        return goals

    def _create_records(self, metrics):
        """Return the measurements, confirmed and contested as their customers did it."""
        records = self.env["customer.benefit.record"]
        products = {(goal.customer, goal.metric): goal.product for goal in benefits.GOALS}
        for row in benefits.SERIES:
            customer = self._customer(row.customer)
            measured = records.create([
                {
                    "partner_id": customer.id, "metric_id": metrics[row.metric].id, "baseline": row.baseline,
                    "value": value, "date_from": self._month(ago),
                    "product_id": self._product(products.get((row.customer, row.metric))),
                    "date_to": self._month(ago - 1) - relativedelta(days=1),
                }
                for ago, value in zip(range(len(row.values), 0, -1), row.values, strict=True)
            ])
            for record in measured[:row.confirmed]:
                record._confirm(customer)
            if row.contested:
                measured[-1:]._contest(customer, row.contested)
            records |= measured
        return records
