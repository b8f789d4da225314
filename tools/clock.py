"""``./dev clocks``: the whole suite as on other days, with the clock of every process moved.

libfaketime moves the clock of whatever it is loaded into. Loaded into ``./dev test`` itself it moves all that
this starts: PostgreSQL and Odoo. The databases are made under the moved clock too, in a state folder
of its own, so that demo data and scheduled actions are as old as they would be on that day. Chromium's clock is
moved in another way, see ``moved_browser``. Only what Odoo's own modules make is kept from moment to moment.
"""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from . import debian
from .messages import NeedsAction, say
from .paths import MOMENT_VARIABLE, MOVED_CLOCK, ROOT, STATE, STATE_VARIABLE
from .process import die_with_parent

LIBRARY = "faketime/libfaketime.so.1"
PACKAGE = "libfaketime"
FOLDER = STATE / "clock"
# Name: moment (UTC) at which the run begins. Making the databases takes some minutes, the tests some more: those
# that begin shortly before a border run on both sides of it.
MOMENTS = {
    "monday-morning": "2027-03-01 06:54",
    "summer-time": "2027-03-28 00:54",  # Europe goes to summer time at 01:00
    "sunday-night": "2027-05-30 23:54",
    "winter-time": "2027-10-31 00:54",  # and back at 01:00
    "new-years-eve": "2027-12-31 23:54",
    "leap-day": "2028-02-29 12:00",
}


def library():
    """Return the path of libfaketime, or None."""
    return next((path for path in sorted(Path("/usr/lib").glob(f"*/{LIBRARY}"))), None)


def parse_moment(text):
    """Return the moment of a name in ``MOMENTS``, or of a date and time (UTC) in ISO form.

    :raise NeedsAction: for anything else
    """
    try:
        moment = datetime.fromisoformat(MOMENTS.get(text, text))
    except ValueError:
        names = ", ".join(MOMENTS)
        raise NeedsAction(f"{text!r} is no moment: give one of {names}, or a date like 2028-02-29T23:50") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def environment(moment, now):
    """Return what moves the clock of a program from ``now`` (seconds) to a moment and lets it go on from there."""
    return {
        "LD_PRELOAD": str(library()),
        "FAKETIME": f"{round(moment.timestamp() - now):+d}",
        # Timeouts count seconds that pass; a clock that jumps would end or lengthen them.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Files keep the times that the disk gives them.
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(MOVED_CLOCK),
        STATE_VARIABLE: str(FOLDER),
        MOMENT_VARIABLE: moment.isoformat(),
    }


def run(names, arguments):
    """Run ``./dev test`` with these arguments at each moment; return the exit code.

    :param names: names in ``MOMENTS`` or dates; all of ``MOMENTS`` when empty
    """
    moments = {name: parse_moment(name) for name in names or MOMENTS}
    debian.install([] if library() else [PACKAGE], "the shifted clock")
    if not library():
        raise NeedsAction(f"the package {PACKAGE} is installed, but /usr/lib has no {LIBRARY}")
    results = {}
    for name, moment in moments.items():
        say(f"\n== {name}: {moment:%A, %Y-%m-%d %H:%M} UTC")
        begun = time.monotonic()
        code = _run_at(moment, arguments)
        results[name] = (code, time.monotonic() - begun)
    say("")
    for name, (code, seconds) in results.items():
        say(f"{'good  ' if code == 0 else 'failed'}  {name:16} {moments[name]:%a %Y-%m-%d %H:%M} UTC  {seconds:5.0f} s")
    return int(any(code for code, _seconds in results.values()))


def _run_at(moment, arguments):
    """Run the tests at one moment with the addon installed at that moment; return the exit code."""
    env = {**os.environ, **environment(moment, time.time())}
    command = [sys.executable, str(ROOT / "dev")]
    # A server that an interrupted run left has the time of that run.
    subprocess.run([*command, "stop"], env=env, stderr=subprocess.DEVNULL)
    code = subprocess.run([*command, "test", *arguments], env=env, preexec_fn=die_with_parent).returncode
    subprocess.run([*command, "stop"], env=env, stderr=subprocess.DEVNULL)
    return code
