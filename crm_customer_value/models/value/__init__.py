"""What a customer is worth: the index, its policy, the runs that compute it, and where it shows."""

# The class, and what extends it.
from . import customer_value
from . import customer_value_development
from . import customer_value_worth
from . import customer_value_open
from . import customer_value_outlook
from . import customer_value_activity
# After the amounts that it shows.
from . import customer_value_amounts
from . import customer_value_board
from . import customer_value_next_step
from . import customer_value_next_action
from . import customer_value_actions
from . import customer_value_opening
# The parts before what is told of them.
from . import customer_value_parts
from . import customer_value_explanation
from . import customer_value_headline
# Before the models of Odoo that inherit it.
from . import customer_value_mixin
from . import customer_value_source
from . import customer_value_purchase
from . import customer_value_purchase_count
# Rules, runs by them, and whom they are for.
from . import customer_value_policy
from . import customer_value_policy_weight
from . import customer_value_weight_choice
from . import customer_value_run
from . import customer_value_run_facts
from . import customer_value_run_owners
from . import customer_value_run_process
from . import customer_value_run_outlook
from . import customer_value_mark
# Models of Odoo.
from . import res_partner
from . import res_partner_next_step
from . import res_partner_money
from . import sale_order
from . import sale_order_line
from . import account_move
from . import account_account
from . import account_move_line
from . import account_partial_reconcile
from . import account_payment
from . import product_template
from . import uom_uom
from . import crm_lead
from . import res_config_settings
