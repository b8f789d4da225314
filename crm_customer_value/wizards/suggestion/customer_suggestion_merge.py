from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.base.number_fields import Integer


class CustomerSuggestionMerge(models.TransientModel):
    """Asks which of several suggestions the others are merged into."""

    _name = "customer.suggestion.merge"
    _inherit = ["customer.service.wizard"]
    _description = "Merge Suggestions"
    _named_fields = ("suggestion_ids", "target_id")

    suggestion_ids = fields.Many2many(
        "customer.suggestion",
        string="Suggestions",
        required=True,
        default=lambda self: self._chosen("customer.suggestion"),
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    alone_ids = fields.Many2many("customer.suggestion", compute="_compute_alone_ids")
    target_id = fields.Many2one(
        "customer.suggestion",
        string="Merge into",
        required=True,
        compute="_compute_target_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('merged_into_id', '=', False), ('company_id', '=', company_id), ('id', 'not in', alone_ids)]",
    )
    supporter_count = Integer(
        "Supporters Afterwards", compute="_compute_supporter_count", help="Each contact counts once."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"suggestion_ids", "target_id"}

    @api.depends("suggestion_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.suggestion_ids[:1].company_id

    @api.depends("suggestion_ids")
    def _compute_alone_ids(self):
        """One alone is merged into another one, of several one stays."""
        for wizard in self:
            wizard.alone_ids = wizard.suggestion_ids if len(wizard.suggestion_ids) == 1 else False

    @api.depends("suggestion_ids")
    def _compute_target_id(self):
        """Propose the one with most support; of one alone, the user chooses the other."""
        for wizard in self:
            if len(wizard.suggestion_ids) > 1 and not wizard.target_id:
                wizard.target_id = wizard.suggestion_ids.sorted(lambda s: (-s.support_count, s._origin.id))[0]

    @api.depends("suggestion_ids", "target_id")
    def _compute_supporter_count(self):
        for wizard in self:
            both = wizard.suggestion_ids | wizard.target_id
            people = both.support_ids.partner_id | both.partner_id
            wizard.supporter_count = len(people._origin - wizard.target_id.partner_id._origin)

    def action_merge(self):
        """Merge the suggestions and open the one that stays."""
        self.ensure_one()
        if not self.suggestion_ids - self.target_id:
            raise UserError(self.env._("A suggestion cannot be merged into itself. Choose another one."))
        self.suggestion_ids._merge_into(self.target_id)
        return self.target_id._get_records_action(context={})
