"""Several customers propose the same: their suggestions become one."""

from odoo import fields, models
from odoo.exceptions import UserError


class CustomerSuggestion(models.Model):
    _inherit = "customer.suggestion"

    merged_ids = fields.One2many(
        "customer.suggestion", "merged_into_id", string="Merged Suggestions", context={"active_test": False}
    )

    def _merged_title(self):
        return self.env._("Merged Suggestions")

    def _check_merge(self, target):
        """Raise when nothing would be merged, or what is merged already."""
        if not self:
            raise UserError(self.env._("Choose at least one other suggestion to merge."))
        if target.merged_into_id:
            raise UserError(self.env._(
                "%(suggestion)s has already been merged into %(target)s. Choose that one.",
                suggestion=target.display_name, target=target.merged_into_id.display_name,
            ))
        for suggestion in self:
            if suggestion.merged_into_id:
                raise UserError(self.env._(
                    "%(suggestion)s has already been merged into %(target)s.",
                    suggestion=suggestion.display_name, target=suggestion.merged_into_id.display_name,
                ))
            if suggestion.company_id != target.company_id:
                raise UserError(self.env._(
                    "%(suggestion)s belongs to another company than %(target)s.",
                    suggestion=suggestion.display_name, target=target.display_name,
                ))
        return super()._check_merge(target)

    def _merge_into(self, target):
        """Merge these suggestions into ``target``, which may be one of them."""
        return super(CustomerSuggestion, (self - target).sorted("id"))._merge_into(target)

    def _merge_checked(self, target):
        """Let who proposed or supported these support ``target``.

        Everybody counts once, and keeps the suggestion they know as the one they read of.
        """
        supports = {row.partner_id: row for row in target.support_ids}
        for source in self:
            for row in source.support_ids:
                target._take_over(supports, row.partner_id, row.told_date, row.origin_id or source, row)
            if source.partner_id:
                target._take_over(supports, source.partner_id, source.told_date, source)
        # sudo: where a suggestion went is written by merging alone; earlier ones may be others' to handle.
        earlier = self.sudo().with_context(active_test=False).search([("merged_into_id", "in", self.ids)])
        earlier.merged_into_id = target
        self.sudo().merged_into_id = target
        self.active = False
        # As comments, of which customers read no internal ones: one need not know the other's subject.
        for source in self:
            source.message_post(
                body=self.env._("Merged into %(target)s.", target=target._get_html_link()), message_type="comment"
            )
            target.message_post(
                body=self.env._("%(merged)s was merged into this suggestion.", merged=source._get_html_link()),
                message_type="comment",
            )
        target._tell_when_implemented()
        return super()._merge_checked(target)

    def _take_over(self, supports, partner, told_date, origin, row=None):
        """Count one more supporter of ``self``, unless they count already.

        :param supports: {partner: support} of ``self``, kept up to date here
        :param row: the support that moves; none: the partner proposed ``origin``
        """
        kept = self if partner == self.partner_id else supports.get(partner)
        if kept:
            # Whoever was told of one of the two is not told again of the other.
            # sudo: who was told is nobody's to write by hand.
            kept.sudo().told_date = kept.told_date or told_date
            if row:
                # sudo: it counts once, whoever noted it; the right to change both suggestions was checked.
                row.sudo().unlink()
            return
        values = {"suggestion_id": self.id, "origin_id": origin.id}
        # sudo: as above; where a support came from is written by merging alone.
        if row:
            row.sudo().write(values)
        else:
            row = self.env["customer.suggestion.support"].sudo().create(
                {**values, "partner_id": partner.id, "told_date": told_date}
            )
        supports[partner] = row
