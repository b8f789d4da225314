from odoo import models


class MailMail(models.Model):
    """E-mails of care rules wait for the morning: until then, something may come between."""

    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Send nothing to whom care must not reach any more."""
        # sudo: who sends what waits need not see whom rules care for.
        logs = self.env["customer.care.log"].sudo().search([("mail_id", "in", self.ids)])
        for rule_logs in logs.grouped("rule_id").values():
            for log, obstacle in rule_logs._obstacles():
                log._stop(obstacle)
        return super().send(
            auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback
        )
