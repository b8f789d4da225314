"""Make the bundles of JavaScript and CSS that pages need, as Odoo does before it runs browser tests.

Run by ``./dev`` as ``./dev shell`` runs scripts, in a database that others are copied from. Without it the first
page of each copy takes some twenty seconds, and in tests each page does: what a test makes is taken back.
"""

# Pages load these when they need them, so Odoo does not find them in its templates.
LATER = ("bus.websocket_worker_assets", "portal.assets_chatter", "portal.assets_chatter_style", "web.chartjs_lib")

qweb = env["ir.qweb"]
qweb._pregenerate_assets_bundles()
for name in LATER:
    bundle = qweb._get_asset_bundle(name)
    bundle.js()
    bundle.css()
env.cr.commit()
