from . import customer_contact_channel
from . import customer_contact_log
from . import customer_contact_note
from . import customer_life_event
from . import res_partner
