import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..base.number_fields import Float, Integer, Monetary
from ..value.customer_value import AMOUNT_GROUP

_logger = logging.getLogger(__name__)

# Actions on entry that one call of the scheduled action starts, and in one transaction.
ENTRY_LIMIT = 500
ENTRY_BATCH = 50


class CustomerLifecycleTransition(models.Model):
    """A customer's move from one stage to another. Written by recomputes and pins, never changed."""

    _name = "customer.lifecycle.transition"
    _description = "Customer Stage Change"
    _inherit = ["customer.unknown.last.mixin"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    from_stage_id = fields.Many2one(
        "customer.lifecycle.stage", "From", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    to_stage_id = fields.Many2one(
        "customer.lifecycle.stage", "To", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    date = fields.Date(required=True, readonly=True, help="The day of the recompute or of the decision.")
    reason = fields.Selection(
        [("rule", "By rule"), ("manual", "By hand")], required=True, readonly=True, default="rule"
    )
    note = fields.Char(readonly=True, help="Reason for moving the customer by hand.")
    # What was known on that day, for the reason in words.
    cause = fields.Selection(
        [
            ("first", "Placed for the first time"),
            ("bought", "Bought again"),
            ("silence", "Silence"),
            ("risk", "Risk of loss"),
            ("low_index", "Value index fell"),
            ("high_index", "Value index rose"),
            ("low_development", "Buys less"),
            ("high_development", "Buys more"),
            ("steady", "Revenue stopped shrinking"),
            ("age", "No longer new"),
            ("time", "Time in the stage is over"),
            ("unpinned", "No longer set by hand"),
            ("rules", "Changed rules"),
        ],
        readonly=True,
    )
    cause_limit = Float("Limit Passed", digits=(16, 2), readonly=True, aggregator=None, optional=True)
    silence_days = Integer("Days Since Last Purchase", readonly=True, aggregator="avg", optional=True)
    cadence_ratio = Float(
        "Lateness (× Usual Gap)", digits=(16, 2), readonly=True, aggregator="avg", optional=True
    )
    churn_risk = Float("Risk of Loss (0–1)", digits=(16, 4), readonly=True, aggregator="avg", optional=True)
    development_index = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    why = fields.Char(compute="_compute_why")
    user_id = fields.Many2one("res.users", "By", readonly=True, help="User who moved the customer by hand.")
    run_id = fields.Many2one(
        "customer.value.run", "Recompute", readonly=True, ondelete="set null", index="btree_not_null"
    )
    value_index = Float(digits=(16, 1), readonly=True, aggregator="avg", help="On that day.", optional=True)
    revenue_12m = Monetary(
        "Revenue (period)", readonly=True, groups=AMOUNT_GROUP, help="On that day."
    )
    entry_state = fields.Selection(
        [
            ("none", "Nothing to do"),
            ("todo", "Waiting"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("skipped", "Left out"),
        ],
        "Action on Entry",
        required=True,
        readonly=True,
        default="none",
    )
    entry_error = fields.Char("Message", readonly=True)

    _customer_idx = models.Index("(company_id, partner_id, date DESC, id DESC)")
    _todo_idx = models.Index("(id) WHERE entry_state = 'todo'")

    @api.depends(
        "reason", "note", "cause", "cause_limit", "from_stage_id", "to_stage_id", "date", "silence_days",
        "cadence_ratio", "churn_risk", "value_index", "development_index",
    )
    @api.depends_context("lang")
    def _compute_why(self):
        for move in self:
            if move.reason == "manual":
                move.why = self.env._("Set by hand: %s", move.note or "")
                continue
            facts = move._cause_text()
            if move.to_stage_id:
                rule = self.env._("rule %s", move.to_stage_id.name)
            else:
                rule = self.env._("no rule matches")
            move.why = self.env._("%(facts)s: %(rule)s", facts=facts, rule=rule) if facts else rule

    def _cause_text(self):
        """Return why this move was made, with the numbers of that day, or nothing where it was not noted."""
        self.ensure_one()
        limit = f"{self.cause_limit or 0:g}"
        index = f"{self.value_index or 0:.1f}"
        development = f"{self.development_index or 0:.1f}"
        if self.cause == "bought" and self.silence_days is not False:
            day = format_date(self.env, self.date - timedelta(days=self.silence_days))
            return self.env._("Bought on %s", day)
        if self.cause in ("silence", "risk"):
            return self._silence_text()
        return {
            "first": self.env._("Placed for the first time"),
            "low_index": self.env._("Index %(index)s, below %(limit)s", index=index, limit=limit),
            "high_index": self.env._("Index %(index)s, at least %(limit)s", index=index, limit=limit),
            "low_development": self.env._(
                "Buys less: development index %(index)s, at most %(limit)s", index=development, limit=limit
            ),
            "high_development": self.env._(
                "Buys more: development index %(index)s, above %(limit)s", index=development, limit=limit
            ),
            "steady": self.env._("Revenue stopped shrinking"),
            "age": self.env._("First purchase more than %s days ago", limit),
            "time": self.env._(
                "In %(stage)s for more than %(limit)s days", stage=self.from_stage_id.name, limit=limit
            ),
            "unpinned": self.env._("No longer set by hand"),
            "rules": self.env._("The rules were changed"),
        }.get(self.cause, "")

    def _silence_text(self):
        """Return how long the customer has been silent, how late that is, and the risk if that decided."""
        parts = [self.env._("Silent for %s days", self.silence_days)]
        if self.cadence_ratio is not False:
            parts.append(self.env._("%s × usual", f"{self.cadence_ratio:.1f}"))
        if self.cause == "risk":
            parts.append(self.env._("risk of loss %s %%", round(100 * self.churn_risk)))
        return ", ".join(parts)

    @api.model
    def _starts_something(self):
        """Tell whether any stage starts something when a customer enters it."""
        # sudo: whether there is such a stage is the question, not which.
        return bool(self.env["customer.lifecycle.stage"].sudo().search_count([("entry_action", "!=", "none")], limit=1))

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._starts_something())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Leave out of the list what moves started, where no stage starts anything."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "list" and not self._starts_something():
            for node in arch.xpath("//field[@name='entry_state' or @name='entry_error']"):
                node.set("column_invisible", "True")
        return arch, view

    @api.model
    def _work_off_entries(self):
        """Start what is to be done on entry and is due, a bounded number a call.

        The state is written in the transaction of what was started, so nothing is started twice.
        """
        left = ENTRY_LIMIT
        while left > 0 and (due := self._due_entries()):
            batch = self.browse(due[:min(ENTRY_BATCH, left)]).try_lock_for_update()
            if not batch:  # somebody else is at them
                return
            for transition in batch:
                transition._start_entry()
            left -= len(batch)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=len(due) - len(batch)):
                return

    def _start_entry(self):
        """Do what is to be done on entry, or note why not."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                reason = self._skip_reason()
                if not reason:
                    self._perform_entry()
                self.env.flush_all()
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            _logger.info("Action on entry of a stage failed: stage change %s", self.id, exc_info=True)
            self.write({"entry_state": "failed", "entry_error": str(error)})
        else:
            self.write({"entry_state": "skipped" if reason else "done", "entry_error": reason})

    def _skip_reason(self):
        """Return why nothing is to be done any more, or False."""
        stage = self.to_stage_id
        value = self.env["customer.value"].search([
            ("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id),
        ])
        if value.lifecycle_stage_id != stage:
            return self.env._("The customer is no longer in this stage.")
        if not self.partner_id.active:
            return self.env._("The customer is archived.")
        if stage.entry_action == "none":
            return self.env._("The stage no longer starts an action.")
        if self._is_started_already():
            return self.env._("The customer was in this stage earlier on the same day. The action started then.")
        if self._is_entered_again():
            return self.env._("The customer left and came back. The action starts only once.")
        return False

    def _is_started_already(self):
        """Tell whether what this stage starts was started for the customer on the day of this move (one record)."""
        return bool(self.search_count([
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("to_stage_id", "=", self.to_stage_id.id),
            ("date", "=", self.date),
            ("entry_state", "=", "done"),
            ("id", "!=", self.id),
        ], limit=1))

    def _perform_entry(self):
        """Start the activity plan, or queue the e-mail, in the company of the move."""
        stage = self.to_stage_id
        partner = self.partner_id.with_context(allowed_company_ids=self.company_id.ids)
        if stage.entry_action == "plan":
            self._start_plan(stage.entry_plan_id, partner)
        else:
            self._queue_mail(stage.entry_template_id, partner)

    def _start_plan(self, plan, partner):
        """Start an activity plan; who is asked on demand is the customer's salesperson."""
        if not plan.template_ids:
            raise UserError(self.env._("The activity plan %s has no activities.", plan.name))
        if plan.company_id and plan.company_id != self.company_id:
            raise UserError(self.env._(
                "The activity plan %(plan)s belongs to the company %(company)s.",
                plan=plan.name, company=plan.company_id.name,
            ))
        user = self._entry_responsible()
        if plan.has_user_on_demand and not user:
            raise UserError(self.env._(
                "The customer has no salesperson for the activity plan %s. Assign one.", plan.name
            ))
        # Who is asked finds it among their activities; ten e-mails a night would only be ten more to read.
        partner.env["mail.activity.schedule"].with_context(mail_activity_quick_update=True).create({
            "res_model": partner._name,
            "res_ids": str(partner.ids),
            "plan_id": plan.id,
            "plan_date": self._entry_deadline(),
            "plan_on_demand_user_id": user.id,
        }).action_schedule_plan()
        self._note_started(user)

    def _queue_mail(self, template, partner):
        """Put an e-mail to the customer into the queue."""
        template = template.with_env(partner.env)
        mail = self.env["mail.mail"].browse(template.send_mail(partner.id))
        if not (mail.email_to or mail.recipient_ids.filtered("email")):
            raise UserError(self.env._("The e-mail has no recipient: %s has no address.", partner.display_name))
