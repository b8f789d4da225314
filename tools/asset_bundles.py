"""Make the bundles of JavaScript and CSS that pages need, as Odoo does before it runs browser tests.

Run by ``./dev`` as ``./dev shell`` runs scripts, in a database that others are copied from. Without it the first
page of each copy takes some twenty seconds, and in tests each page does: what a test makes is taken back.
"""

env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
