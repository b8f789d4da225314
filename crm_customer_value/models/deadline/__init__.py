"""Promises in working time, and what follows when they are not kept."""

# The clock, before what asks it.
from . import customer_deadline_mixin
from . import customer_deadline_mixin_time_left
from . import customer_deadline_mixin_escalation
from . import customer_deadline_mixin_response
# Models of Odoo.
from . import resource_calendar
from . import resource_calendar_clock
