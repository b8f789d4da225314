from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.fact.measures import Measure
from odoo.addons.crm_customer_value.models.timeline.customer_profile import ProfileLine, ProfileSection


class ExampleRecommendation(models.Model):
    """A customer recommended the company to somebody."""

    _name = "example.recommendation"
    _description = "Example of a Measure"
    _inherit = ["customer.value.source"]

    partner_id = fields.Many2one("res.partner", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date = fields.Date(required=True, default=fields.Date.context_today)

    _value_reads = frozenset(("partner_id", "company_id", "date"))

    def _value_customers(self):
        for company, recommendations in self.grouped("company_id").items():
            yield recommendations.partner_id, company


class CustomerValueRun(models.Model):
    _inherit = "customer.value.run"

    def _measures(self, scope):
        return super()._measures(scope) | {"recommendations": Measure({"recommended": "integer"}, SQL(
            """SELECT contact.commercial_partner_id AS partner_id, LEAST(10, COUNT(*)) AS recommended
                 FROM example_recommendation o JOIN res_partner contact ON contact.id = o.partner_id
                WHERE %s AND o.date <= %s AND %s
                GROUP BY contact.commercial_partner_id""",
            scope.mine("o"), scope.as_of, scope.partners(SQL("contact.commercial_partner_id")),
        ))}

    def _prospects(self, scope):
        """Whoever recommends the company may buy one day."""
        return [*super()._prospects(scope), SQL(
            "SELECT o.partner_id FROM example_recommendation o WHERE %s AND o.date <= %s", scope.mine("o"), scope.as_of,
        )]

    def _benefit_answers(self, scope):
        """A recommendation is the best answer that there is."""
        return super()._benefit_answers(scope) | {"recommendation": SQL(
            """SELECT contact.commercial_partner_id AS partner_id, o.partner_id AS contact_id,
                      %s AS answered, 100 AS points
                 FROM example_recommendation o JOIN res_partner contact ON contact.id = o.partner_id
                WHERE %s AND %s""",
            scope.moment(SQL("o.date")), scope.mine("o"), scope.partners(SQL("contact.commercial_partner_id")),
        )}


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _number_of(self, customer):
        return self.env["example.recommendation"].search_count([("partner_id", "child_of", customer.id)])

    @api.model
    def _figures(self, customer):
        number = self._number_of(customer)
        return super()._figures(customer) | ({"recommended": ("Recommended us", f"{number} times")} if number else {})

    @api.model
    def _sections(self, customer):
        number = self._number_of(customer)
        lines = [ProfileLine("Recommendations", str(number))] if number else []
        return super()._sections(customer) | {"recommendation": ProfileSection("Word of Mouth", 5, lines)}
