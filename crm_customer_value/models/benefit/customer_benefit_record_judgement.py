"""What customers say of the figures about them: that they are right, or wrong, and how that is settled."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .customer_benefit_people import person_responsible

CONTESTED_ACTIVITY = "crm_customer_value.mail_activity_type_figure_contested"
# What a customer confirms. When one of these changes, it is another figure.
FIGURE = ("metric_id", "product_id", "date_from", "date_to", "baseline", "value", "unit")


class CustomerBenefitRecord(models.Model):
    _name = "customer.benefit.record"
    _inherit = ["customer.benefit.record", "customer.author.mixin", "mail.activity.mixin"]

    confirmed_by_id = fields.Many2one(
        "res.partner", "Confirmed by", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    date_confirmed = fields.Datetime("Confirmed on", readonly=True, copy=False)
    confirmation_noted_by_id = fields.Many2one(
        "res.users", "Confirmation Noted by", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        help="Who of us wrote down that the customer said so. Empty: the customer said so on the portal.",
    )
    contested_by_id = fields.Many2one(
        "res.partner", "Contested by", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    date_contested = fields.Datetime("Contested on", readonly=True, copy=False)
    contest_words = fields.Text("What Is Wrong", readonly=True, copy=False, help="In the words of the customer.")
    settled_by_id = fields.Many2one(
        "res.users", "Settled by", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    date_settled = fields.Datetime("Settled on", readonly=True, copy=False)
    settle_words = fields.Text("Our Answer", readonly=True, copy=False, help="The customer reads it on the portal.")

    @api.model_create_multi
    def create(self, vals_list):
        """Keep new records without a note and a follower each: there are very many, and each says who made it."""
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        return super(CustomerBenefitRecord, quiet).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Ask the customer again for a figure that changes after it was confirmed."""
        if not set(FIGURE).intersection(vals):
            return super().write(vals)
        confirmed = self.filtered(lambda record: record.state == "confirmed")
        before = {record: record._figure() for record in confirmed}
        result = super().write(vals)
        changed = confirmed.filtered(lambda record: record._figure() != before[record])
        if changed:
            # sudo: who may correct a figure takes back what the customer said of the one before.
            changed.sudo().write({
                "state": "reported", "confirmed_by_id": False, "date_confirmed": False,
                "confirmation_noted_by_id": False,
            })
            for record in changed:
                record._log_judgement(self.env._(
                    "The figure changed after the customer had confirmed it. The customer is asked again."
                ))
        return result

    def _figure(self):
        """Return what a customer confirms (one record)."""
        return tuple(self[name].id if self._fields[name].type == "many2one" else self[name] for name in FIGURE)

    def _confirm(self, partner, noted_by=None):
        """Note that ``partner`` says that these figures are right; what is confirmed already stays as it is.

        To be called as superuser, once it is checked that the customer, or the one who notes it, may say so.

        :param noted_by: the user who writes down what the customer said elsewhere
        """
        for record in self.filtered(lambda record: record.state != "confirmed"):
            record.write({
                "state": "confirmed",
                "confirmed_by_id": partner.id,
                "date_confirmed": fields.Datetime.now(),
                "confirmation_noted_by_id": noted_by and noted_by.id,
            })
            text = record._note_env()._("%(name)s says that the figure is right.", name=partner.name)
            record._log_judgement(text, author=None if noted_by else partner)
            record.activity_unlink([CONTESTED_ACTIVITY])

    def _contest(self, partner, words):
        """Note that ``partner`` says that a figure (one record) is wrong, and ask somebody to settle it.

        It counts in no sum until then. To be called as superuser, as ``_confirm``.

        :return: whether it is contested by this, and not already
        :raise UserError: without words: nobody could settle it
        """
        self.ensure_one()
        words = self._read_contest(words)
        if self.state == "contested":
            return False
        self.write({
            "state": "contested",
            "contested_by_id": partner.id,
            "date_contested": fields.Datetime.now(),
            "contest_words": words,
            "confirmed_by_id": False,
            "date_confirmed": False,
            "confirmation_noted_by_id": False,
            "settled_by_id": False,
            "date_settled": False,
            "settle_words": False,
        })
        env = self._note_env()
        self._log_judgement(
            env._("%(name)s says that the figure is wrong: %(words)s", name=partner.name, words=words), author=partner
        )
        user = person_responsible(self.goal_id.user_id, self.partner_id, self.company_id)
        if user:
            self.activity_schedule(
                CONTESTED_ACTIVITY,
                user_id=user.id,
                summary=env._("Settle a contested figure of %(customer)s", customer=self.commercial_partner_id.name),
                note=plaintext2html(words),
            )
        return True

    def _read_contest(self, words):
        """Return what a customer says is wrong, or ask for it in words for the customer."""
        words = (words or "").strip()
        if not words:
            raise UserError(self.env._("Please tell us what is wrong with this figure."))
        return words

    def _settle(self, words, correction=None):
        """Answer a customer who contests a figure (one record), which is corrected or stays; they are asked again.

        :param words: what the customer reads about it
        :param correction: {field: value} of what is corrected, written with the rights of the user
        """
        self.ensure_one()
        self.check_access("write")
        words = (words or "").strip()
        if not words:
            raise UserError(self.env._("Enter an answer. The customer reads it on the portal."))
        if self.state != "contested":
            raise UserError(self.env._("Nobody contests this figure any more. Reload the page to see what happened."))
        if correction:
            self.write({**correction, "correction_reason": words})
        # sudo: who may write a record settles it; nobody writes what the customer and we said of it by hand.
        record = self.sudo()
        record.write({
            "state": "reported",
            "settled_by_id": self.env.uid,
            "date_settled": fields.Datetime.now(),
            "settle_words": words,
        })
        record._log_judgement(self.env._("Settled, the customer is asked again: %(words)s", words=words))
        record.activity_feedback([CONTESTED_ACTIVITY])

    def _note_env(self):
        """Return the environment for notes that employees read, whatever language the customer speaks."""
        user = self.goal_id.user_id or self.commercial_partner_id.user_id
        return self.with_context(lang=user.lang or self.env.ref("base.user_admin").lang).env

    def _log_judgement(self, text, author=None):
        """Keep what was said in the story of a record (one)."""
        # sudo: a note of what happened, as it happens.
        self.sudo()._message_log(body=text, **({"author_id": author.id} if author else {}))

    # Buttons

    def action_note_confirmation(self):
        """Note that the customer said, on the phone or at a visit, that these figures are right."""
        self.check_access("write")
        for record in self:
            # sudo: who may write a record notes what the customer said of it.
            record.sudo()._confirm(record.partner_id, noted_by=self.env.user)

    def action_settle(self):
        """Open the dialog that answers a customer who contests a figure."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "contested":
            raise UserError(self.env._("Nobody contests this figure. There is nothing to settle."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle a Contested Figure"),
            "res_model": "customer.benefit.settlement",
            "view_mode": "form",
            "target": "new",
            "context": {"default_record_id": self.id},
        }
