from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user

from ..common import CustomerValueCase


class OfferCase(CustomerValueCase):
    """A company with products, and customers who bought some of them, by imported purchases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("offer_seller", "sales_team.group_sale_salesman")
        cls.manager = cls._user("offer_manager", "sales_team.group_sale_manager")
        cls.near = cls.env["customer.product.neighbour"]
        cls.offers = cls.env["customer.offer"]

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)]
        )

    @classmethod
    def _products(cls, *names, **values):
        return cls.env["product.product"].create([
            {"name": name, "type": "consu", "list_price": 100.0, "taxes_id": False, **values} for name in names
        ])

    @classmethod
    def _customers(cls, number):
        return cls.env["res.partner"].create([
            {"name": f"Offer Customer {place}", "is_company": True} for place in range(number)
        ])

    @classmethod
    def _buy(cls, customer, products, ago=10, *, amount=100.0, company=None, **line):
        """Let a customer buy some products on one day, or bring them back, by a negative amount."""
        return cls.env["customer.purchase.history"].sudo().create({
            "partner_id": customer.id, "company_id": (company or cls.company).id, "date": cls._day(ago),
            "amount": amount * len(products),
            "line_ids": [
                Command.create({"product_id": product.id, "product_name": product.name, "amount": amount, **line})
                for product in products
            ],
        })

    @classmethod
    def _night(cls):
        """Count neighbours, of this company only; commits of a test end nothing."""
        with patch.object(type(cls.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            cls.near._count_neighbours(cls.company)
        cls.env.invalidate_all()

    @classmethod
    def _counted(cls, company=None):
        """Return {(product, other): (score, in common, customers)} of what was counted."""
        return {
            (row.product_id.id, row.other_id.id): (round(row.score, 12), row.in_common, row.customers)
            for row in cls.near.search([("company_id", "=", (company or cls.company).id)])
        }

    @classmethod
    def _together(cls, number, *products):
        """Let so many new customers buy all of these products; return the customers."""
        customers = cls._customers(number)
        for customer in customers:
            cls._buy(customer, products)
        return customers

    @classmethod
    def _best_of(cls, customer, number=3, user=None, **arguments):
        """Return what is offered to one customer, as [Proposal]."""
        offers = cls.offers.with_user(user) if user else cls.offers
        found = offers._best(customer.with_env(offers.env), number, cls.company.with_env(offers.env), **arguments)
        return found.get(customer.commercial_partner_id.id, [])

    @classmethod
    def _best_products(cls, customer, number=3, **arguments):
        """Return the ids of the products that are offered to one customer."""
        return [proposal.product_id for proposal in cls._best_of(customer, number, **arguments)]
