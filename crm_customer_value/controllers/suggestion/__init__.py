from . import suggestions
