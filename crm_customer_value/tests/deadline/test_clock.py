"""The clock of promises, without a database: by hand, and against one that counts minute by minute."""

import random
from datetime import UTC, datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...engine.deadline import clock as clocks
from ...engine.deadline.clock import Clock, Course, Level, Promise
from ...engine.deadline.working_time import HOUR, WorkingTime

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OFFICE = ((8, 12), (13, 17))
MORNINGS = ((8, 12),)


def at(text):
    """Return a moment of January 2026, written as ``5 09:00[:00]``; the fifth is a Monday."""
    day, hour = text.split()
    return datetime.fromisoformat(f"2026-01-{int(day):02} {hour}")


def weeks(hours):
    """Return the working time of somebody who works at these hours from Monday to Friday."""
    def load(low, high):
        stamps = []
        while low < high:
            if low.weekday() < 5:
                midnight = low.replace(tzinfo=UTC).timestamp()
                stamps += [(midnight + start * HOUR, midnight + stop * HOUR) for start, stop in hours]
            low += DAY
        return stamps

    return WorkingTime(load)


def promise(acknowledge=4, resolve=16, soon_share=25):
    return Promise({"acknowledge": acknowledge * HOUR, "resolve": resolve * HOUR}, soon_share)


@tagged("post_install", "-at_install")
class TestClock(BaseCase):
    """Worked from 8 to 12 and 13 to 17; promised: four hours to acknowledge, sixteen to resolve."""

    def setUp(self):
        super().setUp()
        self.office, self.promise = weeks(OFFICE), promise()
        self.begun, self.acknowledged, self.target = at("5 09:00"), None, "running"
        self.clock = Clock()

    def _course(self):
        awaited = set() if self.target == "done" else {"resolve"}
        if not self.acknowledged:
            awaited.add("acknowledge")
        return Course(self.begun, self.target, self.acknowledged, frozenset(awaited))

    def _go(self, text, target=None, acknowledged=False, **changes):
        """Go to a moment, and let the clock follow."""
        self.target = target or self.target
        if acknowledged:
            self.acknowledged = at(text)
        self.clock = clocks.advance(
            self.clock, self.promise, self._course(), at(text), **{"time": self.office, **changes}
        )

    def _read(self, text, levels=(), time=None):
        return clocks.read(self.clock, self.promise, self._course(), at(text), time or self.office, levels)

    def _check(self, text, state, deadline=None, missed=()):
        reading = self._read(text)
        self.assertEqual((reading.state, reading.deadline), (state, deadline and at(deadline)))
        self.assertEqual(self.clock.missed, frozenset(missed))

    def test_new(self):
        self._go("5 09:00")
        self.assertEqual(self.clock, Clock(
            "running", at("5 09:00"), deadlines={"acknowledge": at("5 14:00"), "resolve": at("7 09:00")}
        ))

    def test_noted_later(self):
        """Received on Monday, noted on Tuesday: the time in between counts, whether the clock runs or not."""
        self._go("6 10:00")
        self.assertEqual(self.clock.started, at("5 09:00"))
        self._check("6 10:00", "missed", "5 14:00", missed=["acknowledge"])
        self.clock = Clock()
        self._go("6 10:00", "stopped")
        # Seven hours on Monday, two on Tuesday; the promise to acknowledge has four.
        self.assertEqual((self.clock.started, self.clock.used), (None, 9 * HOUR))
        self.assertEqual((self.clock.deadlines, self._read("6 10:00").rest), ({}, -5 * HOUR))

    def test_soon_and_missed(self):
        self._go("5 09:00")
        self._check("5 11:59:59", "in_time", "5 14:00")
        self.assertEqual((self._read("5 11:00").soon_at, self._read("5 11:00").check_at), (at("5 12:00"),) * 2)
        self._check("5 12:00", "soon", "5 14:00")
        self.assertEqual(self._read("5 12:00").check_at, at("5 14:00:01"))
        self._go("5 14:00")
        self._check("5 14:00", "soon", "5 14:00")
        self._go("5 14:00:01")
        self._check("5 14:00:01", "missed", "5 14:00", missed=["acknowledge"])
        # The next thing that happens is the other deadline.
        self.assertEqual(self._read("5 14:00:01").check_at, at("7 09:00:01"))

    def test_acknowledged(self):
        """In time to the second, or late although nobody looked."""
        self._go("5 09:00")
        begun = self.clock
        self._go("5 14:00", acknowledged=True)
        self._check("5 14:00", "in_time", "7 09:00")
        self.clock = begun
        self._go("5 14:00:01", acknowledged=True)
        self._check("5 14:00:01", "in_time", "7 09:00", missed=["acknowledge"])

    def test_stopped_and_resumed(self):
        """Three hours before lunch, and an hour and a half and ten seconds after it."""
        self._go("5 09:00", acknowledged=True)
        self._go("5 14:30:10", "stopped")
        self.assertEqual(self.clock, Clock("stopped", None, 16210))
        self.assertEqual(self._read("6 09:00").rest, 16 * HOUR - 16210)
        self._check("6 09:00", "stopped")
        # 11 h 29 min 50 s are left: 7 h 30 on Wednesday, 3 h 59 min 50 s on Thursday.
        self._go("7 08:30", "running")
        self._check("7 08:30", "in_time", "8 11:59:50")

    def test_missed_before_it_stopped(self):
        self._go("5 09:00", acknowledged=True)
        self._go("7 09:00:01", "stopped")
        self._go("14 09:00", "running")
        self._check("14 09:00", "missed", "7 09:00", missed=["resolve"])

    def test_done_and_opened_again(self):
        """The rest of the time, or a quarter of it where less is left."""
        self._go("5 09:00", acknowledged=True)
        self._go("6 08:00", "done")
        self._check("6 08:00", "done")
        self._go("8 10:00", "running")
        self.assertEqual((self.clock.round, self.clock.used), (1, 7 * HOUR))
        # Nine hours: six on Thursday, three on Friday.
        self._check("8 10:00", "in_time", "9 11:00")
        self._go("9 10:30", "done")
        self._go("12 10:00", "running")
        self.assertEqual((self.clock.round, self.clock.used), (2, 12 * HOUR))
        self._check("12 10:00", "soon", "12 15:00")

    def test_resolved_too_late(self):
        self._go("5 09:00", acknowledged=True)
        self._go("7 09:00:01", "done")
        self._check("7 09:00:01", "done", missed=["resolve"])
        # What is over is not missed once more.
        self.clock = self.clock._replace(missed=frozenset())
        self._go("8 09:00")
        self._check("8 09:00", "done")

    def test_another_promise(self):
        """Counted from the same beginning; taken back, it is no longer due, unless it has passed."""
        self._go("5 09:00")
        self._go("5 10:00", acknowledged=True)
        self.promise = promise(resolve=8)
        self._go("5 11:00", anew=True)
        self._check("5 11:00", "in_time", "6 09:00")
        before = self.clock
        self.promise = promise(resolve=0)
        self._go("6 09:00", anew=True)
        self.assertEqual(self.clock.deadlines, {"acknowledge": at("5 14:00")}, "it was met")
        self.clock = before
        self._go("6 09:00:01", anew=True)
        self.assertEqual(self.clock.deadlines["resolve"], at("6 09:00"))
        self._check("6 09:00:01", "done", missed=["resolve"])

    def test_shorter_promise_that_has_passed(self):
        """Two hours promised after five were used: until 11:00, and already missed."""
        self._go("5 09:00", acknowledged=True)
        self.promise = promise(resolve=2)
        self._go("5 15:00", anew=True)
        self._check("5 15:00", "missed", "5 11:00", missed=["resolve"])

    def test_no_promise(self):
        self.promise = None
        self._go("5 09:00")
        self._check("5 09:00", "none")
        self._go("5 11:00", "stopped")
        self._go("6 08:00", "running")
        self.promise = promise()
        self._go("6 08:00", anew=True, acknowledged=True)
        # Two hours were used: eight on Tuesday, six on Wednesday.
        self._check("6 08:00", "in_time", "7 15:00")
        self.promise = None
        self._go("6 09:00", anew=True)
        self.assertEqual(self.clock.deadlines, {})

    def test_other_hours(self):
        """From Monday 11:00 mornings only: two of sixteen hours are used, and one more that morning."""
        mornings = weeks(MORNINGS)
        self._go("5 09:00", acknowledged=True)
        self._go("5 11:00", time=mornings, before=self.office)
        self.assertEqual((self.clock.started, self.clock.used), (at("5 11:00"), 2 * HOUR))
        # Four each until Thursday, one on Friday.
        self.assertEqual(self.clock.deadlines["resolve"], at("9 09:00"))

    def test_hours_that_never_come(self):
        never = WorkingTime(lambda low, high: [])
        self._go("5 09:00", time=never)
        self.assertEqual(self._read("5 09:00", time=never).state, "none")
        self.assertEqual(self.clock.deadlines, {})

    def test_levels(self):
        """Four hours before the deadline of Wednesday 9:00, at it, and eight hours after it."""
        self._go("5 09:00", acknowledged=True)
        deadlines = clocks.running_deadlines(self.clock, self.promise, self._course())
        self.assertEqual(deadlines, {"resolve": at("7 09:00")})
        dues = {-4: "6 14:00", 0: "7 09:00:01", 8: "8 09:00", -17: "5 09:00"}
        for hours, due in dues.items():
            level = Level("resolve", hours * HOUR)
            self.assertEqual(clocks.level_due(level, deadlines, self.begun, self.office), at(due))
        self.assertIsNone(clocks.level_due(Level("acknowledge", 0), deadlines, self.begun, self.office))
        levels = [Level("resolve", 8 * HOUR), Level("resolve", -5 * HOUR), Level("acknowledge", 0)]
        self.assertEqual(self._read("5 10:00", levels).check_at, at("6 13:00"))
        self.assertEqual(self._read("7 10:00", levels[:1]).check_at, at("8 09:00"))

    def test_another_beginning(self):
        self._go("5 11:00", "stopped")
        earlier = clocks.begin_at(self.clock, at("5 08:00"), self.begun, self.office)
        self.assertEqual(earlier.used, 3 * HOUR)
        later = clocks.begin_at(self.clock, at("5 11:30"), self.begun, self.office)
        self.assertEqual(later.used, 0)
        self.clock = Clock()
        self._go("5 09:00", "running")
        self.assertEqual(clocks.begin_at(self.clock, at("5 08:00"), self.begun, self.office).started, at("5 08:00"))
        done = self.clock._replace(state="done", started=None, used=HOUR)
        self.assertEqual(clocks.begin_at(done, at("5 08:00"), self.begun, self.office), done)

    def test_worked(self):
        self.assertEqual(clocks.worked(self.clock, self.begun, at("5 14:00"), self.office), 4 * HOUR)
        self._go("5 09:00")
        self._go("5 11:00", "stopped")
        self.assertEqual(clocks.worked(self.clock, self.begun, at("6 14:00"), self.office), 2 * HOUR)
        self._go("6 08:00", "running")
        self.assertEqual(clocks.worked(self.clock, self.begun, at("6 09:30"), self.office), 3.5 * HOUR)


