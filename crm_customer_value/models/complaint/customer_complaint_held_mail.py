"""E-mails to complaint teams that were no word of a person, for people to see what was held back and why."""

import base64
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, html2plaintext

from ..base.number_fields import Integer
from ..voice.one_line import one_line

_logger = logging.getLogger(__name__)

KEPT_DAYS = 30
KEPT_PER_TEAM = 200
TEXT_LENGTH = 2000
# Of larger mails the text is kept, and nothing to make a complaint of.
SOURCE_LENGTH = 5 * 1024 * 1024


class CustomerComplaintHeldMail(models.Model):
    """An e-mail that became no complaint and no answer. Kept for some days, and only the last ones of each team."""

    _name = "customer.complaint.held.mail"
    _description = "Held-Back E-Mail"
    _order = "date desc, id desc"
    _rec_name = "subject"

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True, ondelete="cascade")
    team_id = fields.Many2one(
        "customer.complaint.team", index=True, readonly=True, ondelete="cascade"
    )
    complaint_id = fields.Many2one(
        "customer.complaint", "About", index="btree_not_null", readonly=True, ondelete="cascade",
        help="The complaint that the e-mail seems to answer.",
    )
    date = fields.Datetime("Received", required=True, readonly=True, default=fields.Datetime.now)
    email_from = fields.Char("From", readonly=True)
    subject = fields.Char(readonly=True)
    message_id = fields.Char("Message-Id", index=True, readonly=True)
    reason = fields.Selection(
        [
            ("away", "Absence note or automatic reply"),
            ("bounce", "Returned mail or delivery report"),
            ("program", "Sent by a program"),
            ("own", "Sent by one of our own addresses"),
            ("newsletter", "Newsletter"),
            ("flood", "Too many from this sender"),
        ],
        required=True,
        readonly=True,
    )
    sign = fields.Char("Recognized By", readonly=True, help="Part of the e-mail that shows the reason.")
    text = fields.Text(readonly=True, help="The beginning of the e-mail.")
    # It may quote an e-mail of ours, with a link that speaks as the customer.
    source = fields.Binary("Whole E-Mail", attachment=True, readonly=True, groups=fields.NO_ACCESS)

    @api.model
    def _hold(self, message, message_dict, values):
        """Keep an e-mail, once, and drop the oldest ones where there are too many.

        :param message: the email.message.EmailMessage
        :param message_dict: what Odoo read of it
        :param values: team, company, complaint, reason and sign
        """
        # sudo: the mail gateway is at work; nobody else makes these.
        held = self.sudo()
        same = [("message_id", "=", message_dict["message_id"]), ("team_id", "=", values["team_id"])]
        if held.search_count(same, limit=1):
            return
        # Some more than is kept: what is taken out makes it shorter.
        text = html2plaintext(message_dict.get("body") or "", include_references=False)[:TEXT_LENGTH * 4]
        threads = self.env["customer.thread.mixin"]
        about = self.env["customer.complaint"].browse(values.get("complaint_id") or ())
        held.create({
            **values,
            "email_from": one_line(message_dict.get("email_from")),
            "subject": threads._without_any_keys(one_line(message_dict.get("subject")), about)
            or self.env._("Without subject"),
            "message_id": message_dict["message_id"],
            "text": threads._without_any_keys(text, about)[:TEXT_LENGTH],
            "source": self._write_source(message),
        })
        held.search([("team_id", "=", values["team_id"])], offset=KEPT_PER_TEAM).unlink()

    @api.model
    def _write_source(self, message):
        """Return an e-mail as it came, base64, or nothing where it is too large or too broken."""
        try:
            source = message.as_bytes()
        except Exception:
            # What programs write into headers may be readable, and still no e-mail that can be written again.
            _logger.info("A held-back mail is kept without its source", exc_info=True)
            return False
        return base64.b64encode(source) if len(source) <= SOURCE_LENGTH else False

    @api.autovacuum
    def _gc_held_mails(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("date", "<", limit)]).unlink()

    def action_take(self):
        """Take an e-mail that was held back wrongly: as a complaint, or as an answer to the one it is about."""
        self.ensure_one()
        self.check_access("read")
        complaints = self.env["customer.complaint"]
        complaints.check_access("create")
        # sudo: whoever may read what was held back and make complaints decides in place of the gateway.
        held = self.sudo()
        if not held.source:
            raise UserError(self.env._("The full e-mail was not saved. Create a complaint by hand from its text."))
        # sudo: e-mail is delivered by the system. Nothing of the caller's context goes with it: as superuser, its
        # defaults would be written as they are.
        gateway = self.env["mail.thread"].with_context(clean_context(self.env.context)).sudo()
        gateway = gateway.with_company(held.company_id)
        number = not held._is_taken() and gateway.with_context(
            customer_mail_released=held.company_id.id
        ).message_process(complaints._name, base64.b64decode(held.source))
        if not number:
            raise UserError(self.env._("This e-mail was already used, or it cannot be read. Search for its complaint."))
        # To several teams of a company it is one complaint.
        held.search([("message_id", "=", held.message_id), ("company_id", "=", held.company_id.id)]).unlink()
        return complaints.browse(number)._get_records_action()

    def _is_taken(self):
        """Tell whether the e-mail (one) is part of a complaint of its company already."""
        # sudo: as in action_take.
        messages = self.env["mail.message"].sudo().search([
            ("message_id", "=", self.message_id), ("model", "=", "customer.complaint"),
        ])
        complaints = self.env["customer.complaint"].sudo().browse(messages.mapped("res_id")).exists()
        return self.company_id in complaints.company_id


class CustomerComplaintTeam(models.Model):
    _inherit = "customer.complaint.team"

    held_mail_count = Integer("Held-Back E-Mails", compute="_compute_held_mail_count")

    @api.depends_context("uid")
    def _compute_held_mail_count(self):
        """Count what the user may see."""
        counts = dict(self.env["customer.complaint.held.mail"]._read_group(
            [("team_id", "in", self.ids)], ["team_id"], ["__count"]
        ))
        for team in self:
            team.held_mail_count = counts.get(team._origin, 0)

    def action_view_held_mails(self):
        """Open the e-mails to this team that were held back."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_complaint_held_mail_action")
        return {**action, "domain": [("team_id", "=", self.id)]}
