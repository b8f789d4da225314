"""What is found every night, and for customers whose value was recomputed."""

import logging

from odoo import api, models
from odoo.tools import SQL

from ...engine.action import dealing, finding
from ...engine.care import held_out
from ...engine.value.pipeline import session_lock
from ..value.customer_value_next_action import Asked

_logger = logging.getLogger(__name__)

# First key of the advisory locks: one night of a company at a time.
LOCK_CLASS = 0x4E455854
CRON = "crm_customer_value.ir_cron_customer_next_action"
# Whoever may open the list.
GROUP = "sales_team.group_sale_salesman"


class CustomerNextAction(models.Model):
    _inherit = "customer.next.action"

    @api.model
    def _today(self, company):
        """Return which day it is for a company."""
        return self.env["customer.value.run"]._today(self.env["customer.value.policy"]._get_active(company))

    @api.model
    def _cron_actions(self, as_of=None):
        """Find what is worth doing and make the lists of a day: of each company its own day, by default.

        Once a day, and again after everybody's value was recomputed.

        Killed in the middle, the next call does again what was not committed; what was dealt out stays dealt out.

        :param date as_of: another day than today
        """
        companies = self.env["res.company"].search([("active", "=", True)])
        days = {company: as_of or self._today(company) for company in companies}
        for company, day in days.items():
            run = self.env["customer.value.run"]._last_full_run(company).id
            if not as_of and (company.next_action_date, company.next_action_run) == (day, run or 0):
                continue
            with session_lock(self.env.cr, company.id, LOCK_CLASS) as free:
                if not free:
                    _logger.info("Actions of %s: another process is at it", company.name)
                    continue
                self._find(company, day)
                self._note_results(company, day)
                company.write({"next_action_date": day, "next_action_run": run})
                if not self.env["ir.cron"]._commit_progress(1):
                    return
        # Everybody has one list, of all companies whose day it is.
        for day in sorted(set(days.values())):
            self._deal(companies.filtered(lambda company, day=day: days[company] == day), day)
        self.env["ir.cron"]._commit_progress(0, remaining=0)

    @api.model
    def _wake(self):
        """Have the lists made soon. Whoever deleted the scheduled action does without."""
        # sudo: everybody whose list is not there yet may ask for it.
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _list_users(self, company):
        """Return who has a list in a company: whoever sells and works there."""
        # sudo: it is asked for everybody.
        return self.env.ref(GROUP).sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    @api.model
    def _night_of(self, company, day, partners=None):
        """Return the :class:`finding.Night` of a company."""
        # Names of kinds are told to nobody here.
        values = self.env["customer.value"]
        kinds = values._next_actions()
        asked = Asked(company.id, day, partners)
        [(customers,)] = self.env.execute_query(SQL(
            "SELECT COUNT(*) FROM (SELECT 1 FROM customer_value WHERE company_id = %s LIMIT %s) AS counted",
            company.id, held_out.FEWEST_CUSTOMERS,
        ))
        return finding.Night(
            company_id=company.id,
            day=day,
            kinds=kinds,
            queries={kind: action.find(values, asked) for kind, action in kinds.items()},
            partners=partners,
            users=self._list_users(company).ids,
            held_out=company.care_held_out / 100 if customers >= held_out.FEWEST_CUSTOMERS else 0.0,
        )

    @api.model
    def _find(self, company, day, partners=None):
        """Bring the actions of a company up to date, for everybody or for some customers.

        :param list partners: ids of commercial partners
        """
        self.env.flush_all()
        night = self._night_of(company, day, partners)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", finding.FOUND))
        self.env.cr.execute(finding.find_sql(night))
        if partners is None:
            self.env.cr.execute(finding.find_leads_sql(night))
        for statement in (
            finding.keep_sql(night), finding.close_sql(night), finding.add_sql(night, self.env.uid),
            SQL("DROP TABLE %s", finding.FOUND),
        ):
            self.env.cr.execute(statement)
        self.env["customer.next.action"].invalidate_model(flush=False)

    @api.model
    def _find_again(self, company, partners):
        """Look again at some customers, in the course of the day, and fill places that became free.

        Where the list of the day is not made yet, it is made at night from all of them.
        """
        # sudo: whoever changes something about customers need not see what comes of it.
        actions = self.sudo()
        day = actions._today(company)
        if company.sudo().next_action_date != day:
            return
        found = self.env["res.partner"].sudo().browse(partners).exists()
        actions._find(company, day, sorted(set(partners) | set(found.commercial_partner_id.ids)))
        users = found.commercial_partner_id.user_id
        if users:
            actions._deal(company, day, users)

    @api.model
    def _deal(self, companies, day, users=None):
        """Put actions on the lists of a day, as many as there is time for.

        :param users: whose lists; by default those of everybody
        """
        if not companies:
            return
        self.env.flush_all()
        if users is None:
            users = self.env["res.users"].union(*(self._list_users(company) for company in companies))
        else:
            users = users.filtered(lambda user: any(user in self._list_users(company) for company in companies))
        self.env.cr.execute(dealing.return_sql(companies.ids, day, users.ids))
        taken = dict(self.env.execute_query(dealing.dealt_sql(companies.ids, day, users.ids)))
        free = {
            user.id: capacity - taken.get(user.id, 0) for user, capacity in users._customer_day_capacities().items()
        }
        free = {user: places for user, places in free.items() if places > 0}
        if free:
            self.env.cr.execute(dealing.deal_sql(companies.ids, day, free))
        self.env["customer.next.action"].invalidate_model(flush=False)
