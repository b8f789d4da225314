"""Making one complaint of several that tell the same."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .customer_complaint_category import SEVERITIES

RANK = {severity: rank for rank, (severity, _label) in enumerate(SEVERITIES)}


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    merged_ids = fields.One2many("customer.complaint", "merged_into_id", "Merged Complaints", readonly=True)

    # Taken over by the complaint that stays, where it knows nothing better.
    _merged_fields = (
        "partner_id", "category_id", "team_id", "user_id", "wanted_remedy", "order_id", "order_line_id",
        "product_id", "invoice_id", "cause_id", "root_cause", "corrective_action", "remedy",
    )

    def _lock_for_merge(self):
        self._lock_stage()

    def _merge_checked(self, target):
        """Move all that belongs to these complaints to ``target`` and close them."""
        super()._merge_checked(target)
        unproven = any(complaint._is_of_unknown_sender() for complaint in self | target)
        for complaint in self:
            values = target._prepare_merged(complaint)
            complaint._move_thread(target)
            complaint._move_documents(target)
            # sudo: where a complaint went is written by merging alone. First: what is merged is closed in silence.
            complaint.sudo().merged_into_id = target
            complaint._move_to("closed", compensation=0.0, handling_hours=0.0)
            # sudo: what a complaint is about goes along, also documents that whoever merges may not open.
            target.sudo().write({name: values.pop(name) for name in self._link_fields() if name in values})
            target.write(values)
            complaint._message_log(
                body=Markup("%s %s") % (self.env._("Merged into"), target._get_html_link())
            )
            target._message_log(
                body=Markup("%s %s") % (self.env._("Took over all of"), complaint._get_html_link())
            )
        if unproven:
            # Whoever typed somebody else's address into the public form would read what that person wrote.
            # The next e-mail brings a new link to the address itself.
            target._void_links()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_merged(self):
        # sudo: what was merged counts also where whoever deletes may not see it.
        for complaint in self.sudo().with_context(active_test=False):
            if complaint.merged_ids:
                raise UserError(
                    self.env._(
                        "%(complaint)s contains the messages of %(merged)s, which would be lost. Archive it instead.",
                        complaint=complaint.display_name,
                        merged=", ".join(complaint.merged_ids.mapped("number")),
                    )
                )

    def _check_merge(self, target):
        """Raise when merging would lose something or show a customer what another one wrote."""
        super()._check_merge(target)
        if not self or target in self:
            raise UserError(self.env._("Choose another complaint: a complaint cannot be merged into itself."))
        if self.company_id != target.company_id:
            raise UserError(self.env._("Complaints to different companies cannot be merged."))
        (self | target)._check_one_customer()
        for complaint in self | target:
            if complaint.merged_into_id:
                raise UserError(
                    self.env._(
                        "%(complaint)s was merged into %(target)s already.",
                        complaint=complaint.display_name,
                        target=complaint.merged_into_id.display_name,
                    )
                )
        target._check_all(
            ("received", "handling", "answered"), self.env._("%s has ended. Reopen it before you merge into it.")
        )

    def _check_one_customer(self):
        """Raise when a customer would read what another one wrote, were these complaints one."""
        if len(self.commercial_partner_id) > 1:
            raise UserError(
                self.env._(
                    "These complaints come from different customers, who would read each other's messages. "
                    "Only complaints of one customer can be merged."
                )
            )
        self._check_same_sender()

    def _sender_addresses(self):
        """Return the set of e-mail addresses from which those of these complaints came that have no contact."""
        unknown = self.filtered(lambda complaint: not complaint.partner_id and complaint.email_from)
        return {email_normalize(complaint.email_from, strict=False) or "" for complaint in unknown}

    def _check_same_sender(self):
        """Raise when some of these complaints came from senders without a contact who may be somebody else.

        Who left no address was sent no link, and reads nothing.
        """
        addresses = self._sender_addresses()
        family = self.commercial_partner_id
        if family:
            # sudo: which addresses are the customer's is asked, and told to nobody.
            partners = self.env["res.partner"].sudo()
            own = partners.search([("email_normalized", "in", list(addresses)), ("id", "child_of", family.ids)])
            same = addresses <= set(own.mapped("email_normalized"))
        else:
            same = len(addresses) <= 1
        if not same:
            raise UserError(
                self.env._(
                    "Some of these complaints have no contact, so they may come from different senders, who would "
                    "read each other's messages. Set the contact of each complaint before you merge them."
                )
            )

    def _prepare_merged(self, other):
        """Return the values this complaint takes over from ``other`` (one record each)."""
        values = {
            name: self._fields[name].convert_to_write(other[name], other)
            for name in self._merged_fields
            if other[name] and not self[name]
        }
        # sudo: only whether they fit; whoever merges may not see the order lines.
        line, other_line = self.sudo().order_line_id, other.sudo().order_line_id
        if line and other.product_id != line.product_id:
            values.pop("product_id", None)
        if self.order_id and self.order_id != other.order_id:
            values.pop("order_line_id", None)
        if self.product_id and other_line.product_id != self.product_id:
            values.pop("order_line_id", None)
        if RANK[other.severity] > RANK[self.severity]:
            values["severity"] = other.severity
        values["compensation"] = self.compensation + other.compensation
        if self.handling_hours is not False or other.handling_hours is not False:
            values["handling_hours"] = self.handling_hours + other.handling_hours
        return values

    def _move_thread(self, target):
        """Move messages, attachments, followers and activities (one record).

        Messages that only track stages stay: they tell the time this complaint spent in each.
        """
        # sudo: right to change both complaints includes what others wrote there; who may not change
        # one of them never comes here.
        messages = self.sudo().message_ids.filtered(
            lambda message: not message.tracking_value_ids and message.message_type != "user_notification"
        )
        messages.write({"res_id": target.id})
        attachments = self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False)]
        )
        attachments.write({"res_id": target.id})
        self.sudo().with_context(active_test=False).activity_ids.write({"res_id": target.id})
        followers = self.message_partner_ids
        target.message_subscribe(followers.ids)
        self.message_unsubscribe(followers.ids)

    def _move_documents(self, target):
        """Move what was made from this complaint. Extension point (one record)."""

    def action_merge(self):
        """Ask which complaint these are merged into."""
        self.check_access("write")
        self._check_one_customer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Complaints"),
            "res_model": "customer.complaint.merge",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_ids": self.ids},
        }
