"""Promises in working time."""
