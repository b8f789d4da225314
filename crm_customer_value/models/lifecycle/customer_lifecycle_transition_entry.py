"""When the activities of a stage are started, and whom they are for: nobody gets more than they can do."""

from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

# Customers for whom activities are started, for each person and day.
ENTRIES_A_DAY = 10
# The first second of working time says which day it is.
A_SECOND = 1 / 3600


class CustomerLifecycleTransition(models.Model):
    _inherit = "customer.lifecycle.transition"

    entry_user_id = fields.Many2one(
        "res.users", "Assigned to", readonly=True, index="btree_not_null", help="User who got the activities."
    )
    entry_date = fields.Date("Started On", readonly=True, help="The day on which the activities were started.")

    @api.model
    def _due_entries(self):
        """Return the ids of what is to be started now.

        E-mails and what is to be left out come first. Activities follow by money at risk, as many as everybody still
        gets today; those of somebody who is away and has nobody to stand in wait. What waits is asked for again in
        the next hours and days, as long as the customer is in the stage.
        """
        rows = self._waiting_entries()
        companies = self.env["res.company"].browse({company for _id, company, _seller, limited in rows if limited})
        today = {company.id: self.env["customer.value"]._lifecycle_today(company) for company in companies}
        people = self._people_asked({(company, seller) for _id, company, seller, limited in rows if limited})
        started = self._started_counts({user for user in people.values() if user}, today.values())
        due, shared_out = [], []
        for transition, company, seller, limited in rows:
            user = limited and people[company, seller]
            if not limited or user is None:
                due.append(transition)
            elif user and started[user.id, today[company]] < ENTRIES_A_DAY:
                started[user.id, today[company]] += 1
                shared_out.append(transition)
        return due + shared_out

    @api.model
    def _waiting_entries(self, only=None):
        """Return [(id, company id, id of the salesperson, whether there is a limit)], most money first.

        Whoever has no salesperson is the customer of who sold last.

        :param only: the records it is asked for, or None for all
        """
        for model in ("customer.lifecycle.stage", "customer.value", "res.partner", "sale.order"):
            self.env[model].flush_model()
        self.flush_model()
        return self.env.execute_query(SQL(
            """SELECT t.id, t.company_id, COALESCE(p.user_id, latest.user_id),
                      COALESCE(stage.entry_action = 'plan' AND v.lifecycle_stage_id = t.to_stage_id AND p.active, FALSE)
                 FROM customer_lifecycle_transition t
                 JOIN res_partner p ON p.id = t.partner_id
                 LEFT JOIN customer_lifecycle_stage stage ON stage.id = t.to_stage_id
                 LEFT JOIN customer_value v ON v.company_id = t.company_id AND v.partner_id = t.partner_id
                 LEFT JOIN LATERAL (
                      SELECT o.user_id
                        FROM sale_order o
                        JOIN res_partner contact ON contact.id = o.partner_id
                       WHERE p.user_id IS NULL AND contact.commercial_partner_id = t.partner_id
                         AND o.company_id = t.company_id AND o.state = 'sale'
                       ORDER BY o.date_order DESC, o.id DESC LIMIT 1) latest ON TRUE
                WHERE t.entry_state = 'todo' AND %s
                ORDER BY v.value_at_risk DESC NULLS LAST, t.id""",
            SQL("TRUE") if only is None else SQL("t.id = ANY(%s)", only.ids),
        ))

    @api.model
    def _people_asked(self, pairs):
        """Return who does the work of salespeople: {(company id, salesperson's id): user, None or False}.

        It is the salesperson; or the leader of their team when they are away or left. None: there is nobody.
        False: all of them are away.
        """
        sellers = self.env["res.users"].browse({seller for _company, seller in pairs if seller})
        # sudo: whoever left has left their team, too, and the teams may be those of other companies.
        members = self.env["crm.team.member"].sudo().with_context(active_test=False).search(
            [("user_id", "in", sellers.ids)], order="active desc, create_date, id"
        )
        leaders = {seller: found.crm_team_id.user_id for seller, found in members.grouped("user_id").items()}
        people = {}
        for company in self.env["res.company"].browse({company for company, _seller in pairs}):
            absent = (sellers | members.crm_team_id.user_id)._filter_absent(company)
            for seller_id in {seller for its_company, seller in pairs if its_company == company.id}:
                seller = self.env["res.users"].browse(seller_id)
                asked = [user for user in (*seller, *leaders.get(seller, ())) if user._may_serve(company)]
                present = [user for user in asked if user not in absent]
                people[company.id, seller_id] = present[0] if present else (False if asked else None)
        return people

    @api.model
    def _started_counts(self, users, days):
        """Return how much was started for each user on each of these days, in all companies."""
        groups = self._read_group(
            [("entry_user_id", "in", [user.id for user in users]), ("entry_date", "in", list(days))],
            ["entry_user_id", "entry_date:day"],
            ["__count"],
        )
        return Counter({(user.id, day): number for user, day, number in groups})

    def _entry_responsible(self):
        """Return who is asked about this customer (one record), or nobody."""
        [(_id, company, seller, _limited)] = self._waiting_entries(self)
        return self._people_asked({(company, seller)})[company, seller] or self.env["res.users"]

    def _entry_deadline(self):
        """Return the day on which the first activity is due: the next one with working time, maybe today."""
        today = self.env["customer.value"]._lifecycle_today(self.company_id)
        calendar = self.company_id.resource_calendar_id
        moment = calendar._customer_deadline(fields.Datetime.now(), A_SECOND)
        if not moment:
            return today
        zone = calendar.tz or self.env["customer.value.policy"]._get_active(self.company_id).tz
        return max(fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date(), today)

    def _note_started(self, user):
        """Note that the user got their share of this day."""
        self.write({
            "entry_user_id": user.id, "entry_date": self.env["customer.value"]._lifecycle_today(self.company_id),
        })

    def _is_entered_again(self):
        """Tell whether a later entry of this customer into this stage waits, too (one record)."""
        return bool(self.search_count([
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("to_stage_id", "=", self.to_stage_id.id),
            ("entry_state", "=", "todo"),
            ("id", ">", self.id),
        ], limit=1))
