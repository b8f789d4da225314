from datetime import datetime, time
from uuid import uuid4

from odoo.fields import Command, Datetime

from odoo.addons.crm_customer_value.tests.common import CustomerValueCase


class PosCase(CustomerValueCase):
    """A company with a shop: sessions, orders, returns and invoices go the way that a cash register takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.env.user.group_ids |= cls.env.ref("point_of_sale.group_pos_manager")
        cls.env = cls.env(context={**cls.env.context, "generate_pdf": False})
        cls.tax = cls.env["account.tax"].create({
            "name": "Tax 25%", "amount": 25, "price_include_override": "tax_excluded", "company_id": cls.company.id,
        })
        cls.product.write({"available_in_pos": True, "standard_price": 60.0})
        cls.config = cls._make_config("Shop")
        cls.session = cls._open(cls.config)
        cls.customer = cls._partner("Customer", is_company=True)
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)

    @classmethod
    def _make_config(cls, name, company=None, currency=None):
        """Create a shop that takes cards."""
        company = company or cls.company
        journals = cls.env["account.journal"].with_company(company)
        values = {"company_id": company.id, "currency_id": currency and currency.id}
        bank = journals.create({"name": f"Bank {name}", "type": "bank", "code": f"B{name[:4]}", **values})
        sale = journals.create({"name": f"Sales {name}", "type": "sale", "code": f"S{name[:4]}", **values})
        method = cls.env["pos.payment.method"].with_company(company).create({
            "name": f"Card {name}", "journal_id": bank.id, "company_id": company.id,
        })
        return cls.env["pos.config"].with_company(company).create({
            "name": name, "company_id": company.id, "journal_id": sale.id, "invoice_journal_id": sale.id,
            "payment_method_ids": [Command.set(method.ids)],
            "down_payment_product_id": cls.env["product.product"].create({
                "name": "Down Payment", "type": "service", "available_in_pos": True, "taxes_id": False,
            }).id,
        })

    @classmethod
    def _open(cls, config):
        """Open a session of a shop."""
        config.with_company(config.company_id).open_ui()
        session = config.current_session_id
        session.set_opening_control(0, None)
        return session

    @classmethod
    def _line(cls, price, qty=1, product=None, tax=None, **values):
        """Return a line as the register sends it: amounts are positive in a return, too (see :meth:`_sell`)."""
        amount = price * qty
        taxes = tax.compute_all(price, quantity=qty) if tax else {}
        return {
            "product_id": (product or cls.product).id, "qty": qty, "price_unit": price, "discount": 0,
            "tax_ids": [Command.set(tax.ids if tax else [])],
            "price_subtotal": taxes.get("total_excluded", amount),
            "price_subtotal_incl": taxes.get("total_included", amount),
            "pack_lot_ids": [], "uuid": str(uuid4()), **values,
        }

    @classmethod
    def _receipt(
        cls, lines, partner=None, day=3, *, session=None, refund=False, state="paid", at=None, paid=None, **values
    ):
        """Return what the register sends to the server when an order is paid.

        :param list lines: see :meth:`_line`
        :param int day: how many days ago
        :param float paid: where it is not the total, as that is rounded
        """
        session = session or cls.session
        total = sum(line["price_subtotal_incl"] for line in lines)
        paid = total if paid is None else paid
        tax = total - sum(line["price_subtotal"] for line in lines)
        # The register turns the sign of the lines of a return.
        sign = -1 if refund else 1
        lines = [
            {**line, "price_subtotal": sign * line["price_subtotal"],
             "price_subtotal_incl": sign * line["price_subtotal_incl"]}
            for line in lines
        ]
        at = at or datetime.combine(cls._day(day), time(12))
        payments = [Command.create({
            "amount": paid, "name": at, "payment_method_id": session.config_id.payment_method_ids[:1].id,
        })] if state == "paid" else []
        return {
            "amount_paid": paid if payments else 0, "amount_return": 0, "amount_tax": tax, "amount_total": total,
            "date_order": Datetime.to_string(at), "fiscal_position_id": False, "is_refund": refund,
            "lines": [Command.create(line) for line in lines], "name": "Order", "payment_ids": payments,
            "partner_id": (cls.customer if partner is None else partner).id, "pricelist_id": False,
            "sequence_number": 1, "session_id": session.id, "state": state, "to_invoice": False,
            "user_id": cls.env.uid, "uuid": str(uuid4()), "last_order_preparation_change": "{}", **values,
        }

    @classmethod
    def _sell(cls, lines, partner=None, day=3, *, session=None, **values):
        """Send an order to the server and return it; the parameters are those of :meth:`_receipt`."""
        session = session or cls.session
        receipt = cls._receipt(lines, partner, day, session=session, **values)
        cls.env["pos.order"].with_company(session.company_id).sync_from_ui([receipt])
        return cls.env["pos.order"].search([("uuid", "=", receipt["uuid"])])

    @classmethod
    def _take_back(cls, order, part=1, day=2, lines=None, **values):
        """Return all of an order, or a part of each line, at the register."""
        return cls._sell(
            [
                cls._line(
                    line.price_unit, -line.qty * part, line.product_id, line.tax_ids, refunded_orderline_id=line.id,
                )
                for line in lines or order.lines
            ],
            order.partner_id, day, refund=True, **values,
        )

    @classmethod
    def _close(cls, session):
        session.action_pos_session_closing_control()
        assert session.state == "closed"

    def _count_by(self, source):
        """Have the policy count sales orders or invoices."""
        return self.env["customer.value.policy"]._get_active(self.company)._renew({"revenue_source": source})

    def _marked(self):
        """Return the ids of the partners who are marked, and mark them no longer."""
        self.env.cr.precommit.run()
        return set().union(*self.env["customer.value.mark"]._take(1000).values())


    def _facts(self, partner=None):
        """Return what is known of a customer: purchases, revenue, margin."""
        self._recompute()
        value = self._value(partner or self.customer)
        return value.order_count, value.revenue_total, value.margin_total
