"""Who agreed to be told about offers, who wrote that down, when, and how they know."""

from hmac import compare_digest

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import hmac

# What the program notes by itself, whoever may change contacts.
NOTED = frozenset((
    "promotion_consent_date", "promotion_consent_user_id", "relationship_broken_on", "relationship_broken_reason",
))
# What somebody says who notes a consent.
SAID = frozenset(("promotion_consent", "promotion_consent_how"))
SCOPE = "customer-care-unsubscribe"


class ResPartner(models.Model):
    _inherit = "res.partner"

    promotion_consent = fields.Selection(
        [("given", "Agreed"), ("withdrawn", "Wants No Promotion")], "Promotion", groups="base.group_user", copy=False,
        help="Care rules for promotion reach only contacts who agreed. Empty: nobody asked.",
    )
    promotion_consent_how = fields.Char(
        "How We Know", groups="base.group_user", copy=False,
        help="How the contact said so: in which form, letter or conversation.",
    )
    promotion_consent_date = fields.Datetime("Noted on", readonly=True, groups="base.group_user", copy=False)
    promotion_consent_user_id = fields.Many2one(
        "res.users", "Noted by", readonly=True, groups="base.group_user", copy=False
    )

    @api.constrains("promotion_consent", "promotion_consent_how")
    def _check_promotion_consent(self):
        # sudo: whoever may change a contact may be asked how they know.
        for partner in self.sudo():
            if partner.promotion_consent == "given" and not (partner.promotion_consent_how or "").strip():
                raise ValidationError(self.env._(
                    "Enter how %s agreed to promotion: in which form, letter or conversation.", partner.display_name
                ))

    @api.model
    def default_get(self, fields):
        """Take nothing that the program notes from a context, nor from what users set for themselves."""
        return {name: value for name, value in super().default_get(fields).items() if name not in NOTED}

    @api.model_create_multi
    def create(self, vals_list):
        said = self.default_get([*SAID])
        # A form sends what is empty as well: nobody said that.
        return super().create([
            self._note_consent({name: value for name, value in {**said, **vals}.items() if value or name not in SAID})
            for vals in vals_list
        ])

    def write(self, vals):
        return super().write(self._note_consent(vals))

    @api.model
    def _note_consent(self, vals):
        """Return values to write, with who notes a consent, or how it is known, and when.

        Nobody enters that by hand, nor that a relationship is broken: a reason and a trace belong to it.
        """
        if not self.env.su and NOTED & vals.keys():
            vals = {name: value for name, value in vals.items() if name not in NOTED}
        if "promotion_consent" in vals or (SAID & vals.keys() and not self.env.su):
            vals = {
                **vals, "promotion_consent_date": fields.Datetime.now(), "promotion_consent_user_id": self.env.uid,
            }
        return vals

    def _customer_care_token(self):
        """Return the key of the link by which this contact (one) ends promotion."""
        # sudo: the secret of the database. The link works as long as the contact is there, also with a new address.
        return hmac(self.env(su=True), SCOPE, self.id)

    def _customer_care_check(self, token):
        """Tell whether a key is the one of this contact (one)."""
        return bool(token) and compare_digest(self._customer_care_token().encode(), token.encode())

    def _customer_care_unsubscribe_url(self):
        """Return the link by which this contact (one) ends promotion."""
        return f"{self.get_base_url()}/customer/promotion/{self.id}/{self._customer_care_token()}"

    def _customer_care_footer(self, company, url):
        """Return what stands below an e-mail with offers, as HTML, in the language of this contact (one)."""
        env = self.with_context(lang=self.lang or self.env.lang).env
        return Markup('<p style="font-size:12px;color:#666666;margin-top:24px">%s <a href="%s">%s</a></p>') % (
            env._("You receive this because you agreed to news from %s.", company.name), url, env._("Unsubscribe"),
        )

    def _customer_care_unsubscribe(self):
        """End promotion for this contact (one), and stop what is on its way."""
        self.promotion_consent = "withdrawn"
        self.promotion_consent_how = self.env._("By the link in an e-mail")
        self.env["customer.care.log"].search([("partner_id", "=", self.id), ("mail_id.state", "=", "outgoing")])._stop()
