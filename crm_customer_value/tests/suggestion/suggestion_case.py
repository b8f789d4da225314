from odoo.fields import Datetime
from odoo.tests import TransactionCase, new_test_user

CRON = "crm_customer_value.ir_cron_customer_suggestion_tell"


class SuggestionCase(TransactionCase):
    """A bakery with two contacts, a kiosk and a private person, each with a portal user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Suggestion Company", "email": "we@example.com"})
        cls.other_company = cls.env["res.company"].create({"name": "Another Company"})
        cls.env.user.company_ids |= cls.company | cls.other_company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.bakery = cls._partner("Sugg Bakery", is_company=True, email="bakery@example.com")
        cls.baker = cls._partner("Sugg Baker", parent_id=cls.bakery.id, email="baker@example.com")
        cls.helper = cls._partner("Sugg Helper", parent_id=cls.bakery.id, email="helper@example.com")
        cls.kiosk = cls._partner("Sugg Kiosk", is_company=True, email="kiosk@example.com")
        cls.person = cls._partner("Sugg Person", email="person@example.com")
        cls.baker_user = cls._portal_user("sugg_baker", cls.baker)
        cls.helper_user = cls._portal_user("sugg_helper", cls.helper)
        cls.kiosk_user = cls._portal_user("sugg_kiosk", cls.kiosk)
        cls.person_user = cls._portal_user("sugg_person", cls.person)
        staff = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.clerk = new_test_user(
            cls.env, "sugg_clerk", name="Carla Clerk", groups="crm_customer_value.group_service_own", **staff
        )
        cls.manager = new_test_user(
            cls.env, "sugg_manager", groups="crm_customer_value.group_service_manager", **staff
        )
        cls.internal = new_test_user(cls.env, "sugg_internal", groups="base.group_user", **staff)
        cls.stages = {
            stage.state: stage for stage in cls.env["customer.suggestion.stage"].search([]).sorted("id", reverse=True)
        }
        # What exists already, like a demo story, is told: only what a test makes is to be counted.
        for model in ("customer.suggestion", "customer.suggestion.support"):
            rows = cls.env[model].sudo().with_context(active_test=False).search([("told_date", "=", False)])
            rows.told_date = Datetime.now()
        cls.area = cls.env["customer.suggestion.area"].create({"name": "Parcels"})

    @classmethod
    def _partner(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _portal_user(cls, login, partner):
        return new_test_user(
            cls.env, login, groups="base.group_portal", partner_id=partner.id, name=partner.name, email=partner.email,
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def _suggest(cls, name, partner, state="review", public=True, **values):
        suggestion = cls.env["customer.suggestion"].create({
            "name": name,
            "partner_id": partner.id,
            "company_id": cls.company.id,
            "is_public": public,
            "description": f"<p>{name}, please</p>",
            "area_id": cls.area.id,
            **values,
        })
        if state != "new":
            suggestion.stage_id = cls.stages[state]
        return suggestion

    @classmethod
    def _support(cls, suggestion, *partners):
        return cls.env["customer.suggestion.support"].create([
            {"suggestion_id": suggestion.id, "partner_id": partner.id} for partner in partners
        ])

    def _tell(self):
        """Run the scheduled action and return the messages it put into the queue."""
        known = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([("id", "not in", known.ids)])
