"""Text that may reach a header of an e-mail, on one line."""

import re

# Line breaks of every kind, other control characters, and those that turn the direction of reading.
UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def one_line(text):
    """Return ``text`` without line breaks and control characters; each run of them is one space."""
    return UNPRINTABLE.sub(" ", text or "").strip()
