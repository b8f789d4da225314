from . import models


def post_init_hook(env):
    """Have everybody computed anew: what was paid by card in years of orders counts in full from now on."""
    env["customer.value.run"]._enqueue(env["res.company"].search([]))
