"""The list of one person for a day, and what is said where it is empty."""

from markupsafe import Markup

from odoo import api, models


class CustomerNextAction(models.Model):
    _inherit = "customer.next.action"

    @api.model
    def _for_user(self, user, day=None):
        """Return what is on a person's list of a day and not done yet, in order.

        Where the list of that day is not made yet, it is made now.

        :param date day: today of each company, by default
        """
        companies = user.company_ids
        # sudo: lists are made for everybody.
        actions = self.sudo()
        for company in companies:
            today = day or actions._today(company)
            if not company.sudo().next_action_date or company.sudo().next_action_date < today:
                actions._find(company, today)
                company.sudo().next_action_date = today
        for today in sorted({day or actions._today(company) for company in companies}):
            actions._deal(
                companies.filtered(lambda company, today=today: (day or actions._today(company)) == today), today, user
            )
        return self.search([("user_id", "=", user.id), ("state", "=", "open"), ("company_id", "in", companies.ids)])

    @api.model
    def _action_my_day(self):
        """Return the user's list of today, which says why it is empty where it is."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_next_action_action")
        title, text = self._empty_words()
        return action | {"help": Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>') % (title, text)}

    @api.model
    def _empty_words(self):
        """Return what a person reads on an empty list: in one line, and what will be there when."""
        user, companies = self.env.user, self.env.companies
        mine = [("user_id", "=", user.id), ("company_id", "in", companies.ids)]
        if not user._customer_day_capacities()[user]:
            return self.env._("You have no time for customers planned"), self.env._(
                "Your capacity is 0 a day. Choose in your preferences how many customers a day you have time for."
            )
        # sudo: whether the list is made yet is all that is told.
        if any(company.sudo().next_action_date != self.sudo()._today(company) for company in companies):
            self._wake()
            if not self.search_count([*mine, ("state", "=", "open")], limit=1):
                return self.env._("Your list of today is being prepared"), self.env._(
                    "It is ready in a few minutes. Reload the page then."
                )
        if self.search_count(mine, limit=1):
            waiting = self.search_count([*mine, ("state", "=", "waiting"), ("is_current", "=", True)])
            if waiting:
                return self.env._("Nothing more today"), self.env._(
                    "%s more of your customers wait for one of the next days. Tomorrow's list is made at night.",
                    waiting,
                )
            return self.env._("Nothing more today"), self.env._(
                "Tomorrow's list is made at night: from purchases that are due, money at risk, complaints, promises, "
                "goals and open quotations of your customers."
            )
        if not self.env["customer.value"].search_count(mine, limit=1):
            if self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
                return self.env._("You look after no customers yourself"), self.env._(
                    "What your team has to do today is under Customers, Actions; what came of it under Reporting, "
                    "Results of Actions. Once you are the salesperson of customers, your own list is here."
                )
            return self.env._("Nothing here yet"), self.env._(
                "Once you are the salesperson of customers, each night puts here whom to call and why. Open quotations "
                "and complaints come first, the next purchase when a customer has bought three times."
            )
        return self.env._("Nothing needs you today"), self.env._(
            "Your customers are as usual. A customer appears here when a purchase is due, when money is at risk, and "
            "when a complaint, a promise, a goal or a quotation waits."
        )
