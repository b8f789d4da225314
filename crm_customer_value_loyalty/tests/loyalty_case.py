from datetime import datetime, time

from odoo.fields import Command

from odoo.addons.crm_customer_value.tests.common import CustomerValueCase


class LoyaltyCase(CustomerValueCase):
    """A shop with a gift card program, an eWallet and goods for 100 that cost 60."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._product("Goods", 100.0, standard_price=60.0)
        cls.gift_product = cls._product("Gift Card 50", 50.0)
        cls.top_up = cls._product("Top-Up", 80.0)
        cls.gift_cards = cls._payment_program("gift_card", cls.gift_product, reward_point_split=True)
        cls.wallets = cls._payment_program("ewallet", cls.top_up)

    @classmethod
    def _product(cls, name, price, **values):
        return cls.env["product.product"].create({
            "name": name, "type": "service", "invoice_policy": "order", "list_price": price, "taxes_id": False,
            **values,
        })

    @classmethod
    def _program(cls, program_type, rule=None, reward=None, **values):
        return cls.env["loyalty.program"].create({
            "name": program_type, "program_type": program_type, "company_id": cls.company.id,
            "rule_ids": [Command.clear(), Command.create(rule or {})],
            "reward_ids": [Command.clear(), Command.create(reward or {})],
            **values,
        })

    @classmethod
    def _payment_program(cls, program_type, product, **rule):
        return cls._program(
            program_type,
            {
                "reward_point_amount": 1, "reward_point_mode": "money", "product_ids": [Command.set(product.ids)],
                "minimum_qty": 0, **rule,
            },
            {
                "reward_type": "discount", "discount_mode": "per_point", "discount": 1,
                "discount_applicability": "order", "required_points": 1,
            },
            applies_on="future", trigger="auto",
        )

    @classmethod
    def _card(cls, program, points, partner=None, **values):
        return cls.env["loyalty.card"].create({
            "program_id": program.id, "points": points, "partner_id": partner.id if partner else False, **values,
        })

    @classmethod
    def _quotation(cls, partner, *lines, company=None, **values):
        """Make a quotation of lines: a product, or (product, values of the line)."""
        company = company or cls.company
        lines = [line if isinstance(line, tuple) else (line, {}) for line in lines]
        return cls.env["sale.order"].with_company(company).create({
            "partner_id": partner.id, "company_id": company.id, **values,
            "order_line": [Command.create({"product_id": product.id, **line}) for product, line in lines],
        })

    @classmethod
    def _pay(cls, order, card):
        """Pay with a card as far as it reaches: with the code of a gift card, or with one's own eWallet."""
        if card.program_type == "gift_card":
            claimable = order._try_apply_code(card.code)
            assert card in claimable, claimable
        else:
            order._update_programs_and_rewards()
            claimable = order._get_claimable_rewards()
        error = order._apply_program_reward(claimable[card][:1], card)
        assert not error, error

    @classmethod
    def _confirm(cls, order, ago):
        order.action_confirm()
        order.date_order = datetime.combine(cls._day(ago), time(12))
        return order

    @classmethod
    def _buy(cls, partner, *lines, ago=10, cards=(), **values):
        """Confirm an order, paid with these cards one after the other."""
        order = cls._quotation(partner, *lines, **values)
        for card in cards:
            cls._pay(order, card)
        return cls._confirm(order, ago)

    def _read(self, partner, *names, company=None):
        value = self._value(partner, company)
        return [value[name] for name in names] if value else None

    def _bought(self, partner, company=None):
        """Return revenue, margin, purchases, purchase days and last purchase of a customer; None for no value."""
        return self._read(
            partner, "revenue_total", "margin_total", "order_count", "purchase_days", "last_purchase_date",
            company=company,
        )
