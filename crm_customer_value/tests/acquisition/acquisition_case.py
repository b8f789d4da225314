from odoo import Command
from odoo.tests import new_test_user

from ..common import CustomerValueCase


class AcquisitionCase(CustomerValueCase):
    """A company with customers whose first year is over, of two sources."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Companies of demo data are not learned from, and shared leads have one company to go by.
        cls.env["customer.lead.estimate"].sudo().search([]).unlink()
        cls.env["crm.lead"].search([("company_id", "=", False)]).active = False
        cls.fair, cls.web, cls.rare = cls.env["utm.source"].create([
            {"name": "Fair of the Test"}, {"name": "Web of the Test"}, {"name": "Rare of the Test"},
        ])
        cls.estimates = cls.env["customer.lead.estimate"]
        cls.seller = cls._user("acquisition_seller", "sales_team.group_sale_salesman")
        cls.boss = cls._user("acquisition_boss", "sales_team.group_sale_salesman_all_leads")

    @classmethod
    def _user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    @classmethod
    def _bought(cls, amounts, source=None, *, ago=500, margin=True, **values):
        """Return customers who bought once, so long ago: the first year is over; with a source, by a won opportunity.

        :param amounts: the margin of each, which is half of what it paid
        """
        customers = cls.env["res.partner"].create([
            {"name": f"Alike {number}", "is_company": True, **values} for number in range(len(amounts))
        ])
        cls.env["customer.purchase.history"].create([
            {
                "partner_id": customer.id, "company_id": cls.company.id, "date": cls._day(ago),
                "amount": 2 * amount, **({"margin": amount, "has_margin": True} if margin else {}),
            }
            for customer, amount in zip(customers, amounts, strict=True)
        ])
        if source:
            cls.env["crm.lead"].create([
                {
                    "name": "Won", "type": "opportunity", "partner_id": customer.id, "source_id": source.id,
                    "company_id": cls.company.id, "probability": 100,
                    "stage_id": cls.env["crm.stage"].search([("is_won", "=", True)], limit=1).id,
                }
                for customer in customers
            ])
        return customers

    @classmethod
    def _two_sources(cls):
        """30 customers of the fair brought 290 or 310 in their first year, 30 of the web 90 or 110."""
        cls._bought([290, 310] * 15, cls.fair)
        cls._bought([90, 110] * 15, cls.web)
        return cls.estimates._learn(cls.company)

    @classmethod
    def _lead(cls, **values):
        return cls.env["crm.lead"].create({
            "name": "Somebody new", "type": "opportunity", "company_id": cls.company.id, "partner_name": "New Ltd",
            "country_id": False, **values,
        })
