"""How much stands behind a part of the value index: a part comes and goes gently.

The evidence of n observations is n / (n + k), in whole tenths of a percent, so that what is shown is what was
counted with. Without any the part is not there, which is the same as a weight of nothing.
"""

from odoo.tools import SQL

# So many observations make half of the weight.
DEVELOPMENT_HALF = 3
PAYMENT_HALF = 3
SATISFACTION_HALF = 2
# Below this evidence, in percent, a screen says that there are few data.
THIN = 50
FULL = 1000


def share_sql(number, half):
    """SQL: the evidence of a number of observations, 0 to 1000.

    :param SQL number: an integer, NULL for none
    :param int half: how many make half of the weight
    """
    return SQL(
        "((%(full)s * 2 * COALESCE(%(n)s, 0) + COALESCE(%(n)s, 0) + %(half)s) / (2 * (COALESCE(%(n)s, 0) + %(half)s)))",
        full=FULL, n=number, half=half,
    )
