from . import customer_feedback_preview
from . import base_partner_merge
from . import customer_word_of_mouth
from . import base_partner_merge_referral
