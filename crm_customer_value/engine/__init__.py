"""Numbers and SQL of customer value.

Nothing in this package imports from ``models``: every function gets what it needs
(identifiers, dates, cut-points) as arguments and returns ``SQL`` objects or plain values.
"""
