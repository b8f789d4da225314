from . import voice
from . import purchase
from . import lifecycle
from . import value
from . import story
from . import complaint
from . import suggestion
