"""Promises in working time, and what follows when they are not kept."""

# Rules of deadlines.
from . import customer_complaint_sla
from . import customer_complaint_sla_level
# The clock, before what asks it.
from . import customer_complaint_clock
from . import customer_complaint_time_left
from . import customer_complaint_escalation
from . import customer_complaint_response
# Models of Odoo.
from . import resource_calendar
from . import resource_calendar_clock
