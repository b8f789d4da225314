import csv
import logging
import time
from datetime import datetime, timedelta
from datetime import time as clock

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tools.misc import file_open

from . import plan
from .customer_home_demo import HomeDemo

_logger = logging.getLogger(__name__)

MODULE = "crm_customer_value"
# External ids of their own: orders and invoices hold on to these records, so an uninstall that
# took them for its own would try to delete each of them, in vain and with an error in the log.
NAMESPACE = "__demo_customer_value__"
# Invoices a customer gets, of its latest orders; enough to tell who pays in time.
INVOICES_PER_CUSTOMER = 3
# Orders between these ages get an invoice: its 30 days are over and it is in the window.
INVOICED_DAYS = (35, 360)
# Month ends that the trend and the migration of the demo show.
MONTH_ENDS = 12
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "no_reset_password": True,
}


def load(env):
    """Load customers and what they buy into the main company, unless they are there."""
    if not env.ref(f"{NAMESPACE}.product_beans", raise_if_not_found=False):
        ValueDemo(quiet(env)).create_all()


def quiet(env, **context):
    """Return the environment of the main company in which nobody is told of anything."""
    return env.user.with_company(env.ref("base.main_company")).with_context(**QUIET, **context).env


def load_named(env, model, prefix, values):
    """Create records with external ids; return them by key.

    :param dict values: {key: values of the record}
    """
    records = env[model]._load_records([
        {"xml_id": f"{NAMESPACE}.{prefix}_{key}", "values": vals, "noupdate": True}
        for key, vals in values.items()
    ])
    return dict(zip(values, records, strict=True))


