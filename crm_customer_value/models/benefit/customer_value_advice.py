from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, formatLang

from ...engine.benefit import peers

PRODUCTS_SHOWN = 3


class CustomerValue(models.Model):
    """Room to gain: what a customer could still reach, as others of their industry did, and what it would be worth.

    The records of other customers go into it, and none of them shows: see ``engine/benefit/peers.py``.
    """

    _inherit = "customer.value"

    @api.model
    def _benefit_advice(self, company, customer):
        """Return what a customer could still gain: (list of advice, what to say where there is none or False).

        An advice is a dict: ``metric_id``, ``state`` (*room*, *best*, *few*, *uneven*), ``value``, ``sentence`` and,
        with room, ``target``, ``gap`` (in units), ``money`` (in a year, company currency; False: not known),
        ``products`` ([(id, name)]), ``goal_id`` (a goal that was agreed already, or False).

        :param customer: a commercial partner. Only metrics of records that the user may read are compared.
        """
        if not customer.industry_id:
            return [], self.env._(
                "Choose an industry for this customer. Then we can compare them with others of the same industry."
            )
        today = fields.Date.context_today(self)
        since = today - relativedelta(months=peers.MONTHS)
        compared = {}
        for metric_id, value, *group in self.env.execute_query(
            self._benefit_peers_sql(company, customer, since)
        ):
            compared.setdefault((metric_id, value), []).append(group)
        if not compared:
            return [], self.env._(
                "Nothing was measured in the last %s months. Add a measurement, and we compare it with others.",
                peers.MONTHS,
            )
        metrics = self.env["customer.benefit.metric"].browse(metric_id for metric_id, _value in compared)
        metrics.fetch(["name", "unit", "direction", "money_per_unit", "currency_id", "period"])
        found = []
        for (metric_id, value), groups in compared.items():
            group = peers.chosen(groups)
            found.append(self._benefit_comparison(metrics.browse(metric_id), value, group, company, today))
        room = [advice for advice in found if advice["state"] == "room"]
        products = self._benefit_products(company, customer, room, since)
        goals = self._benefit_agreed_goals(company, customer, today)
        for advice in room:
            advice["products"] = [
                (product.id, product.display_name) for product in products.get(advice["metric_id"], ())
            ]
            advice["goal_id"] = goals.get(advice["metric_id"], False)
        for advice in found:
            # Who the peers are is for nobody to read.
            del advice["better"], advice["hidden"]
            advice["sentence"] = self._benefit_sentence(advice, metrics.browse(advice["metric_id"]), company)
        order = {"room": 0, "best": 1, "few": 2, "uneven": 2}
        return sorted(found, key=lambda advice: (order[advice["state"]], -(advice.get("money") or 0))), False

    @api.model
    def _benefit_peers_sql(self, company, customer, since):
        """Return the SQL of :func:`peers_sql` with the rights of the user."""
        # Of the records of others, the columns are named in the engine.
        for model, names in (
            (
                "customer.benefit.record",
                ("company_id", "commercial_partner_id", "metric_id", "date_to", "value", "counts"),
            ),
            ("customer.benefit.metric", ("direction",)),
            ("customer.value", ("company_id", "partner_id", "revenue_12m")),
            ("res.partner", ("industry_id",)),
        ):
            self.env[model].flush_model(names)
        records = self.env["customer.benefit.record"]
        measured = Domain("company_id", "=", company.id) & Domain("counts", "=", True) & Domain("date_to", ">", since)
        own = records._search(measured & Domain("commercial_partner_id", "=", customer.id))
        readable = records._search(
            measured
            & Domain("metric_id", "in", own.subselect(records._field_to_sql(records._table, "metric_id", own)))
            & Domain("commercial_partner_id", "any!", Domain("industry_id", "=", customer.industry_id.id))
        )
        return peers.peers_sql(
            own.select(*(records._field_to_sql(records._table, name, own)
                         for name in ("metric_id", "value", "date_to", "id"))),
            readable.select(),
            company.id, customer.id, customer.industry_id.id, since,
        )

    @api.model
    def _benefit_comparison(self, metric, value, group, company, today):
        """Return how a customer stands in a metric, as a dict without its words.

        :param group: (number of peers, largest share, mean of the best, ids of the better half, whether hidden)
        """
        number, share, mean, better, hidden = group
        advice = {"metric_id": metric.id, "value": value, "number": number, "better": better, "hidden": hidden}
        target = peers.target_of(number, share, mean)
        if target is None:
            return advice | {"state": "few" if number < peers.PEERS_FROM else "uneven"}
        gap = value - target if metric.direction == "lower" else target - value
        if gap <= 0:
            return advice | {"state": "best"}
        money = metric.currency_id._convert(
            gap * metric.money_per_unit * peers.PERIODS_OF_YEAR[metric.period], company.currency_id, company, today
        )
        return advice | {"state": "room", "target": target, "gap": gap, "money": money or False}

    @api.model
    def _benefit_products(self, company, customer, room, since):
        """Return {metric id: products} that several customers who do well in it have, and this one lacks."""
        better = {advice["metric_id"]: advice["better"] for advice in room}
        if not better:
            return {}
        readable, hidden = set(), set()
        for advice in room:
            (hidden if advice["hidden"] else readable).update(advice["better"])
        bought = [
            *self._benefit_bought_sql(readable, company, since, "readable"),
            *self._benefit_bought_sql(hidden, company, since, "hidden"),
            *self._benefit_bought_sql({customer.id}, company, since, "all"),
        ]
        self.env["customer.benefit.metric"].flush_model(["product_ids"])
        self.env["product.product"].flush_model(["active", "product_tmpl_id"])
        self.env["product.template"].flush_model(["sale_ok"])
        rows = self.env.execute_query(
            peers.products_sql(better, SQL(" UNION ALL ").join(bought), customer.id, PRODUCTS_SHOWN)
        )
        readable_products = self.env["product.product"].search([("id", "in", [product for _metric, product in rows])])
        found = {}
        for metric, product in rows:
            if product in readable_products._ids:
                found.setdefault(metric, []).append(readable_products.browse(product))
        return found

    @api.model
    def _benefit_bought_sql(self, partner_ids, company, since, which):
        """Return the SQL of (customer, product) of what some customers bought, one for each kind of document.

        :param partner_ids: ids of commercial partners
        :param str which: documents that the user may read (*readable*), may not read (*hidden*), or *all*. For the same
            reason as records, what the user may read, and add to, is not counted with what is hidden.
        """
        found = []
        for model, (domain, partner_path, date_path) in self._benefit_product_documents().items():
            # sudo: several customers together tell what is used, and what this customer has is not offered again.
            mine, lines = self.env[model], self.env[model].sudo()
            may_read = mine.has_access("read")
            if not partner_ids or (which == "readable" and not may_read):
                continue
            domain &= (
                Domain("company_id", "=", company.id)
                & Domain("product_id", "!=", False)
                & Domain(date_path, ">", since)
                & Domain(f"{partner_path}.commercial_partner_id", "in", list(partner_ids))
            )
            if which == "readable":
                lines = mine
            elif which == "hidden" and may_read:
                domain &= Domain("id", "not in", mine._search(domain))
            query = lines._search(domain)
            partners, partner = lines._fields[partner_path].join(lines, lines._table, query)
            found.append(query.select(
                partners._field_to_sql(partner, "commercial_partner_id", query),
                lines._field_to_sql(lines._table, "product_id", query),
            ))
        return found

    @api.model
    def _benefit_product_documents(self):
        """Return which lines say that a customer has a product: {model: (which of them, contact, day)}.

        Extension point for other documents.
        """
        return {
            "sale.order.line": (
                Domain([("state", "=", "sale"), ("is_downpayment", "=", False), ("product_uom_qty", ">", 0)]),
                "order_partner_id", "order_id.date_order",
            ),
            "account.move.line": (
                Domain([
                    ("parent_state", "=", "posted"), ("display_type", "=", "product"),
                    ("move_id.move_type", "in", ("out_invoice", "out_receipt")), ("is_downpayment", "=", False),
                ]),
                "partner_id", "date",
            ),
            "customer.purchase.history.line": (Domain("amount", ">=", 0), "partner_id", "purchase_id.date"),
        }

    @api.model
    def _benefit_agreed_goals(self, company, customer, today):
        """Return {metric id: id of the goal} of the goals that were agreed and are still open."""
        goals = self.env["customer.benefit.goal"].search_fetch([
            ("company_id", "=", company.id), ("commercial_partner_id", "=", customer.id),
            ("state", "not in", ("reached", "missed")), ("date_target", ">=", today),
        ], ["metric_id"])
        return {goal.metric_id.id: goal.id for goal in goals}

    @api.model
    def _benefit_sentence(self, advice, metric, company):
        """Return an advice in words that one can say to the customer."""
        number = advice["number"]
        values = {
            "metric": metric.name,
            "unit": metric.unit,
            "value": self._benefit_number(advice["value"]),
            "target": self._benefit_number(advice.get("target")),
            "number": number,
            "needed": peers.PEERS_FROM,
        }
        if advice["state"] == "few" and not number:
            return self.env._(
                "%(metric)s: no other customer of this industry is measured yet. A comparison takes %(needed)s.",
                **values,
            )
        if advice["state"] == "few":
            return self.env._(
                "%(metric)s: only %(number)s comparable customers of this industry are measured. A comparison takes "
                "%(needed)s.", **values,
            )
        if advice["state"] == "uneven":
            return self.env._(
                "%(metric)s: the measured customers of this industry differ too much in size for a comparison.",
                **values,
            )
        if advice["state"] == "best":
            return self.env._(
                "%(metric)s: with %(value)s %(unit)s you are among the best of your industry.", **values
            )
        texts = {
            "month": self.env._(
                "%(metric)s: the best in your industry are at %(target)s %(unit)s a month, you are at %(value)s."
            ),
            "year": self.env._(
                "%(metric)s: the best in your industry are at %(target)s %(unit)s a year, you are at %(value)s."
            ),
            "once": self.env._(
                "%(metric)s: the best in your industry are at %(target)s %(unit)s, you are at %(value)s."
            ),
        }
        sentences = [texts[metric.period] % values]
        if advice["money"]:
            money = format_amount(self.env, peers.rounded(advice["money"]), company.currency_id, trailing_zeroes=False)
            sentences.append(
                self.env._("To get there would be worth about %s to you.", money) if metric.period == "once"
                else self.env._("To get there would be worth about %s a year to you.", money)
            )
        return " ".join(sentences)

    @api.model
    def _benefit_number(self, value):
        """Return a measured value as people write it: no more digits than it has."""
        if value in (None, False):
            return "–"
        digits = max(len(f"{value:.6f}".rstrip("0").partition(".")[2]), 0)
        return formatLang(self.env, value, digits=min(digits, 3))

    @api.model
    def _benefit_goal_values(self, company, customer, metric_id):
        """Return what a goal of an advice is made of, or None where there is no such advice (any more)."""
        advice = next((
            advice for advice in self._benefit_advice(company, customer)[0]
            if advice["metric_id"] == metric_id and advice["state"] == "room"
        ), None)
        if not advice:
            return None
        today = fields.Date.context_today(self)
        product = self.env["product.product"].browse([product for product, _name in advice["products"][:1]])
        names = ", ".join(name for _product, name in advice["products"])
        if names:
            plan = self.env._("Customers who do well use %s. Look together whether it helps here too.", names)
        else:
            plan = self.env._("Find out together what customers who do well do differently.")
        return {
            "company_id": company.id,
            "partner_id": customer.id,
            "metric_id": metric_id,
            "baseline": advice["value"],
            "target": advice["target"],
            "date_start": today,
            "date_target": today + relativedelta(years=1),
            "product_id": product.id,
            "need_id": self._benefit_need_of(company, customer, product).id,
            "plan": f"{advice['sentence']}\n{plan}",
        }

    @api.model
    def _benefit_need_of(self, company, customer, product):
        """Return the most important need that is not met, and that this product or its kind would meet."""
        needs = self.env["customer.need"]
        return needs.search([
            ("company_id", "=", company.id), ("commercial_partner_id", "=", customer.id), ("kind", "=", "need"),
            ("state", "in", ("open", "partly")),
            "|", ("product_id", "=", product.id), ("product_categ_id", "parent_of", product.categ_id.ids),
        ], limit=1) if product else needs
