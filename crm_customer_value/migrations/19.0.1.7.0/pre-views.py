"""Old views hold beside the new ones, until the update comes to them.

An update checks each view together with those that extend it, which are still the old ones, and ends when they name a
field that is gone. Views that people made would end it likewise.
"""

import re

# {model: (the selection there was, the link there is)}
RENAMED = {
    "customer.complaint": ("channel", "channel_id"),
    "res.partner": ("service_channel", "service_channel_id"),
}
# Needs are read by more people now than the goals that its buttons are about.
BUTTONS = "customer_need_view_form_goal"
GROUP = "crm_customer_value.group_service_own"


def migrate(cr, version):
    """Have views show and group by the link, in all languages, and buttons show to who may read what they need."""
    if not version:
        return
    for model, (old, new) in RENAMED.items():
        cr.execute(
            "SELECT id, arch_db::text FROM ir_ui_view WHERE model = %s AND type <> 'qweb' AND arch_db::text ~ %s",
            [model, rf"\y{old}\y"],
        )
        # A quotation mark of the view is \" in the stored JSON.
        named = re.compile(rf"""(\bname=|'group_by':\s*)(\\?["']){old}(\\?["'])""")
        for view_id, arch in cr.fetchall():
            cr.execute("UPDATE ir_ui_view SET arch_db = %s WHERE id = %s", [named.sub(rf"\1\2{new}\3", arch), view_id])
    cr.execute(
        r"""UPDATE ir_ui_view view
               SET arch_db = REPLACE(arch_db::text, 'type=\"object\"', 'type=\"object\" groups=\"' || %s || '\"')::jsonb
              FROM ir_model_data data
             WHERE data.module = 'crm_customer_value' AND data.name = %s AND data.model = 'ir.ui.view'
               AND data.res_id = view.id AND arch_db::text NOT LIKE %s""",
        [GROUP, BUTTONS, "%groups=%"],
    )
