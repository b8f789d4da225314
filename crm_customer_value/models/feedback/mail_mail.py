"""Questions on their way out: the keys of their links, and how to refuse further ones."""

from odoo import SUPERUSER_ID, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _customer_feedback(self):
        """Return the question that this e-mail asks (one record), or none.

        Only the program asks. What employees write about a question neither carries its key nor says that it could not
        be sent, which would take it back.
        """
        requests = self.env["customer.feedback"]
        if self.model != requests._name or not self.res_id or self.create_uid.id != SUPERUSER_ID:
            return requests
        return requests.browse(self.res_id).exists()

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Put the keys into the links of a question to its customer, and into no copy that anybody keeps."""
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        # sudo: the queue of e-mails may be sent by anybody who may send one.
        feedback = self.sudo()._customer_feedback()
        if not feedback:
            return emails
        address = feedback.partner_id.email_normalized
        for email in emails:
            if not address or email["email_to_normalized"] != [address] or email["email_cc"]:
                continue
            for name in ("body", "body_alternative"):
                email[name] = feedback._with_customer_keys(email[name])
            url = feedback._customer_url(feedback._customer_key(), "/unsubscribe")
            email["headers"] = email["headers"] | {
                # One click in the mail program, without a page: RFC 8058.
                "List-Unsubscribe": f"<{url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "OOF",
            }
        return emails

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Count nobody as asked whom the question cannot reach, unless it does when somebody tries again."""
        for mail in self.sudo():
            feedback = mail._customer_feedback()
            if failure_type and feedback.state == "asked":
                feedback.write({"state": "cancelled", "reason": "failed"})
            elif not failure_type and feedback.reason == "failed":
                feedback.write({"state": "asked", "reason": False})
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
