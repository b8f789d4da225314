from . import base_partner_merge
from . import customer_care_preview
from . import customer_care_level_choice
from . import customer_care_level_preview
from . import customer_relationship_break
from . import customer_benefit_privacy
