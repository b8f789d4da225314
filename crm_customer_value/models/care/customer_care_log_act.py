"""How what is to be done is done: once, in the transaction in which it is noted as done."""

import logging
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import is_html_empty, plaintext2html
from odoo.tools.mail import append_content_to_html

from ...engine.care import planning
from ..voice.customer_time import customer_zone
from .customer_care_rule_night import BATCH

_logger = logging.getLogger(__name__)


class CustomerCareLog(models.Model):
    _inherit = "customer.care.log"

    @api.model
    def _leave_switched_off(self, company):
        """Do no more of what rules had noted that were switched off since."""
        self.search([
            ("company_id", "=", company.id), ("state", "=", "todo"), ("rule_id.active", "=", False),
        ]).write({"state": "skipped", "obstacle": "off"})

    @api.model
    def _work_off(self, rule, day):
        """Do what is to be done by a rule, in batches; return whether there was time for all of it."""
        while waiting := self.search([("rule_id", "=", rule.id), ("state", "=", "todo")], order="id", limit=BATCH):
            batch = waiting.try_lock_for_update()
            if not batch:  # somebody else is at them
                return True
            batch._act(day)
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                return False
        return True

    def _act(self, day):
        """Do these acts of one rule, unless something came between since they were noted."""
        rule = self.rule_id
        late = self.filtered(lambda log: log.date + timedelta(days=rule.late_days) < day)
        late.write({"state": "skipped", "obstacle": "late"})
        current = self - late
        for log, obstacle in current._obstacles():
            log.write({"state": "skipped", "obstacle": obstacle})
        current = current.filtered(lambda log: log.state == "todo")
        # The customer's salesperson does what is to be done, or the owner of the rule.
        serving = current.user_id.filtered(lambda user: user._may_serve(rule.company_id))
        for user, logs in current.grouped(
            lambda log: log.user_id if log.user_id in serving else rule.user_id
        ).items():
            # Odoo prepares e-mails and plans by contact: of a contact with two occasions, the second one follows.
            first = self.browse().union(*(found[0] for found in logs.grouped("partner_id").values()))
            single = logs - first if first._try(user, day) else logs
            for log in single.filtered(lambda log: log.state == "todo"):
                log._try(user, day)

    def _obstacles(self):
        """Return what speaks against these acts of one rule now: [(record, obstacle)]."""
        self.env.flush_all()
        rule = self.rule_id
        if not rule:
            return []
        query = planning.changed_sql(
            rule.company_id.id, self.ids, is_promotion=rule.kind == "promotion", is_mail=rule.action == "mail"
        )
        return [(self.browse(number), obstacle) for number, obstacle in self.env.execute_query(query) if obstacle]

    def _try(self, user, day):
        """Do these acts of one rule, or none of them; note it, and why not if it is one. Return whether it was done."""
        try:
            with self.env.cr.savepoint():
                self._perform(user, day)
                self.write({"state": "done", "date": day, "user_id": user.id})
                self.env.flush_all()
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.info("Act of care %s failed", self.id, exc_info=True)
                self.write({"state": "failed", "error": str(error)})
            return False
        return True

    def _perform(self, user, day):
        """Do what the rule of these records says, with the rights of its owner."""
        rule = self.rule_id
        partners = rule._as_owner("res.partner").browse(self.partner_id.ids)
        # Who is asked finds it among their activities; an e-mail for each would only be more to read.
        partners = partners.with_context(mail_activity_quick_update=True)
        getattr(self, f"_perform_{rule.action}")(partners, user, day)

    def _perform_plan(self, partners, user, day):
        """Start the activity plan; who is asked on demand is the customer's salesperson, or the owner of the rule."""
        rule = self.rule_id
        if rule.plan_id.company_id not in (rule.company_id, self.env["res.company"]):
            raise UserError(self.env._(
                "The activity plan %(plan)s belongs to the company %(company)s.",
                plan=rule.plan_id.name, company=rule.plan_id.company_id.name,
            ))
        # The dialog finds what is wrong with a plan; its button starts it for one contact after the other.
        dialog = partners.env["mail.activity.schedule"].create({
            "res_model": partners._name,
            "res_ids": str(partners.ids),
            "plan_id": rule.plan_id.id,
            "plan_date": rule.company_id._customer_care_day(day),
            "plan_on_demand_user_id": user.id,
        })
        for step in dialog._plan_filter_activity_templates_to_schedule():
            for responsible, contacts in partners.grouped(
                lambda partner, step=step: step._determine_responsible(
                    dialog.plan_on_demand_user_id, partner
                )["responsible"]
            ).items():
                contacts.activity_schedule(
                    activity_type_id=step.activity_type_id.id,
                    automated=False,
                    date_deadline=step._get_date_deadline(dialog.plan_date),
                    summary=step.summary,
                    note=step.note,
                    user_id=responsible.id,
                )
        started = partners.env._("The activity plan %s was started.", dialog.plan_id.name)
        partners._message_log_batch(dict.fromkeys(partners.ids, started))

    def _perform_gift(self, partners, user, day):
        """Ask the customer's salesperson to hand over the gift, and note its cost."""
        spoken = partners.env
        rule = self.rule_id.with_context(lang=spoken.lang)
        gift = rule.gift_words or rule.gift_product_id.display_name
        deadline = rule.company_id._customer_care_day(day)
        model, kind = spoken["ir.model"]._get_id(partners._name), partners._default_activity_type()
        spoken["mail.activity"].create([
            {
                "res_model_id": model,
                "res_id": log.partner_id.id,
                "activity_type_id": kind.id,
                "automated": True,
                "date_deadline": deadline,
                "summary": spoken._("Give: %s", gift),
                # A text, and no markup: words of others are in it.
                "note": plaintext2html(
                    spoken._("%(occasion)s (care rule %(rule)s)", occasion=log.name, rule=rule.name)
                ),
                "user_id": user.id,
            }
            for log in self
        ])
        self.write({"cost": rule.gift_cost})

    def _perform_lead(self, partners, user, _day):
        """Create an opportunity with each customer; it says which rule made it, and for what occasion."""
        spoken = partners.env
        rule = self.rule_id.with_context(lang=spoken.lang)
        # For each opportunity without it, Odoo looks for the team and posts a message of its own.
        team = spoken["crm.team"]._get_default_team_id(user_id=user.id, domain=[("use_opportunities", "=", True)])
        leads = spoken["crm.lead"].with_context(mail_create_nolog=True).create([
            {
                "name": f"{rule.lead_name}: {log.commercial_partner_id.name}",
                "type": "opportunity",
                "partner_id": log.partner_id.id,
                "company_id": rule.company_id.id,
                "user_id": user.id,
                "team_id": team.id,
            }
            for log in self
        ])
        leads._message_log_batch({
            lead.id: spoken._("%(occasion)s (care rule %(rule)s)", occasion=log.name, rule=rule.name)
            for lead, log in zip(leads, self, strict=True)
        })

    def _perform_mail(self, partners, _user, day):
        """Queue an e-mail to each contact, and to nobody else, for a time at which they are not disturbed."""
        rule = self.rule_id
        company = rule.company_id
        zones = {log: customer_zone(log.partner_id, company, company.resource_calendar_id) for log in self}
        moments = {zone: company._customer_care_moment(zone, day) for zone in set(zones.values())}
        template = rule.template_id.with_env(partners.env)
        mails = template.send_mail_batch(partners.ids)
        for log, mail in zip(self, mails, strict=True):
            if is_html_empty(mail.body_html) or not mail.subject:
                raise UserError(self.env._("The e-mail template has no subject or no text for this contact."))
            partner = log.partner_id
            values = {
                "recipient_ids": [Command.set(partner.ids)],
                "email_to": False,
                "email_cc": False,
                "scheduled_date": moments[zones[log]],
            }
            if rule.kind == "promotion":
                url = partner._customer_care_unsubscribe_url()
                values["body_html"] = append_content_to_html(
                    mail.body_html, partner._customer_care_footer(company, url), plaintext=False
                )
                values["headers"] = repr({
                    "List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                })
            mail.write(values)
            log.mail_id = mail

    def _stop(self, obstacle="opted_out"):
        """Take back e-mails that were not sent yet."""
        for log in self.filtered(lambda log: log.mail_id.state == "outgoing"):
            log.mail_id.state = "cancel"
            log.write({"state": "skipped", "obstacle": obstacle})
