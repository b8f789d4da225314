from . import test_card_purchases
from . import test_loyalty_panel
from . import test_loyalty_reads
