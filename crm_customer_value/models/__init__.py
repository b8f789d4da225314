"""The rooms, in the order in which they are loaded: what is extended before what extends it."""

# Every room stands on it.
from . import base
# Imports none of the rooms after it; most of them extend the value or the run.
from . import value
# Places customers in the course of a run.
from . import lifecycle
# Keeps what a run has written, and tries other rules with it, those of the stages too.
from . import story
# The door to the timeline, before the rooms that have something to tell in it.
from . import timeline
# Marks customers whose value changes.
from . import purchase
# The mixins of complaints and suggestions, before both of them.
from . import voice
# The channels, which preferences and complaints name.
from . import contact
# Mixins of what is promised to be done in time, and of what is passed on from team to team.
from . import deadline
from . import flow
# Inherits from the mixins above, and comes before the rooms that extend it.
from . import complaint
# May come out of a complaint, which gets a button to it.
from . import suggestion
# Extends values, runs, complaints and suggestions, so it comes after all of them.
from . import satisfaction
# Needs come out of complaints and suggestions, and count in values.
from . import need
# Goals meet needs.
from . import benefit
# Answers count in the emotional score.
from . import feedback
# Rules wait for what all other rooms tell.
from . import care
# Leaves the same customers out as care does, so that both are measured.
from . import offer
# What leads may be worth follows from what customers brought, and who brought them.
from . import acquisition
# Customers who go: stages, contacts, complaints and care say who and why.
from . import rescue
# Puts on lists what all other rooms find worth doing.
from . import action
# Last, so that it is asked first: nothing of a contact is written before that.
from . import salesperson
