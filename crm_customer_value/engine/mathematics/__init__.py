"""Likelihoods, the search for their best parameters, and what to think of the result.

Needs numpy and scipy only.
"""
