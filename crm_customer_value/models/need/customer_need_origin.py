"""A need comes out of a conversation, a complaint, a suggestion or an opportunity, and takes over its customer."""

from odoo import api, fields, models

# The links to what a need may come from, and the source that they are.
ORIGINS = {"complaint_id": "complaint", "suggestion_id": "suggestion", "lead_id": "opportunity"}


class CustomerNeed(models.Model):
    _inherit = "customer.need"

    source = fields.Selection(
        [
            ("staff", "Conversation"),
            ("visit", "Visit"),
            ("survey", "Survey"),
            ("complaint", "Complaint"),
            ("suggestion", "Suggestion"),
            ("opportunity", "Opportunity"),
            ("portal", "Portal"),
        ],
        default="staff", required=True,
    )
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", index="btree_not_null", check_company=True, ondelete="set null",
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
    )
    complaint_id = fields.Many2one(
        "customer.complaint", index="btree_not_null", check_company=True, ondelete="set null",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    suggestion_id = fields.Many2one(
        "customer.suggestion", index="btree_not_null", check_company=True, ondelete="set null"
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"source", "lead_id", "complaint_id", "suggestion_id"}

    @api.model
    def default_get(self, fields):
        """Fill in a new form from what the need comes from."""
        defaults = super().default_get(fields)
        named = {name: defaults.get(name) or self.env.context.get(f"default_{name}") for name in ORIGINS}
        for name, value in self._origin_values(named).items():
            if name in fields and f"default_{name}" not in self.env.context:
                defaults[name] = value
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**self._origin_values(vals), **vals} for vals in vals_list])

    @api.model
    def _origin_values(self, vals):
        """Return what a need takes from the complaint, suggestion or opportunity that ``vals`` name, as values.

        What the user may not read gives nothing; that it is named at all is refused elsewhere.
        """
        for name, source in ORIGINS.items():
            if not vals.get(name):
                continue
            model = self.env[self._fields[name].comodel_name]
            origin = model.browse(self._named_ids(name, vals[name])).exists()._filtered_access("read")
            if origin:
                values = {
                    "source": source, "partner_id": origin.partner_id.id, "company_id": origin.company_id.id,
                    # What it is about, and not what meets the need.
                    "product_categ_id": "product_id" in origin._fields and origin.product_id.categ_id.id,
                }
                return {name: value for name, value in values.items() if value}
        return {}

    @api.model
    def _views_of_both_kinds(self):
        """Return the views of an action that shows needs and objections: in no columns of the states of needs."""
        kanban = self.env.ref("crm_customer_value.customer_need_view_kanban_objection")
        return [(False, "list"), (kanban.id, "kanban"), (False, "form")]

    @api.model
    def _action_note(self, kind, context):
        """Return the small dialog in which one notes a need or an objection."""
        self.check_access("create")
        view, title = {
            "need": ("customer_need_view_form_note", self.env._("Note a Need")),
            "objection": ("customer_need_view_form_objection", self.env._("Note an Objection")),
        }[kind]
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "views": [(self.env.ref(f"crm_customer_value.{view}").id, "form")],
            "target": "new",
            "context": context,
        }
