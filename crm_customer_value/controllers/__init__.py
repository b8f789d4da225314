from . import voice
from . import complaint
from . import flow
from . import suggestion
from . import benefit
from . import feedback
from . import care
from . import offer
