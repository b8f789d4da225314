"""The clock of promises: until when something must be acknowledged and resolved, in working time.

One clock a record: ``used`` seconds had been worked when it was started for the last time, at ``started``.
Deadlines are counted from there, so that stopping and resuming is exact to the second. Everything here is a function
of values: moments are naive UTC datetimes, amounts are whole working seconds, and None is "not".
"""

from datetime import datetime, timedelta
from typing import NamedTuple

ACKNOWLEDGE, RESOLVE = KINDS = ("acknowledge", "resolve")
NEW, RUNNING, STOPPED, DONE = "new", "running", "stopped", "done"
SECOND = timedelta(seconds=1)


class Promise(NamedTuple):
    """Within how many seconds what is promised (0: not promised), and when a deadline is near."""

    seconds: dict
    # Percentage of the time; what is reopened gets at least as much again.
    soon_share: float


class Clock(NamedTuple):
    """What is kept of a clock from one look at it to the next."""

    state: str = NEW
    # Since when it runs; None while it does not.
    started: datetime | None = None
    used: int = 0
    # How often it was started again after it had been done.
    round: int = 0
    # {kind: moment}; a kind without a deadline is missing.
    deadlines: dict = {}
    # The kinds whose deadline was ever missed.
    missed: frozenset = frozenset()


class Course(NamedTuple):
    """Where the record of a clock stands."""

    # From when on time counts.
    begun: datetime
    # How the clock has to stand: running, stopped or done.
    target: str
    acknowledged: datetime | None = None
    # The kinds that can still be met.
    awaited: frozenset = frozenset()


class Level(NamedTuple):
    """A level of escalation: so many seconds after the deadline of a kind, below zero before it."""

    kind: str
    seconds: int


class Reading(NamedTuple):
    """What a clock says at one moment."""

    # none (nothing promised, or it can never be due), in_time, soon, missed, stopped or done
    state: str
    # The next one, while the clock runs.
    deadline: datetime | None = None
    soon_at: datetime | None = None
    # Seconds left, while the clock is stopped.
    rest: int = 0
    # When the clock says something else, or a level of escalation is due.
    check_at: datetime | None = None


def advance(clock, promise, course, now, time, before=None, anew=False):
    """Return ``clock`` as it has to be now. May be asked at any time, and as often as one likes.

    A deadline that has passed stays where it was, unless another one is promised.

    :param promise: :class:`Promise`, or None if no rule promises anything
    :param course: :class:`Course`
    :param time: :class:`.working_time.WorkingTime` from now on
    :param before: the working time by which the clock ran until now; None: the same
    :param bool anew: the promise is another one than that of ``clock``
    """
    missed = clock.missed | _newly_missed(clock, course, now)
    reopened = clock.state == DONE and course.target != DONE
    deadlines = clock.deadlines
    clock = _turn(clock, course, now, time, before or time)
    if reopened:
        clock = _reopen(clock, promise)
    if not promise:
        return clock._replace(deadlines={}, missed=missed)
    anew = anew or reopened
    if anew:
        deadlines = _still_promised(deadlines, promise, course, now)
    for kind in _pending(promise, course):
        moment = deadlines.get(kind)
        if anew or not moment or moment >= now:
            moment = clock.started and time.moment(clock.started, promise.seconds[kind] - clock.used)
        deadlines = {**deadlines, kind: moment}
        if moment and moment < now:
            missed |= {kind}
    kept = {kind: moment for kind, moment in deadlines.items() if moment}
    return clock._replace(deadlines=kept, missed=missed)