class ValueDemo:
    """Customers who buy in every way there is, up to the day they are loaded."""

    def __init__(self, env):
        self.env = env

    def create_all(self):
        """Create customers, orders, invoices and payments, then compute the values."""
        begun = time.monotonic()
        with file_open(f"{MODULE}/demo/customers.csv") as source:
            rows = list(csv.DictReader(source))
        products = self._create_products()
        partners = self._create_partners(rows)
        HomeDemo(self.env, self._day(0), load_named).create_all()
        orders = self._create_orders(rows, partners, products)
        invoices = self._create_invoices(rows, partners, orders)
        for row in rows:
            if row["behaviour"] == "closed":
                partners[row["key"]].active = False
        self._compute_values()
        self._pin(partners[plan.PINNED])
        _logger.info(
            "Customer value demo data: %s partners, %s orders, %s invoices in %.1f s",
            len(rows), len(orders), len(invoices), time.monotonic() - begun,
        )

    def _compute_values(self):
        """Compute the last month ends in order, so that customers have moved, and then today."""
        company = self.env.company
        last = self.env["customer.value.snapshot"]._last_month_end(company)
        for months in reversed(range(MONTH_ENDS)):
            self.env["customer.value.run"]._recompute(company, as_of=last - relativedelta(months=months, day=31))
        self.env["customer.value.run"]._recompute(company)

    def _pin(self, customer):
        """Have somebody know better than the rules about one customer."""
        values = self.env["customer.value"].with_user(self.env.ref("base.user_admin"))
        value = values.search([("partner_id", "=", customer.id), ("company_id", "=", self.env.company.id)])
        stage = self.env.ref(f"{MODULE}.customer_lifecycle_stage_core")
        value._pin_stage(stage, "Signed a supply contract, first delivery next month", self._day(-60))

    # ---- master data -------------------------------------------------------------------

    def _create_products(self):
        """Return the products by key."""
        categories = load_named(self.env, "product.category", "category", {
            key: {"name": name} for key, name in plan.CATEGORIES.items()
        })
        return load_named(self.env, "product.product", "product", {
            key: {
                "name": name,
                "type": kind,
                "categ_id": categories[category].id,
                "list_price": price,
                "standard_price": cost,
                "invoice_policy": "order",
            }
            for key, (name, kind, category, price, cost, _highest) in plan.PRODUCTS.items()
        })

    def _create_partners(self, rows):
        """Return customers and their contacts by key."""
        terms = self.env.ref("account.account_payment_term_30days", raise_if_not_found=False)
        customers, contacts = (
            {
                row["key"]: self._partner_values(row, terms, number)
                for number, row in enumerate(rows) if bool(row["parent"]) is child
            }
            for child in (False, True)
        )
        partners = load_named(self.env, "res.partner", "customer", customers)
        for row in rows:
            if row["parent"]:
                contacts[row["key"]]["parent_id"] = partners[row["parent"]].id
        partners |= load_named(self.env, "res.partner", "contact", contacts)
        for row in rows:
            if row["currency"]:
                partners[row["key"]].specific_property_product_pricelist = self._pricelist(
                    row["currency"], partners[row["key"]].country_id
                )
        return partners

    def _partner_values(self, row, terms, number):
        """Return the values of one partner.

        :param int number: its place among all
        """
        values = {
            "name": row["name"],
            "country_id": self.env.ref(f"base.{row['country']}").id,
            "email": f"{row['key'].replace('_', '.')}@example.com",
        }
        values |= {name: row[name] for name in ("street", "city", "zip") if row[name]}
        if row["country"] == "us":
            # Numbers that are kept free for stories.
            values["phone"] = f"+1 212-555-01{number:02}"
        if row["parent"]:
            return {**values, "type": row["kind"]}
        return {
            **values,
            "is_company": row["kind"] == "company",
            "ref": f"CV-{row['key'].upper().replace('_', '-')}",
            "industry_id": row["industry"]
            and self.env.ref(f"base.res_partner_industry_{row['industry']}").id,
            "user_id": row["salesperson"] and self.env.ref(f"base.user_{row['salesperson']}").id,
            "property_payment_term_id": terms and terms.id,
        }

    def _pricelist(self, code, country):
        """Return a pricelist for the customers of ``country`` who pay in the currency ``code``."""
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
        if not currency.rate_ids:
            self.env["res.currency.rate"].create({
                "currency_id": currency.id, "name": "2010-01-01", "rate": 0.8,
                "company_id": self.env.company.root_id.id,
            })
        currency.active = True
        group = self.env["res.country.group"].create({
            "name": country.name, "country_ids": [Command.link(country.id)],
        })
        return self.env["product.pricelist"].create({
            "name": f"{country.name} ({code})",
            "currency_id": currency.id,
            "company_id": self.env.company.id,
            "country_group_ids": [Command.link(group.id)],
        })

    # ---- orders ------------------------------------------------------------------------

    def _create_orders(self, rows, partners, products):
        """Return the confirmed orders of all customers, each on its day."""
        values = []
        for row in rows:
            if row["behaviour"] not in plan.BEHAVIOURS:
                continue
            customer = partners[row["key"]]
            buyers = [
                partners[other["key"]]
                for other in rows
                if other["parent"] == row["key"] and other["behaviour"] == "orders"
            ] or [customer]
            for purchase in plan.purchases(row["key"], row["behaviour"], len(buyers)):
                values.append(self._order_values(customer, buyers[purchase.buyer], purchase, products))
        orders = self.env["sale.order"].create(values)
        orders.action_confirm()
        # Confirming sets the day to today.
        for order, vals in zip(orders, values, strict=True):
            order.date_order = vals["date_order"]
        return orders

    def _order_values(self, customer, buyer, purchase, products):
        """Return the values of one order."""
        pricelist = customer.specific_property_product_pricelist
        day = self._day(purchase.days_ago)
        return {
            "company_id": self.env.company.id,
            "partner_id": buyer.id,
            "user_id": customer.user_id.id,
            "pricelist_id": pricelist.id,
            "date_order": datetime.combine(day, clock(purchase.hour)),
            "order_line": [
                Command.create({
                    "product_id": products[line.product].id,
                    "product_uom_qty": line.quantity,
                    "price_unit": self._price(products[line.product], pricelist.currency_id, day),
                    "discount": line.discount,
                })
                for line in purchase.lines
            ],
        }

    def _price(self, product, currency, day):
        """Return the list price, in the currency of a pricelist if there is one."""
        company = self.env.company
        return company.currency_id._convert(product.list_price, currency or company.currency_id, company, day)

    def _day(self, days_ago):
        """Return a day counted backwards from today, as the recompute counts."""
        policy = self.env["customer.value.policy"]._get_active(self.env.company)
        today = fields.Date.context_today(policy.with_context(tz=policy.tz))
        return today - timedelta(days=days_ago)

    # ---- invoices and payments ---------------------------------------------------------

    def _create_invoices(self, rows, partners, orders):
        """Invoice the latest orders of the customers who have a way to pay; return the invoices."""
        company = self.env.company
        if not company.chart_template:
            return self.env["account.move"]
        oldest, newest = self._day(INVOICED_DAYS[1]), self._day(INVOICED_DAYS[0])
        orders_of = orders.filtered(
            lambda order: oldest <= order.date_order.date() <= newest
        ).grouped(lambda order: order.partner_id.commercial_partner_id)
        payers = {}  # order: (customer's row, how many of its orders came before)
        for row in rows:
            own = orders_of.get(partners[row["key"]])
            if row["payer"] and own:
                for position, order in enumerate(own.sorted("date_order")[-INVOICES_PER_CUSTOMER:]):
                    payers[order] = (row, position)
        invoices = self.env["sale.order"].concat(*payers)._create_invoices(grouped=True)
        returned, delays = self.env["account.move"], []
        for invoice in invoices:
            order = invoice.invoice_line_ids.sale_line_ids.order_id
            row, position = payers[order]
            invoice.invoice_date = order.date_order.date() + timedelta(days=1)
            if row["returns"] and not position:
                returned |= invoice
            habit = plan.PAYERS[row["payer"]]
            delays.append(habit[position % len(habit)])
        invoices.action_post()
        self._credit(returned)
        self._pay(invoices, delays)
        return invoices

    def _credit(self, invoices):
        """Credit one piece of the first line of each invoice, a week after it."""
        notes = self.env["account.move"].create([
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "currency_id": invoice.currency_id.id,
                "invoice_date": invoice.invoice_date + timedelta(days=7),
                "invoice_user_id": invoice.invoice_user_id.id,
                "reversed_entry_id": invoice.id,
                "ref": f"Returned goods, {invoice.name}",
                "invoice_line_ids": [Command.create({
                    "product_id": line.product_id.id,
                    "quantity": 1,
                    "price_unit": line.price_unit,
                    "discount": line.discount,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                })],
            }
            for invoice in invoices
            for line in invoice.invoice_line_ids[:1]
        ])
        notes.action_post()
        self._reconcile(notes, invoices)

    def _pay(self, invoices, delays):
        """Register a payment for each invoice, so many days after it is due; None is never."""
        today = self._day(0)
        journal = self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(self.env.company), ("type", "=", "bank")],
            limit=1,
        )
        paid, values = [], []
        for invoice, delay in zip(invoices, delays, strict=True):
            if delay is None or not invoice.amount_residual:
                continue
            day = invoice.invoice_date_due + timedelta(days=delay)
            if day <= today:
                paid.append(invoice)
                values.append({
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": invoice.commercial_partner_id.id,
                    "amount": invoice.amount_residual,
                    "currency_id": invoice.currency_id.id,
                    "date": day,
                    "journal_id": journal.id,
                    "memo": invoice.name,
                })
        payments = self.env["account.payment"].create(values)
        payments.action_post()
        self._reconcile(payments.move_id, paid)

    def _reconcile(self, moves, invoices):
        """Settle each invoice with the payment or credit note of the same position."""
        self.env["account.move.line"]._reconcile_plan([
            (move | invoice).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
            )
            for move, invoice in zip(moves, invoices, strict=True)
        ])