class Minutes:
    """A clock that looks every minute, and knows nothing of working time but whether this minute is worked."""

    def __init__(self, promise):
        self.promise, self.hours, self.target, self.acknowledged = promise, OFFICE, "running", None
        self.used, self.missed, self.reached = 0, set(), {}

    def awaited(self):
        kinds = set() if self.target == "done" else {"resolve"}
        return kinds if self.acknowledged else kinds | {"acknowledge"}

    def is_worked(self, moment):
        return moment.weekday() < 5 and any(start <= moment.hour < stop for start, stop in self.hours)

    def reach(self, moment):
        """Note which promises end now, and which were missed."""
        for kind in self.awaited():
            if self.target == "running" and self.used >= self.promise.seconds[kind]:
                self.reached.setdefault(kind, moment)
            if moment > self.reached.get(kind, moment):
                self.missed.add(kind)

    def tick(self, moment):
        if self.target == "running" and self.is_worked(moment):
            self.used += 60

    def turn(self, target, moment):
        if self.target == "running" != target:
            # Stopped at the very moment, it is still met, and ends when the clock goes on.
            self.reached = {kind: end for kind, end in self.reached.items() if end != moment}
        if self.target == "done" != target:
            self.used = min(self.used, self.promise.seconds["resolve"] * (100 - self.promise.soon_share) // 100)
            self.reached = {}
        if target == "done":
            self.acknowledged = self.acknowledged or moment
        self.target = target

    def ahead(self, kind, moment):
        """Return when a promise ends if nothing happens any more; None: not before the next month."""
        if kind in self.reached:
            return self.reached[kind]
        used, limit = self.used, moment + 40 * DAY
        while used < self.promise.seconds[kind] and moment < limit:
            used += 60 * self.is_worked(moment)
            moment += MINUTE
        return moment


@tagged("post_install", "-at_install")
class TestClockMinutes(BaseCase):
    """Whatever happens, and however often one looks, the clock says what counting minutes says."""

    def test_against_minutes(self):
        times = {OFFICE: weeks(OFFICE), MORNINGS: weeks(MORNINGS)}
        seen = set()
        for number in range(60):
            with self.subTest(number=number):
                seen |= self._live(random.Random(number), times)
        self.assertEqual(seen, {"in_time", "soon", "missed", "stopped", "done"})

    def _live(self, pick, times):
        """Lead one clock through twelve days, and return the states it had."""
        begun = at("5 00:00") + pick.randrange(3 * 24 * 60) * MINUTE
        pledge = promise(pick.randrange(1, 9), pick.randrange(4, 33), pick.choice((0, 25, 50)))
        slow, clock, moment, seen = Minutes(pledge), Clock(), begun, set()
        happens = {begun + pick.randrange(12 * 24 * 60) * MINUTE for _event in range(14)} | {begun}
        while moment <= max(happens):
            slow.reach(moment)
            if moment in happens:
                hours = slow.hours
                self._happen(pick, slow, moment)
                course = Course(begun, slow.target, slow.acknowledged, frozenset(slow.awaited()))
                clock = clocks.advance(clock, pledge, course, moment, times[slow.hours], times[hours])
                slow.reach(moment)
                reading = clocks.read(clock, pledge, course, moment, times[slow.hours])
                self._compare(clock, reading, slow, moment)
                seen.add(reading.state)
            slow.tick(moment)
            moment += MINUTE
        return seen

    def _happen(self, pick, slow, moment):
        """Let something happen, or nothing: one may look at any time."""
        event = pick.choice(("look", "acknowledge", "hours", "stopped", "running", "running", "done"))
        if event == "acknowledge":
            slow.acknowledged = slow.acknowledged or moment
        elif event == "hours":
            slow.hours = MORNINGS if slow.hours == OFFICE else OFFICE
            slow.reached = {kind: end for kind, end in slow.reached.items() if end != moment}
        elif event != "look":
            slow.turn(event, moment)

    def _compare(self, clock, reading, slow, moment):
        self.assertEqual(clock.missed, slow.missed)
        self.assertEqual(clock.state, slow.target)
        if slow.target != "running":
            self.assertEqual(clock.used, slow.used)
            if slow.target == "stopped":
                left = min(slow.promise.seconds[kind] - slow.used for kind in slow.awaited())
                self.assertEqual(reading.rest, left)
            return
        ends = {kind: slow.ahead(kind, moment) for kind in slow.awaited()}
        for kind, end in ends.items():
            self.assertEqual(clock.deadlines[kind], end, kind)
        self.assertEqual(reading.deadline, min(ends.values()))
        self.assertEqual(reading.state == "missed", min(ends.values()) < moment)
