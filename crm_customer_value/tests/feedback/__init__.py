from . import test_intervals
from . import test_asking
from . import test_answering
from . import test_page
from . import test_results
from . import test_scores
from . import test_advocacy
from . import test_word_of_mouth
