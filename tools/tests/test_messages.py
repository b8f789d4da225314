"""Failures outside of our power are told in one line."""

import errno

import pytest

from tools import messages
from tools.process import failure


@pytest.mark.parametrize("output, expected", [
    ("tar: a: Cannot write: No space left on device", "disk is full"),
    ("E: Could not get lock /var/lib/dpkg/lock-frontend.", "another package manager"),
    ("E: Unable to locate package odoo-19", "does not have it"),
    ("W: Failed to fetch http://m.example.org/ Temporary failure resolving 'm.example.org'", "network"),
    ("ERROR: Could not find a version\nERROR: No matching distribution found for x==1", "network"),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "expected content"),
])
def test_known_causes(output, expected):
    assert expected in messages.cause_of(output)


def test_an_unknown_cause_is_the_last_line():
    assert messages.cause_of("something else") is None
    assert failure("doing it", "first\nlast\n\n", "setup.log") == "doing it failed: last (details in setup.log)"
    assert "no reason" in failure("doing it", "", "setup.log")


def test_causes_of_os_errors():
    assert "disk is full" in messages.cause_of_os_error(OSError(errno.ENOSPC, "x"))
    assert "/x/y cannot be written" in messages.cause_of_os_error(OSError(errno.EACCES, "x", "/x/y"))
    assert messages.cause_of_os_error(OSError(errno.ENOENT, "x")) is None


def test_exit_codes():
    assert (messages.Stop.exit_code, messages.NeedsAction.exit_code) == (1, 2)
