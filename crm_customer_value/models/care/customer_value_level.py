"""A level that somebody chooses by hand, with a reason and an end."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CustomerValue(models.Model):
    _inherit = "customer.value"

    def _pin_care_level(self, level, reason, until=None):
        """Serve customers by a level chosen by hand, whatever the conditions say.

        :param level: customer.care.level
        :param str reason: why; required
        :param date until: last day, or None until somebody sets it back
        :raise UserError: without a reason, with a day that is over, or a level that is not used there
        """
        self._check_pin_rights()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Enter a reason for the care level %s.", level.name))
        for company, values in self.grouped("company_id").items():
            today = values._day_of_choice(company, until)
            if not (level.active and level.is_on) or (level.company_id or company) != company:
                raise UserError(self.env._(
                    "The care level %(level)s is not switched on for %(company)s. Choose another one, or switch it on "
                    "first.",
                    level=level.name, company=company.name,
                ))
            # sudo: nobody writes values; who may decide about whom was checked above.
            chosen = values.sudo()
            (chosen - chosen.filtered(lambda value: value.care_level_id == level)).write({"care_level_since": today})
            chosen.write({
                "care_level_id": level.id, "care_level_pinned": True, "care_level_reason": reason,
                "care_level_until": until or False, "care_level_user_id": self.env.uid,
            })
            # When the promise is due follows from the level.
            self.env["customer.care.level"]._place(company, SQL("v.id = ANY(%s)", chosen.ids))

    def _unpin_care_level(self):
        """Let the conditions of the levels decide again."""
        self._check_pin_rights()
        # sudo: nobody writes values; who may do this was decided above.
        pinned = self.sudo().filtered("care_level_pinned")
        pinned.write({
            "care_level_pinned": False, "care_level_reason": False, "care_level_until": False,
            "care_level_user_id": False,
        })
        self.env["customer.care.level"]._place(pinned.company_id, SQL("v.id = ANY(%s)", pinned.ids))

    def action_choose_care_level(self):
        """Ask for the level, the reason and the end."""
        self._check_pin_rights()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose a Care Level"),
            "res_model": "customer.care.level.choice",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_value_ids": self.ids, "default_level_id": self[:1].care_level_id.id},
        }

    def action_reset_care_level(self):
        """Let the conditions of the levels decide again."""
        self._unpin_care_level()
