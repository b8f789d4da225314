"""The likelihoods of the models of ``clv`` and their slopes. Needs numpy and scipy only.

Slopes are by the logarithms of the parameters, which is what the search moves.
"""

import numpy as np
from scipy.special import digamma, gammaln


class PurchaseLikelihood:
    """The likelihood of MBG/CNBD-k, or of BG/CNBD-k, on distinct rows with weights.

    :param t_x: and ``T``: in any unit; the likelihood is a density in that unit
    :param bool late: nobody leaves at the first purchase
    """

    def __init__(self, x, t_x, T, weights, late):
        self.x, self.t_x, self.T, self.weights, self.late = x, t_x, T, weights, late
        self.idle = T - t_x
        self.total, self.purchases, self.weeks = weights.sum(), _dot(weights, x), _dot(weights, T)
        # Γ and ψ are dear, and there are few values of x.
        self.values, self.place = _values(x)
        self.count = np.bincount(self.place, weights)
        # Who cannot have left yet tells nothing about a and b.
        self.sure = np.flatnonzero((x == 0) & late)
        self.leaving = np.where((self.values == 0) & late, 0.0, 1.0)

    def part(self, size):
        """Return the likelihood on the first ``size`` rows."""
        return PurchaseLikelihood(self.x[:size], self.t_x[:size], self.T[:size], self.weights[:size], self.late)

    def __call__(self, params, k):
        """Return the logarithm of the likelihood and its slope.

        For k = 2 the logarithms of the gaps between purchases, a constant, are left out.
        """
        r, alpha, a, b = params
        place, count, weights = self.place, self.count, self.weights
        n = r + k * self.values
        # The exponents of a customer's Beta distribution are a and this, before the last chance to leave.
        stayed = np.where(self.leaving, b + self.values - self.late, 1.0)
        row_n, age, start = n[place], alpha + self.T, alpha + self.t_x
        ratio = self.idle / start
        faded, log_start = np.log1p(ratio), np.log(start)
        odds = -row_n * faded
        by_r, by_alpha = -faded, row_n * ratio / age
        if k == 2:  # silence may also hold one hidden event
            past = self.idle / age
            hidden = 1 + row_n * past
            odds += np.log(hidden)
            by_r += past / hidden
            by_alpha -= row_n * past / (age * hidden)
        silence = odds[self.sure]
        odds += np.log(stayed / a)[place]
        # either = ln(1 + e^odds), for left or alive, and alive = 1 / (1 + e^-odds), without overflow
        fall = np.exp(-np.abs(odds))
        either = np.maximum(odds, 0) + np.log1p(fall)
        alive = np.where(odds > 0, 1, fall) / (1 + fall)
        either[self.sure], alive[self.sure] = silence, 1
        alive *= weights
        left, alive_by_x = count * self.leaving, np.bincount(place, alive) * self.leaving
        value = (
            _dot(count, gammaln(n) - gammaln(r) + r * np.log(alpha)) + _dot(weights, either - row_n * log_start)
            + _dot(left, gammaln(stayed) - gammaln(a + stayed + 1) + gammaln(a + b) - gammaln(b) + np.log(a))
        )
        both = digamma(a + b) - digamma(a + stayed + 1)
        slope = (
            r * (_dot(count, digamma(n) - digamma(r) + np.log(alpha)) - _dot(weights, log_start) + _dot(alive, by_r)),
            self.total * r + alpha * (_dot(alive, by_alpha) - _dot(weights, row_n / start)),
            a * _dot(left, both) + left.sum() - alive_by_x.sum(),
            b * (_dot(left, both + digamma(stayed) - digamma(b)) + _dot(alive_by_x, 1 / stayed)),
        )
        return value, np.array(slope)


class SpendLikelihood:
    """The likelihood of Gamma-Gamma: the mean of ``x`` purchases is ``mean``, above 0."""

    def __init__(self, x, mean, weights):
        self.x, self.weights, self.total = x, weights, weights.sum()
        self.log_x, self.log_mean, self.spent = np.log(x), np.log(mean), x * mean
        self.values, self.place = _values(x)
        self.count = np.bincount(self.place, weights)

    def __call__(self, params):
        """Return the logarithm of the likelihood and its slope."""
        p, q, gamma = params
        values, count, weights = self.values, self.count, self.weights
        end, reach = p * values + q, gamma + self.spent
        row_end, log_reach = end[self.place], np.log(reach)
        value = (
            _dot(count, gammaln(end) - gammaln(p * values) - gammaln(q) + q * np.log(gamma))
            + _dot(weights, (p * self.x - 1) * self.log_mean + p * self.x * self.log_x - row_end * log_reach)
        )
        slope = (
            p * (_dot(count, values * (digamma(end) - digamma(p * values)))
                 + _dot(weights, self.x * (self.log_mean + self.log_x - log_reach))),
            q * (_dot(count, digamma(end) - digamma(q) + np.log(gamma)) - _dot(weights, log_reach)),
            self.total * q - gamma * _dot(weights, row_end / reach),
        )
        return value, np.array(slope)


def _dot(one, other):
    """Return the sum of products, without BLAS: its threads wait for each other, and their number shows in the sum."""
    return np.einsum("i,i", one, other)


def _values(x):
    """Return the distinct values of x, and the number of each row's value: ``np.unique`` for small whole numbers."""
    if x.max() > 1e7:
        return np.unique(x, return_inverse=True)
    whole = x.astype(np.intp)
    found = np.bincount(whole) > 0
    return np.flatnonzero(found).astype(float), (np.cumsum(found) - 1)[whole]
