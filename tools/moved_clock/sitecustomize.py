"""Loaded by every Python that runs under ./dev clocks: a sleep that libfaketime 0.9.10 can bear.

Python waits with clock_nanosleep() until a moment of the monotonic clock. That version of libfaketime, which is
Debian 12's, takes the moment for one of the moved clock and refuses it.
"""

import select
import time


def sleep(seconds):
    """Wait like ``time.sleep``, by another call of the system."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
