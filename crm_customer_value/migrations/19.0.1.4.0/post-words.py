"""Give databases the new words of e-mails and of service flows, where nobody has written their own.

Both belong to the customers' own data and are not loaded again with an update.
"""

from odoo import SUPERUSER_ID, api

MODELS = ("customer.complaint", "customer.suggestion", "customer.suggestion.support")
FLOWS = {
    "service_flow_steps": (
        "Your concern goes to those who know most about it, one after the other. Each team has its time; when that is "
        "up, the next one takes over by itself, with everything that was done so far.",
        "Your request goes to the teams that know most about it, one after another. Each team has a set time. When it "
        "is up, the next team takes over and knows everything done so far.",
    ),
    "service_flow_one_contact": (
        "One person whom you know by name looks after everything, from beginning to end.",
        "One person whom you know by name handles everything from start to finish.",
    ),
}


def migrate(cr, version):
    """Load the templates again that nobody has changed, and the descriptions that are as they were."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
    # What the update has loaded so far is not all in the database yet.
    env.flush_all()
    templates = env["mail.template"].search([("model", "in", MODELS)])
    templates.filtered(lambda template: template.write_date == template.create_date).reset_template()
    for name, (old, new) in FLOWS.items():
        flow = env.ref(f"crm_customer_value.{name}", raise_if_not_found=False)
        if flow and flow.description == old:
            flow.description = new