def read(clock, promise, course, now, time, levels=()):
    """Return the :class:`Reading` of a clock that was advanced to ``now``.

    :param levels: the levels of escalation that were not reached yet, as :class:`Level`
    """
    if not promise:
        return Reading("none")
    pending = _pending(promise, course)
    if not pending:
        return Reading("done")
    if clock.state != RUNNING:
        return Reading("stopped", rest=min(promise.seconds[kind] for kind in pending) - clock.used)
    moments = running_deadlines(clock, promise, course)
    if not moments:
        return Reading("none")
    kind = min(moments, key=moments.get)
    deadline = moments[kind]
    warned = round(promise.seconds[kind] * (1 - promise.soon_share / 100))
    soon = time.moment(clock.started, max(0, warned - clock.used))
    state = "missed" if deadline < now else "soon" if soon <= now else "in_time"
    checks = [moment + SECOND for moment in moments.values() if moment >= now]
    if state == "in_time":
        checks.append(soon)
    dues = (level_due(level, moments, course.begun, time) for level in levels)
    checks += [due for due in dues if due]
    return Reading(state, deadline, soon, check_at=min(checks, default=None))


def running_deadlines(clock, promise, course):
    """Return {kind: moment} of the deadlines towards which a clock runs, in the order of the kinds."""
    if clock.state != RUNNING or not promise:
        return {}
    return {kind: clock.deadlines[kind] for kind in _pending(promise, course) if kind in clock.deadlines}


def level_due(level, deadlines, begun, time):
    """Return when a level of escalation is due; None for one whose deadline is not among ``deadlines``."""
    deadline = deadlines.get(level.kind)
    moment = deadline and time.moment(deadline, level.seconds)
    if not moment:
        return None
    # A promise that was shorter when the rule was chosen must not put this before the beginning.
    moment = max(moment, begun)
    # At the deadline itself it is still met.
    return max(moment, deadline + SECOND) if level.seconds >= 0 else moment


def begin_at(clock, begun, before, time):
    """Return a clock that counts from another moment, ``begun``, than it did ``before``."""
    if clock.started and not clock.used:
        return clock._replace(started=begun)
    if clock.state == DONE:
        return clock
    return clock._replace(used=max(0, clock.used + time.seconds(begun, before)))


def worked(clock, begun, now, time):
    """Return the seconds that a clock has counted until ``now``; one that is new has counted from ``begun``."""
    started = begun if clock.state == NEW else clock.started
    return clock.used + (time.seconds(started, now) if started else 0)


def _pending(promise, course):
    """Return the kinds that are promised and can still be met."""
    return [kind for kind in KINDS if kind in course.awaited and promise.seconds[kind]]


def _newly_missed(clock, course, now):
    """Return the kinds whose deadlines have passed without being met."""
    acknowledge, resolve = clock.deadlines.get(ACKNOWLEDGE), clock.deadlines.get(RESOLVE)
    missed = set()
    if acknowledge and acknowledge < (course.acknowledged or now):
        missed.add(ACKNOWLEDGE)
    if clock.state != DONE and resolve and resolve < now:
        missed.add(RESOLVE)
    return missed


def _turn(clock, course, now, time, before):
    """Start a clock, stop it, or let it go on by another working time."""
    started, used = clock.started, clock.used
    if clock.state == NEW:
        started, used = course.begun, 0
        if course.target != RUNNING:
            used = max(0, time.seconds(started, now))
    elif started and (course.target != RUNNING or time is not before):
        used = max(0, used + before.seconds(started, now))
        started = now
    if course.target != RUNNING:
        started = None
    elif not started:
        started = now
    return clock._replace(state=course.target, started=started, used=used)


def _reopen(clock, promise):
    """Begin another round, with at least so much time as makes a deadline near."""
    most = round(promise.seconds[RESOLVE] * (1 - promise.soon_share / 100)) if promise else 0
    return clock._replace(round=clock.round + 1, used=min(clock.used, most))


def _still_promised(deadlines, promise, course, now):
    """Return the deadlines without those that are no longer promised, and were neither met nor missed."""
    return {
        kind: moment
        for kind, moment in deadlines.items()
        if promise.seconds[kind] or moment < now or (kind == ACKNOWLEDGE and course.acknowledged)
    }
