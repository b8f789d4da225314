"""Dialogs, in the rooms of the models and in their order: what is extended before what extends it."""

from . import base
# Before the room of values, as ever: PostgreSQL names two of their indexes alike and numbers them in the order in which
# they are made, which is to be the same in new and in updated databases.
from . import lifecycle
from . import value
from . import story
from . import purchase
from . import voice
from . import contact
from . import complaint
from . import suggestion
from . import satisfaction
from . import benefit
from . import feedback
from . import care
from . import offer
from . import rescue
from . import action
# Last, so that it is asked first: nothing of a contact is written before that.
from . import salesperson
