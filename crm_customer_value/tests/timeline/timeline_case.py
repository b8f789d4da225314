from datetime import date, datetime

from odoo import Command
from odoo.tests import new_test_user

from ..common import CustomerValueCase, channel


class TimelineCase(CustomerValueCase):
    """A bakery with a contact, people with each right, and a maker for each kind of entry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.there = cls._make_company("Timeline Other Company")
        cls.env.user.company_ids |= cls.there
        cls.seller = cls._user("timeline_seller", "sales_team.group_sale_salesman", name="Selma")
        cls.colleague = cls._user("timeline_colleague", "sales_team.group_sale_salesman")
        cls.leader = cls._user("timeline_leader", "sales_team.group_sale_salesman_all_leads")
        cls.agent = cls._user("timeline_agent", "crm_customer_value.group_service_own")
        cls.clerk = cls._user("timeline_clerk", "base.group_user")
        cls.bakery = cls._partner("Timeline Bakery", is_company=True, user_id=cls.seller.id)
        cls.baker = cls._partner("Timeline Baker", parent_id=cls.bakery.id, function="Master Baker")
        cls.kiosk = cls._partner("Timeline Kiosk", is_company=True, user_id=cls.seller.id)
        cls.stages = cls.env["customer.lifecycle.stage"].create([
            {"name": f"Timeline {name}", "company_id": cls.company.id} for name in ("New", "Loyal")
        ])

    @classmethod
    def _user(cls, login, groups, company=None, **values):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)], tz="UTC",
            **values,
        )

    @classmethod
    def _as(cls, user, record):
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _page(self, partner=None, user=None, **arguments):
        return self._as(user or self.env.user, partner or self.bakery).get_timeline(**arguments)

    def _told(self, partner=None, user=None, **arguments):
        """Return the records that the first page tells of, as (kind, title)."""
        entries = self._page(partner, user, **arguments)["entries"]
        return [(entry["kind"], entry["title"]) for entry in entries]

    def _counts(self, user=None, partner=None):
        """Return the counts of the kinds that a user may read."""
        return {kind["name"]: kind["count"] for kind in self._page(partner, user)["kinds"]}

    @classmethod
    def _values_of(cls, partner=None, **values):
        return {"company_id": cls.company.id, "partner_id": (partner or cls.bakery).id, **values}

    @classmethod
    def _offer(cls, day=date(2025, 3, 12), partner=None, **values):
        return cls.env["customer.offer"].create(cls._values_of(partner, **{
            "date": day, "product_id": cls.product.id, "user_id": cls.seller.id, **values,
        }))

    @classmethod
    def _log(cls, moment=datetime(2025, 3, 5, 9), partner=None, code="phone", **values):
        return cls.env["customer.contact.log"].create(cls._values_of(partner, **{
            "date": moment, "channel_id": channel(cls.env, code), "direction": "in",
            "summary": "They want to bake more rye.", "user_id": cls.seller.id, **values,
        }))

    @classmethod
    def _note(cls, day=date(2025, 3, 4), partner=None, **values):
        return cls.env["customer.contact.note"].create(cls._values_of(partner, **{
            "text": "Never call before ten.", "date": day, "user_id": cls.seller.id, **values,
        }))

    @classmethod
    def _life_event(cls, day=date(2025, 3, 3), partner=None, **values):
        return cls.env["customer.life.event"].create(cls._values_of(partner, **{
            "name": "Moved to the harbor", "kind": "moved", "date": day, "user_id": cls.seller.id, **values,
        }))

    @classmethod
    def _move(cls, day=date(2025, 3, 2), old=False, **values):
        return cls.env["customer.lifecycle.transition"].create(cls._values_of(**{
            "from_stage_id": old and old.id, "to_stage_id": cls.stages[1].id, "date": day, "reason": "manual",
            "note": "They came to stay", **values,
        }))

    @classmethod
    def _complaint(cls, moment=datetime(2025, 3, 6, 9), partner=None, **values):
        return cls.env["customer.complaint"].create(cls._values_of(partner, **{
            "name": "Oven is cold", "description": "<p>Since Monday.</p>", "date_received": moment,
            "severity": "high", "user_id": False, **values,
        }))

    @classmethod
    def _need(cls, day=date(2025, 3, 1), partner=None, **values):
        need_type = cls.env["customer.need.type"].create({"name": "Save energy", "dimension": "economic"})
        return cls.env["customer.need"].create(cls._values_of(partner, **{
            "type_id": need_type.id, "words": "The bill is too high.", "date": day, "user_id": cls.seller.id,
            "importance": 4, **values,
        }))

    @classmethod
    def _metric(cls):
        return cls.env["customer.benefit.metric"].create({
            "name": "Energy", "unit": "kWh", "direction": "lower", "money_per_unit": 2.0, "currency_id": cls.usd.id,
            "period": "month",
        })

    @classmethod
    def _goal(cls, day=date(2025, 2, 1), **values):
        return cls.env["customer.benefit.goal"].create(cls._values_of(**{
            "metric_id": cls._metric().id, "baseline": 90.0, "target": 60.0, "date_start": day,
            "date_target": date(2025, 12, 31), "user_id": cls.seller.id, **values,
        }))

    @classmethod
    def _measurement(cls, metric, **values):
        return cls.env["customer.benefit.record"].create(cls._values_of(**{
            "metric_id": metric.id, "date_from": date(2025, 2, 1), "date_to": date(2025, 2, 28), "baseline": 90.0,
            "value": 80.0, **values,
        }))

    @classmethod
    def _feedback(cls, moment=datetime(2025, 3, 8, 9), **values):
        return cls.env["customer.feedback"].create(cls._values_of(**{
            "scale": "csat", "about": "transaction", "state": "answered", "date_answered": moment, "score": 2,
            "points": 25.0, "comment": "Too slow.", "user_id": cls.seller.id, **values,
        }))

    @classmethod
    def _care(cls, day=date(2025, 3, 9), state="done", **values):
        rule = cls.env["customer.care.rule"].create({
            "name": "Birthdays", "company_id": cls.company.id, "action": "lead", "lead_name": "Birthday",
        })
        return cls.env["customer.care.log"].create(cls._values_of(**{
            "rule_id": rule.id, "occasion": f"birthday {day}", "name": "Ten years", "date": day, "state": state,
            "cost": 15.0, "user_id": cls.seller.id, **values,
        }))

    @classmethod
    def _effort(cls, day=date(2024, 9, 1), **values):
        return cls.env["customer.rescue"].create(cls._values_of(**{
            "kind": "win_back", "date": day, "reason": "price", "offer": "Ten percent", "cost": 20.0,
            "user_id": cls.seller.id, **values,
        }))

    @classmethod
    def _meeting(cls, moment=datetime(2025, 3, 7, 9), partners=None, user=None, **values):
        user = user or cls.seller
        return cls.env["calendar.event"].create({
            "name": "Tasting", "start": moment, "stop": moment, "user_id": user.id,
            "partner_ids": [Command.set((user.partner_id | (partners or cls.baker)).ids)], **values,
        })

    @classmethod
    def _import(cls, day=date(2025, 3, 10), partner=None, **values):
        return cls.env["customer.purchase.history"].create(cls._values_of(partner, **{
            "date": day, "amount": 250.0, "reference": "OLD-7", **values,
        }))
