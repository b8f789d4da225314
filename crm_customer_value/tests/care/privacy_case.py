from datetime import datetime, time

from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import CustomerValueCase, channel


class PrivacyCase(CustomerValueCase):
    """A customer with two contacts, about whom something of each kind is kept, in each of two companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls._make_company("Far Company")
        cls.env.user.company_ids |= cls.far
        cls.customer = cls._partner("Archer Ltd", is_company=True)
        cls.anna, cls.bert = (
            cls._partner(f"{name} Archer", parent_id=cls.customer.id, email=f"{name.lower()}.archer@example.com")
            for name in ("Anna", "Bert")
        )
        cls.manager = cls._user("manager")
        cls.care_rules = {
            company: cls.env["customer.care.rule"].create({
                "name": f"Thanks {company.name}", "company_id": company.id, "action": "lead", "lead_name": "Thanks",
            })
            for company in (cls.company, cls.far)
        }
        cls.kept = cls._keep(cls.anna)
        cls.others = cls._keep(cls.bert)
        cls.elsewhere = cls._keep(cls.anna, cls.far)

    @classmethod
    def _user(cls, name, groups="crm_customer_value.group_service_manager", company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, f"privacy_{name}", groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _keep(cls, contact, company=None, days=10, occasion="thanks"):
        """Keep something of each kind about a contact, of so many days ago; return {model: record}."""
        company, day = company or cls.company, cls._day(days)
        moment = datetime.combine(day, time(12))
        values = {
            "customer.contact.log": {
                "channel_id": channel(cls.env, "phone"), "date": moment, "summary": "Called about the lamp",
            },
            "customer.contact.note": {"text": "Do not call before nine"},
            "customer.life.event": {"kind": "moved", "name": "Moved to Lyon", "date": day},
            "customer.feedback": {
                "scale": "nps", "about": "company", "state": "answered", "score": 9, "points": 90.0,
                "date_answered": moment, "comment": "Quick and kind",
            },
            "customer.care.log": {
                "rule_id": cls.care_rules[company].id, "occasion": occasion, "name": "Thanks", "date": day,
            },
            "customer.rescue": {"kind": "win_back", "date": day, "offer": "Ten percent"},
        }
        return {
            model: cls.env[model].sudo().create({"partner_id": contact.id, "company_id": company.id, **vals})
            for model, vals in values.items()
        }

    def _left(self, kept):
        """Return the models of which records are left."""
        return {model for model, record in kept.items() if record.exists()}
