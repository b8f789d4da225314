"""The forms of a new complaint: of an account, and of somebody without one."""

from odoo.tools import email_normalize

from ...models.complaint.customer_complaint import REMEDIES
from ..voice.customer_form import CustomerForm


class ComplaintForm(CustomerForm):
    """The form of somebody who is logged in."""

    names = ("key", "name", "text", "wanted_remedy", "order_id", "line_id")
    lengths = {**dict.fromkeys(names, 200), "text": 20000}

    def __init__(self, env, data=None, files=()):
        super().__init__(env, data, files)
        # What the public form asks when very many complaints come in: see the limits.
        self.question = None

    def _required(self):
        return {"text": self.env._("Please tell us what happened.")}

    def _check_input(self):
        result = super()._check_input()
        if self.input["wanted_remedy"] not in ("", *dict(REMEDIES)):
            self.errors["wanted_remedy"] = self.env._("Please choose from the list.")
        return result

    def values(self):
        """Return what of the form goes into the complaint as it is."""
        return {"name": self.input["name"], "wanted_remedy": self.input["wanted_remedy"] or False}


class PublicComplaintForm(ComplaintForm):
    """The form of somebody without an account."""

    names = ("key", "name", "text", "wanted_remedy", "sender", "email", "phone", "order_name")
    lengths = {**dict.fromkeys(names, 200), "text": 20000}

    def _required(self):
        return {
            "sender": self.env._("Please enter your name."),
            "email": self.env._("Please enter your e-mail address so that we can answer."),
            **super()._required(),
        }

    def _check_input(self):
        result = super()._check_input()
        if self.input["email"] and not email_normalize(self.input["email"]):
            self.errors["email"] = self.env._("This is not a valid e-mail address. Please check it.")
        return result

    def values(self):
        return {
            **super().values(),
            "partner_name": self.input["sender"],
            "email_from": email_normalize(self.input["email"]),
            "phone": self.input["phone"],
        }
