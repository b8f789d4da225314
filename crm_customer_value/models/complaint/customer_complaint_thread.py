"""What of a complaint's conversation customers see, and what they may add to it."""

from odoo import models
from odoo.fields import Domain


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    def _customer_message_domain(self):
        """Hide also what other customers wrote, who were drawn in by mistake or by a merge."""
        # sudo: whether an author is an employee is not for customers to read. Whoever left wrote
        # as an employee all the same.
        employees = self.env["res.users"].sudo().with_context(active_test=False)._search([("share", "=", False)])
        insiders = Domain("author_id", "=", False) | Domain("author_id", "in", employees.subselect("partner_id"))
        # sudo: as above.
        families = self.sudo().grouped("commercial_partner_id")
        return Domain.OR(
            super(CustomerComplaint, complaints)._customer_message_domain()
            & (insiders | Domain("author_id", "child_of", family.ids))
            for family, complaints in families.items()
        )

    def message_post(self, **kwargs):
        """Go on after a customer has written by a program of their own.

        What comes by e-mail is not shown to whoever sent the public form with that address: from
        now on the link that is mailed to the address counts, and not the one on the screen.
        """
        message = super().message_post(**kwargs)
        if message.message_type == "email" and self._has_unproven_link():
            self._void_links()
        if not self._is_inside():
            self._take_portal_answer(message)
        return message

    def _take_portal_answer(self, message=None):
        """Go on after the customer has written on the page, as after an e-mail (one record).

        :param message: the mail.message; without it, what was written last
        """
        # sudo: customers may not move complaints; having written, which was checked, does it.
        complaint = self.sudo()
        message = message.sudo() if message else complaint.message_ids.filtered(
            lambda message: message.message_type == "comment" and not message.subtype_id.internal
        )[:1]
        target = complaint._goes_on_in()
        if target != complaint:
            # It is read where it goes on; what was written here stays here too.
            target = target.with_env(complaint.env)
            waiting = {"res_model": "mail.compose.message", "res_id": 0}
            copies = [file.copy(waiting).id for file in message.attachment_ids]
            message = target._post_by_customer(message.body, attachment_ids=copies)
        answer = target._read_customer_answer(message.body, bool(message.attachment_ids))
        target._take_customer_answer(answer, self.env._("The customer answered on the portal."), message)
