from . import statement
from . import figures
from . import goals
from . import needs
