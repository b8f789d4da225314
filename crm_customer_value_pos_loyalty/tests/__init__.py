from . import test_pos_cards
