"""What customers may see and do with suggestions on the portal.

Record rules show customers the suggestions of their own family. Public ones of others are no
records to them: the portal hands out the few values of ``_public_values`` and nothing else, so
that neither messages, attachments nor names can be reached by asking for the record.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..voice.customer_time import customer_zone, month_text
from .customer_suggestion_stage import OPEN_STATES

# What customers read beside what they read of all that they tell.
PORTAL_READABLE_FIELDS = frozenset((
    "write_date", "benefit_description", "area_id", "stage_id", "is_public", "support_count", "decline_reason",
    "date_implemented", "handler_name",
))


class CustomerSuggestion(models.Model):
    _inherit = "customer.suggestion"

    handler_name = fields.Char(
        "Handled by", compute="_compute_handler_name", compute_sudo=True, help="What the customer reads."
    )

    _unique_portal_key = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL", "This suggestion has been sent already."
    )

    @api.depends("user_id.name", "company_id.name")
    def _compute_handler_name(self):
        for suggestion in self:
            suggestion.handler_name = suggestion.user_id.name or suggestion.company_id.name

    @api.model
    def _portal_readable_fields(self):
        return super()._portal_readable_fields() | PORTAL_READABLE_FIELDS

    # What a customer reaches

    @api.model
    def _family_domain(self):
        """Return the domain of the suggestions of the user's own commercial family.

        Archived ones are hidden by the rule for customers, unless they were merged.
        """
        family = self.env.user.partner_id.commercial_partner_id
        return (
            Domain("partner_id", "child_of", family.id)
            & Domain("company_id", "in", self.env.companies.ids)
        )

    @api.model
    def _public_domain(self):
        """Return the domain of the public suggestions that any customer may read."""
        return (
            Domain("is_public", "=", True)
            & Domain("state", "!=", "new")
            & Domain("company_id", "in", self.env.companies.ids)
            & (Domain("active", "=", True) | Domain("merged_into_id", "!=", False))
        )

    @api.model
    def _supportable_domain(self):
        """Return the domain of the suggestions that the user may support, or not any more."""
        return self._public_domain() & Domain([
            ("state", "in", OPEN_STATES),
            ("merged_into_id", "=", False),
            ("partner_id", "!=", self.env.user.partner_id.id),
        ])

    @api.model
    def _find_public(self, suggestion_id):
        """Return the public suggestion of that id as superuser, or nothing.

        To be read through ``_public_values`` only.
        """
        # sudo: customers have no right on others' suggestions; the domain says which are public
        return self.sudo().with_context(active_test=False).search(
            self._public_domain() & Domain("id", "=", suggestion_id)
        )

    @api.model
    def _send_by_customer(self, values, files=(), key=None):
        """Create a suggestion from a form of the portal.

        :param values: checked by the controller, field by field; nothing of a form goes in here as it came
        :param files: pairs of (name, content)
        :param key: the form's own mark
        :return: the suggestion, or none when this form was sent before: see _find_sent
        """
        suggestion = self._send_once(values, key)
        if not suggestion:
            return suggestion
        # Answers reach who proposed it.
        suggestion.message_subscribe(suggestion.partner_id.ids)
        if files:
            suggestion.message_post(
                body=self.env._("Files to my suggestion"),
                attachments=list(files),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return suggestion

    def _shown_stage(self):
        """Return the stage the customer reads: a merged suggestion goes the way of the other."""
        return (self.merged_into_id or self).stage_id

    def _public_values(self):
        """Return what any customer may know of each of these, in their order."""
        partner = self.env.user.partner_id
        dates = self._customer_dates()
        supported = set(
            self.env["customer.suggestion.support"].search([
                ("suggestion_id", "in", (self | self.merged_into_id).ids), ("partner_id", "=", partner.id),
            ]).suggestion_id.ids
        )
        return [
            {
                "id": suggestion.id,
                "number": suggestion.number,
                "name": suggestion.name,
                "description": suggestion.description,
                "subject": suggestion.product_id.display_name or suggestion.area_id.name or "",
                "date": format_date(dates, suggestion.create_date),
                "stage": suggestion._shown_stage().name,
                "state": suggestion._shown_stage().state,
                "planned": (suggestion.merged_into_id or suggestion)._planned_text(),
                "support_count": (suggestion.merged_into_id or suggestion).support_count,
                "supported": (suggestion.merged_into_id or suggestion).id in supported,
                "own": suggestion.partner_id == partner,
                "is_public": suggestion.is_public,
                "can_support": self.env.user._is_portal()
                and suggestion.is_public
                and suggestion.state != "new"
                and suggestion._is_open()
                and suggestion.partner_id != partner,
                "merged": bool(suggestion.merged_into_id),
                "url": suggestion.access_url,
            }
            for suggestion in self
        ]

    def _planned_text(self):
        """Return for when this is planned, as customers read it: the month, as long as we can keep it.

        One record, as superuser: the day, and plans that are not told, are no customer's to read.
        """
        today = fields.Date.context_today(self._customer_dates()["customer.suggestion"])
        if self.state != "planned" or not self.date_planned or self.date_planned < today.replace(day=1):
            return ""
        return self.env._("Planned for %(month)s", month=month_text(self.env, self.date_planned))

    @api.model
    def _customer_dates(self):
        """Return an environment that tells dates as the user reads them: of the day in their own time zone."""
        return self.with_context(tz=customer_zone(self.env.user.partner_id, self.env.company)).env

    @api.model
    def _set_support(self, suggestion_id, wanted):
        """Support a public suggestion as the user's own contact, or take the support back.

        Says what is wanted, not "the other way round": a form sent twice changes nothing.
        """
        if not self.env.user._is_portal():
            raise UserError(self.env._(
                "Only customers can support suggestions here. Add supporters on the form of the suggestion."
            ))
        partner = self.env.user.partner_id
        # sudo: customers write nothing themselves; the domain says what they may support, and it
        # is always their own contact who does
        suggestion = self.sudo().search(self._supportable_domain() & Domain("id", "=", suggestion_id))
        if not suggestion:
            raise UserError(self.env._("This suggestion can no longer be supported."))
        supports = suggestion.env["customer.suggestion.support"]
        suggestion.lock_for_update()
        row = supports.search([("suggestion_id", "=", suggestion.id), ("partner_id", "=", partner.id)])
        if wanted and not row:
            supports.create({"suggestion_id": suggestion.id, "partner_id": partner.id})
        elif not wanted:
            row.unlink()

    # What a customer reads about the way of a suggestion

    def _timeline(self):
        """Return the stages of one suggestion's way: [{name, date, state: done/current/next}]."""
        self.ensure_one()
        way = self.merged_into_id or self
        current = way.stage_id
        reached = way._stage_dates()
        stages = self.env["customer.suggestion.stage"].search([("active", "=", True)])
        if way.state == "declined":
            # Nothing follows, and what was not reached never will be.
            stages = stages.filtered(lambda stage: stage in reached and stage != current) | current
        else:
            stages = stages.filtered(lambda stage: stage.state != "declined") | current
        dates = self._customer_dates()
        steps = []
        passed = True
        for stage in stages:
            passed = passed and stage != current
            steps.append({
                "name": stage.name,
                "date": format_date(dates, reached[stage]) if stage in reached and (passed or stage == current)
                else "",
                "state": "current" if stage == current else "done" if passed else "next",
            })
        return steps

    def _stage_dates(self):
        """Return {stage: when it was entered last}, from what tracking noted."""
        notes = self.env["mail.tracking.value"].sudo().search(  # sudo: nobody else reads these
            [
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "=", self.id),
                ("field_id.name", "=", "stage_id"),
            ],
            order="id",
        )
        stages = self.env["customer.suggestion.stage"]
        dates = {stages.browse(note.new_value_integer): note.create_date for note in notes}
        if notes:
            dates.setdefault(stages.browse(notes[0].old_value_integer), self.create_date)
        dates.setdefault(self.stage_id, self.create_date)
        return dates
