"""What customers gain from us: what is measured of it, what was agreed to be reached, and what was measured."""

from . import customer_benefit_metric
from . import customer_benefit_metric_portal
from . import customer_benefit_goal
from . import customer_benefit_lock
from . import customer_benefit_record
from . import customer_benefit_record_correction
from . import customer_benefit_import_batch
from . import customer_benefit_record_bulk
from . import customer_benefit_record_overlap
from . import customer_benefit_record_metric
from . import res_company_retention
from . import res_config_settings_retention
from . import customer_benefit_correction
# What they add to other models.
from . import customer_need_type
from . import customer_need
from . import calendar_event
from . import res_partner
from . import res_partner_review
from . import customer_benefit_goal_portal
# What the customer says of a record, before what the portal shows of it.
from . import customer_benefit_record_judgement
from . import customer_benefit_record_portal
from . import customer_benefit_statement_report
from . import res_company_portal
from . import res_config_settings_portal
from . import res_partner_portal
from . import res_partner_statement
from . import customer_benefit_record_value
from . import rating_rating
from . import customer_value_policy
from . import customer_value
from . import customer_value_story
from . import customer_value_run
from . import customer_value_snapshot
from . import customer_value_mixin
from . import res_config_settings
from . import customer_value_advice
from . import customer_value_both_sides
from . import customer_value_product_sides
from . import customer_value_their_side
from . import product_template_sides
from . import res_partner_sides
from . import customer_timeline
from . import customer_profile
from . import res_users_settings
