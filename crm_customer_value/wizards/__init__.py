"""Dialogs, in the rooms of the models and in their order: what is extended before what extends it."""

from . import value
from . import lifecycle
from . import story
from . import purchase
from . import voice
from . import complaint
from . import suggestion
from . import satisfaction
# Last, so that it is asked first: nothing of a contact is written before that.
from . import salesperson
