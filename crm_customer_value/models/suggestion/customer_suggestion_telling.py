"""Everybody who proposed or supported a suggestion is told, once, that it is implemented."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Integer

BATCH = 200
LAYOUT = "mail.mail_notification_light"
REACHABLE = Domain("partner_id.active", "=", True) & Domain("partner_id.email_normalized", "!=", False)


class CustomerSuggestion(models.Model):
    _inherit = "customer.suggestion"

    told_date = fields.Datetime(
        "Proposer Told", readonly=True, copy=False, help="When we told the author that it is implemented."
    )
    untold_count = Integer("Still to Tell", compute="_compute_untold")
    unreachable_partner_ids = fields.Many2many(
        "res.partner",
        string="Not Told by E-mail",
        compute="_compute_untold",
        context={"active_test": False},
        help="They have no e-mail address or are archived. Tell them in another way.",
    )

    def _compute_untold(self):
        supports = self.env["customer.suggestion.support"]
        for suggestion in self:
            untold = self.env["res.partner"]
            if suggestion.state == "implemented" and not suggestion.merged_into_id:
                untold = supports.search(
                    [("suggestion_id", "=", suggestion.id), ("told_date", "=", False)]
                ).partner_id
                if not suggestion.told_date:
                    untold |= suggestion.partner_id
            unreachable = untold.filtered(lambda partner: not partner.active or not partner.email_normalized)
            suggestion.unreachable_partner_ids = unreachable
            suggestion.untold_count = len(untold) - len(unreachable)

    def _tell_when_implemented(self):
        """Start telling, if any of these is implemented: thousands may support one suggestion."""
        if any(suggestion.state == "implemented" for suggestion in self):
            cron = self.env.ref("crm_customer_value.ir_cron_customer_suggestion_tell", raise_if_not_found=False)
            if cron:
                # sudo: whoever moves a suggestion may not run scheduled actions
                cron.sudo()._trigger()

    @api.model
    def _to_tell_domain(self):
        return REACHABLE & Domain([
            ("state", "=", "implemented"), ("merged_into_id", "=", False), ("told_date", "=", False),
        ])

    @api.model
    def _cron_tell_implemented(self, batch=BATCH):
        """Put the messages into the mail queue, a batch at a time, until everybody is told."""
        supports = self.env["customer.suggestion.support"]
        while True:
            proposals = self.search(self._to_tell_domain(), limit=batch, order="id")
            rows = supports.search(supports._to_tell_domain(), limit=batch, order="suggestion_id, id")
            if not proposals and not rows:
                break
            proposals._tell()
            rows._tell()
            remaining = self.search_count(self._to_tell_domain())
            remaining += supports.search_count(supports._to_tell_domain())
            done = len(proposals) + len(rows)
            if not self.env["ir.cron"]._commit_progress(done, remaining=remaining):
                break

    def _tell(self):
        """Tell who proposed these suggestions."""
        if not self:
            return
        template = self.env.ref("crm_customer_value.mail_template_suggestion_implemented")
        template.send_mail_batch(self.ids, email_layout_xmlid=LAYOUT)
        self.told_date = fields.Datetime.now()


class CustomerSuggestionSupport(models.Model):
    _inherit = "customer.suggestion.support"

    @api.model
    def _to_tell_domain(self):
        return REACHABLE & Domain([
            ("suggestion_id.state", "=", "implemented"),
            ("suggestion_id.active", "=", True),
            ("told_date", "=", False),
        ])

    def _told_addresses(self):
        """Return the {(suggestion, address)} among those of ``self`` that are told already."""
        addresses = self.partner_id.mapped("email_normalized")
        told = self.search([
            ("suggestion_id", "in", self.suggestion_id.ids),
            ("told_date", "!=", False),
            ("partner_id.email_normalized", "in", addresses),
        ])
        found = {(row.suggestion_id, row.partner_id.email_normalized) for row in told}
        for suggestion in self.suggestion_id:
            if suggestion.told_date:
                found.add((suggestion, suggestion.partner_id.email_normalized))
        return found

    def _tell(self):
        """Tell these supporters, one address once for each suggestion."""
        if not self:
            return
        told = self._told_addresses()
        receivers = self.browse()
        for support in self:
            key = (support.suggestion_id, support.partner_id.email_normalized)
            if key not in told:
                told.add(key)
                receivers += support
        if receivers:
            template = self.env.ref("crm_customer_value.mail_template_suggestion_supported")
            template.send_mail_batch(receivers.ids, email_layout_xmlid=LAYOUT)
        self.told_date = fields.Datetime.now()
