from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_customer_value.models.voice.html_from_outside import plain_copy


class CustomerSuggestion(models.Model):
    _inherit = "customer.suggestion"

    task_id = fields.Many2one(
        "project.task", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    # A task without a project has no stage. Not by a related field: those are read as superuser, and the task may be
    # of a project one may not see.
    task_state = fields.Selection(
        selection=lambda self: self.env["project.task"]._fields["state"]._description_selection(self.env),
        compute="_compute_task_state",
    )

    @api.depends("task_id.state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_task_state(self):
        readable = self.task_id._filtered_access("read")
        for suggestion in self:
            suggestion.task_state = (suggestion.task_id & readable).state

    def action_create_task(self):
        """Make a task of this suggestion, once, and open it."""
        self.ensure_one()
        # Two people who click at the same time get one task.
        self.check_access("write")
        self.lock_for_update()
        if not self.task_id:
            # sudo: a suggestion leads to the task that is made of it, and to no other.
            self.sudo().task_id = self.env["project.task"].create(self._prepare_task_values())
            self.task_id.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": self.task_id, "origin": self},
                subtype_xmlid="mail.mt_note",
            )
        return self.action_view_task()

    def _prepare_task_values(self):
        """Return the values of the task made of this suggestion.

        The task does not carry the customer: it would follow the task, and other customers may
        support the suggestion too.
        """
        user = self.user_id or self.env.user
        project = self.area_id.project_id
        if project.company_id and project.company_id != self.company_id:
            project = project.browse()
        return {
            "name": self.name,
            "description": plain_copy(self.description),
            "company_id": self.company_id.id,
            "project_id": project.id,
            "user_ids": [fields.Command.link(user.id)],
        }

    def action_view_task(self):
        """Open the task made of this suggestion."""
        self.ensure_one()
        if self.task_id and not self.task_id.has_access("read"):
            # sudo: only to say whom to ask.
            names = self.task_id.sudo().user_ids.mapped("name")
            raise UserError(
                self.env._(
                    "You may not see this task. Ask %(names)s, or have tasks of the area made in a project: "
                    "Configuration > Suggestion Areas.",
                    names=", ".join(names) or self.env._("an administrator of the project"),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "project.task",
            "res_id": self.task_id.id,
            "views": [(False, "form")],
        }
