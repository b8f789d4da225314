"""What all pages about the gains of a customer have in common: whose they are, and what they say after an action."""

from odoo.exceptions import UserError
from odoo.http import request

from ..voice.customer_pages import CustomerPages, is_employee

HOME = "/my/benefit"
NOTICE = "benefit_notice"


class BenefitPages(CustomerPages):
    """Pages of the customer's own family: whatever an address or a form names is looked up there, and nowhere else."""

    def _sees_benefit(self):
        """Tell whether there are such pages for whoever is signed in.

        Employees have their own screens. What they say here would count as said by a customer.
        """
        partner = request.env.user.partner_id
        return not is_employee() and partner._customer_sees_benefit(request.env.company)

    def _benefit_env(self):
        """Return an environment as superuser that tells days as the customer reads them.

        :raise NotFound: where the company, or the customer, has these pages switched off
        """
        if not self._sees_benefit():
            raise request.not_found()
        return request.env.user.partner_id._customer_benefit_env(request.env.company)

    def _family(self):
        """Return the customer whose figures these are."""
        # sudo: customers may not read the company that they belong to in each case.
        return request.env.user.partner_id.sudo().commercial_partner_id

    def _myself(self, env):
        """Return the contact of whoever is signed in, in ``env``."""
        return request.env.user.partner_id.with_env(env)

    def _find_own(self, env, model, record_id):
        """Return a record that is shown to this customer, as superuser, or nothing."""
        records = env[model]
        domain = records._customer_domain(self._family(), request.env.company)
        # Odoo takes larger numbers from an address than the database has ids.
        return records.search([("id", "=", record_id), *domain]) if 0 < record_id < 2**31 else records

    def _prepare_portal_layout_values(self):
        return {**super()._prepare_portal_layout_values(), "sees_benefit": self._sees_benefit()}

    # What a page says after an action

    def _say(self, text, kind="success", url=HOME):
        """Go to a page that says ``text`` once."""
        request.session[NOTICE] = {"kind": kind, "text": text}
        return request.redirect(url)

    def _say_gone(self, url=HOME):
        """Say that something is not there; whether it ever was, or is somebody else's, is told to nobody."""
        return self._say(
            request.env._("This is no longer here. Here is what there is now."), "warning", url
        )

    def _take_room(self, kind):
        """Count one use; return what to say when there were too many of late, or nothing."""
        try:
            request.env["customer.voice.flood"]._check_room((kind, str(request.env.uid)))
        except UserError as error:
            return str(error)
        return ""

    def _render_benefit(self, template, page_name, **values):
        """Render one of these pages."""
        return request.render(f"crm_customer_value.{template}", {
            **self._prepare_portal_layout_values(),
            "page_name": page_name,
            "notice": request.session.pop(NOTICE, None),
            **values,
        })
