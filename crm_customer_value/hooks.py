"""What happens once, at installation and removal."""

from odoo.tools import SQL


def post_init_hook(env):
    """Give every company a policy and numbers, and have the first values computed by the scheduled action."""
    companies = env["res.company"].search([])
    for company in companies:
        env["customer.value.policy"]._get_active(company)
    companies._create_complaint_sequences()
    env["customer.value.run"]._enqueue(companies)


def uninstall_hook(env):
    """Drop what the ORM does not know: working tables of runs that never ended."""
    env.cr.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'customer\\_value\\_work\\_%'"
    )
    for (table,) in env.cr.fetchall():
        env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(table)))
