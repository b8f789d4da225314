"""How sure a score of answers is: the range in which the score of all customers lies, with 95 % confidence."""

from math import sqrt

# Of the normal distribution: 95 % lie within so many standard deviations.
Z = 1.959963984540054
# Fewer answers are too few to say: a single customer would move the score by more than ten points of a hundred.
FEW = 10


def nps(promoters, passives, detractors):
    """Return (score, low, high) of the Net Promoter Score, from -100 to 100, or None without answers.

    The interval is the adjusted Wald interval with three answers added, one quarter each promoters and detractors, that
    covers best of those compared by Rocks, "Interval Estimation for the 'Net Promoter Score'", The American
    Statistician 70 (2016), 365-372. Without them, three promoters would be 100 for sure.
    """
    count = promoters + passives + detractors
    if not count:
        return None
    more = count + 3
    happy, unhappy = (promoters + 0.75) / more, (detractors + 0.75) / more
    middle = happy - unhappy
    reach = Z * sqrt((happy + unhappy - middle * middle) / more)
    return (
        100 * (promoters - detractors) / count,
        100 * max(-1.0, middle - reach),
        100 * min(1.0, middle + reach),
    )


def share(happy, count):
    """Return (share, low, high) in percent, or None without answers.

    The interval is Wilson's score interval: Newcombe, "Two-sided confidence intervals for the single proportion",
    Statistics in Medicine 17 (1998), 857-872, method 3.
    """
    if not count:
        return None
    part = happy / count
    middle = (part + Z * Z / (2 * count)) / (1 + Z * Z / count)
    reach = Z / (1 + Z * Z / count) * sqrt(part * (1 - part) / count + Z * Z / (4 * count * count))
    return 100 * part, max(0.0, 100 * (middle - reach)), min(100.0, 100 * (middle + reach))


def differ(one, other):
    """Tell whether two scores, as returned above, are clearly different: by the square root of their squared reaches.

    Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17
    (1998), 873-890, method 10, which needs nothing but the two intervals.

    :return: 1 if ``one`` is clearly higher, -1 if it is clearly lower, 0 if one cannot tell
    """
    (score, low, high), (other_score, other_low, other_high) = one, other
    change = score - other_score
    if change - sqrt((score - low) ** 2 + (other_high - other_score) ** 2) > 0:
        return 1
    if change + sqrt((high - score) ** 2 + (other_score - other_low) ** 2) < 0:
        return -1
    return 0
