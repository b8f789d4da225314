"""Moments of ./dev clocks, and what moves a process there."""

from datetime import UTC, datetime, timedelta

import pytest

from tools import cli, clock
from tools.messages import NeedsAction


def test_moments_are_the_days_they_are_named_after():
    moments = {name: clock.parse_moment(name) for name in clock.MOMENTS}
    assert moments["sunday-night"].weekday() == 6
    assert (moments["sunday-night"] + timedelta(minutes=10)).weekday() == 0
    assert moments["monday-morning"].weekday() == 0
    assert (moments["leap-day"].month, moments["leap-day"].day) == (2, 29)
    assert (moments["new-years-eve"] + timedelta(minutes=10)).year == moments["new-years-eve"].year + 1
    for name, month in (("summer-time", 3), ("winter-time", 10)):
        # The last Sunday of the month, shortly before 01:00 UTC.
        moment = moments[name]
        assert (moment.month, moment.weekday(), moment.hour) == (month, 6, 0)
        assert (moment + timedelta(days=7)).month == month + 1


def test_any_moment_can_be_given():
    assert clock.parse_moment("2028-02-29T23:50") == datetime(2028, 2, 29, 23, 50, tzinfo=UTC)
    with pytest.raises(NeedsAction, match="leap-day"):
        clock.parse_moment("yesterday")


def test_the_clock_is_moved_by_a_difference():
    # Each process moved to a moment of its own start would be late by another amount.
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    assert clock.environment(moment, moment.timestamp() - 90)["FAKETIME"] == "+90"
    assert clock.environment(moment, moment.timestamp() + 90.2)["FAKETIME"] == "-90"


def test_arguments():
    options = cli.parse(["clocks", "--at", "leap-day", "--", "-x", "tools/tests"])
    assert (options.at, options.rest) == (["leap-day"], ["-x", "tools/tests"])
    assert cli.parse(["clocks"]).at == []
