"""What was done to reach the six goals: offers, actions, leads, efforts to keep customers and to win them back."""

import logging
import random
import time
from datetime import datetime, timedelta
from datetime import time as clock

from odoo.tools import SQL

from ..engine.care import held_out
from . import goals
from .customer_value_demo import NAMESPACE, load_named, quiet

_logger = logging.getLogger(__name__)

# A customer buys in a rhythm from so many purchases on.
RHYTHM = 3


def load(env):
    """Load a year of work towards the six goals, unless it is there."""
    if not env["customer.rescue"].search_count([("company_id", "=", env.ref("base.main_company").id)], limit=1):
        GoalDemo(quiet(env, mail_activity_quick_update=True)).create_all()


class GoalDemo:
    """What was offered, done and tried with the demo customers, up to the day they are loaded."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.today = env["customer.care.rule"]._today(env.company)
        self.admin = env.ref("base.user_admin")

    def create_all(self):
        """Create the past, then let the scheduled actions say what comes next."""
        begun = time.monotonic()
        offers = self._create_offers()
        actions = self._create_actions()
        efforts = self._create_efforts()
        self._create_leads()
        self.env["customer.product.neighbour"]._count_neighbours(self.company)
        offers += self._offer_lately()
        self._create_proposals()
        self.env["customer.rescue"]._note_results(self.company)
        self.env["customer.lead.estimate"]._learn(self.company)
        self._make_lists()
        _logger.info(
            "Customer goal demo data: %s offers, %s actions, %s efforts in %.1f s",
            offers, actions, efforts, time.monotonic() - begun,
        )

    def _customer(self, key):
        return self.env.ref(f"{NAMESPACE}.customer_{key}")

    def _homes(self):
        """Return the contacts who buy for their homes."""
        data = self.env["ir.model.data"].search([("module", "=", NAMESPACE), ("name", "=like", "home\\_%")])
        return self.env["res.partner"].browse(data.sorted("name").mapped("res_id"))

    def _day(self, days_ago):
        return self.today - timedelta(days=days_ago)

    def _is_held_out(self, customer):
        return held_out.place(self.company.id, customer.id) < self.company.care_held_out / 100

    def _make_lists(self):
        """Make the lists of today, as the scheduled action does after a recompute."""
        actions = self.env["customer.next.action"]
        actions._find(self.company, self.today)
        self.company.write({
            "next_action_date": self.today,
            "next_action_run": self.env["customer.value.run"]._last_full_run(self.company).id,
        })
        actions._deal(self.company, self.today)

    # ---- offers ------------------------------------------------------------------------

    def _create_offers(self):
        """Create what was offered, bought and refused in the last months; return how many offers there are."""
        rows = [
            self._offer_values(self._customer(key), product, day)
            for key, product, day in self._first_purchases()
        ]
        for row in goals.REFUSALS:
            product = self.env.ref(f"{NAMESPACE}.product_{row.product}")
            rows.append({
                **self._offer_values(self._customer(row.customer), product, self._day(row.days_ago)),
                "state": "refused", "refusal": row.reason, "note": row.words or False,
                "rest_until": self._day(row.days_ago - 365),
            })
        offers = self.env["customer.offer"].create(rows)
        self.env["customer.offer"]._note_taken(self.company)
        return len(offers)

    def _offer_values(self, customer, product, day):
        return {
            "company_id": self.company.id, "partner_id": customer.id, "product_id": product.id, "date": day,
            "user_id": (customer.user_id or self.admin).id,
        }

    def _first_purchases(self, share=goals.OFFERED_SHARE):
        """Yield which products somebody offered before the first purchase: (key, product, day of the offer).

        :param float share: which share of them
        """
        data = self.env["ir.model.data"].search([("module", "=", NAMESPACE), ("name", "=like", "customer\\_%")])
        keys = {row.res_id: row.name.removeprefix("customer_") for row in data}
        lines = self.env["sale.order.line"].search([
            ("company_id", "=", self.company.id), ("state", "=", "sale"), ("product_id", "!=", False),
            ("order_id.partner_id.commercial_partner_id", "in", list(keys)),
        ])
        first = {}
        for line in lines.sorted(lambda line: (line.order_id.date_order, line.id)):
            customer = line.order_id.partner_id.commercial_partner_id
            first.setdefault((customer, line.product_id), line.order_id.date_order.date())
        begun = {}
        for (customer, _product), day in first.items():
            begun[customer] = min(day, begun.get(customer, day))
        refused = {(row.customer, row.product) for row in goals.REFUSALS}
        for (customer, product), day in first.items():
            key = keys[customer.id]
            rng = random.Random(f"offer {key} {product.name}")
            offered = day - timedelta(days=rng.randint(*goals.OFFERED_BEFORE))
            named = any(product == self.env.ref(f"{NAMESPACE}.product_{name}") for who, name in refused if who == key)
            if (day > begun[customer] and offered >= self._day(goals.OFFERED_SINCE) and not named
                    and customer.active and rng.random() < share):
                yield key, product, offered

    def _create_proposals(self):
        """Find what to propose to whom, of which much was proposed before, and note what customers bought of it."""
        proposals = self.env["customer.offer.proposal"]
        self.env["customer.product.upgrade"]._count_upgrades(self.company)
        self.env["customer.product.gain"]._count_gains(self.company)
        proposals._propose(self.company)
        for proposal in proposals.search([("company_id", "=", self.company.id)]):
            proposal.date_first = self._day(random.Random(f"proposal {proposal.id}").randint(*goals.PROPOSED_DAYS))
        proposals.create([
            {
                "company_id": self.company.id, "partner_id": self._customer(key).id, "product_id": product.id,
                "date_first": day, "date": day, "is_current": False, "is_compared": True,
                "is_held_out": self._is_held_out(self._customer(key)),
            }
            for key, product, day in self._first_purchases(share=1)
        ])
        proposals._note_results(self.company, self.today)

    def _offer_lately(self):
        """Offer the best to some customers, who have not answered yet; return how many offers there are."""
        offers = self.env["customer.offer"]
        for key, days_ago in goals.OPEN_OFFERS:
            customer = self._customer(key)
            offer = offers._offer(customer, offers._best(customer, number=1, company=self.company)[customer.id])
            offer.write({"date": self._day(days_ago), "user_id": customer.user_id.id})
            offers |= offer
        return len(offers)

    # ---- actions -----------------------------------------------------------------------

    def _create_actions(self):
        """Create what was on lists for people who buy for their homes; return how many actions that is.

        Each was due once, as many days after the last purchase as usually lie between two.
        """
        rows = []
        purchases = self.env["customer.purchase.history"].search([
            ("company_id", "=", self.company.id), ("partner_id", "in", self._homes().ids),
        ]).grouped("partner_id")
        for home in self._homes():
            days = sorted(set(purchases.get(home, self.env["customer.purchase.history"]).mapped("date")))
            found = self._due_once(days)
            if found:
                rows.append(self._action_values(home, *found))
        actions = self.env["customer.next.action"].create(rows)
        actions._note_results(self.company, self.today)
        return len(actions)

    def _due_once(self, days):
        """Return (last purchase, usual gap) of the day on which the next order of somebody was due, or None."""
        first, last = (self._day(days_ago) for days_ago in reversed(goals.CALLED_DAYS))
        for number in range(len(days), RHYTHM - 1, -1):
            known = days[:number]
            gap = round((known[-1] - known[0]).days / (number - 1))
            due = known[-1] + timedelta(days=gap)
            following = days[number] if number < len(days) else self.today
            if first <= due <= last and due <= following:
                return known[-1], gap
        return None

    def _action_values(self, home, last, gap):
        """Return the values of what is over: done, not useful, settled by itself, or held out."""
        rng = random.Random(f"action {home.name}")
        due = last + timedelta(days=gap)
        is_held_out = self._is_held_out(home)
        throw = rng.random() * 100
        state = "done" if throw < goals.DONE else "not_useful" if throw < goals.DONE + goals.NOT_USEFUL else "gone"
        return {
            "company_id": self.company.id, "partner_id": home.id, "user_id": self.admin.id, "kind": "due",
            "worth": round(rng.uniform(5, 18), 2), "since": due,
            "facts": {"last": str(last), "gap": gap, "due": str(due)},
            "state": "held_out" if is_held_out else state,
            "reason": "small" if state == "not_useful" and not is_held_out else False,
            "is_current": False, "is_held_out": is_held_out, "is_compared": True, "date_waiting": due,
            "date_dealt": due, "date_first": due, "date_closed": due + timedelta(days=rng.randint(0, 2)),
        }

    # ---- efforts -----------------------------------------------------------------------

    def _create_efforts(self):
        """Create efforts whose end is known, and letters to people at home; return how many there are."""
        rows = [
            self._effort_values(
                self._customer(row.customer), row.kind, row.days_ago, row.reason, row.offer, row.cost
            )
            for row in goals.EFFORTS
        ]
        purchases = self.env["customer.purchase.history"].search([
            ("company_id", "=", self.company.id), ("partner_id", "in", self._homes().ids),
        ]).grouped("partner_id")
        day = self._day(goals.LETTER_DAYS)
        for home, own in purchases.items():
            before = [one for one in own.mapped("date") if one < day]
            if before and max(before) < day - timedelta(days=goals.LETTER_SILENCE):
                rows.append(self._effort_values(
                    home, "win_back", goals.LETTER_DAYS, "silence", goals.LETTER_OFFER, goals.LETTER_COST
                ))
        return len(self.env["customer.rescue"].create(rows))

    def _effort_values(self, customer, kind, days_ago, reason, offer, cost):
        is_held_out = self._is_held_out(customer)
        value = customer.customer_value_id
        years = max((value.last_purchase_date - value.first_purchase_date).days, 365) / 365
        past = value.margin_total / years
        return {
            "past_value": past, "expected_value": value.clv_12m,
            "worth": value.value_at_risk if kind == "keep" else past * self.company.rescue_win_back_chance / 100,
            "company_id": self.company.id, "partner_id": customer.id, "kind": kind, "date": self._day(days_ago),
            "state": "held_out" if is_held_out else "done", "user_id": (customer.user_id or self.admin).id,
            "reason": reason, "offer": offer or False, "cost": 0.0 if is_held_out else cost,
        }

    # ---- leads -------------------------------------------------------------------------

    def _create_leads(self):
        """Create leads of people who are no customers yet, some of them recommended."""
        stage = self.env.ref("crm.stage_lead1")
        leads = load_named(self.env, "crm.lead", "lead", {
            row.key: {
                "name": row.name,
                "type": row.kind,
                "partner_name": row.company or False,
                "contact_name": row.contact,
                "email_from": f"{row.contact.lower().replace(' ', '.')}@example.com",
                "country_id": self.env.ref(f"base.{row.country}").id,
                "user_id": row.salesperson and self.env.ref(f"base.user_{row.salesperson}").id,
                "referred_by_id": row.friend and self._customer(row.friend).id,
                "stage_id": stage.id,
                "company_id": self.company.id,
            }
            for row in goals.LEADS
        })
        for row in goals.LEADS:
            leads[row.key].probability = row.probability
        self.env.flush_all()
        for row in goals.LEADS:
            # They were asked some days ago, and nobody has touched them since.
            self.env.cr.execute(SQL(
                "UPDATE crm_lead SET create_date = %(day)s, date_last_stage_update = %(day)s,"
                " date_open = CASE WHEN user_id IS NOT NULL THEN %(day)s::timestamp END WHERE id = %(lead)s",
                day=datetime.combine(self._day(row.days_ago), clock(10)), lead=leads[row.key].id,
            ))
        self.env["crm.lead"].invalidate_model(["create_date", "date_open", "date_last_stage_update"])
