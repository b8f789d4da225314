from . import models


def post_init_hook(env):
    """Have everybody computed anew: orders of years that were paid by card count in full from now on."""
    env["customer.value.run"]._enqueue(env["res.company"].search([]))
