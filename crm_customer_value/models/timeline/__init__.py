"""One picture of a customer: what happened, newest first, and what to know before a visit.

Rooms after this one add what they have to tell in files customer_timeline.py and customer_profile.py.
"""

from . import customer_timeline
from . import customer_timeline_purchase
from . import customer_timeline_story
from . import customer_profile
from . import customer_profile_report
from . import mail_template
from . import res_partner
