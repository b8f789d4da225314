"""Lines for the reader, and errors that end a command with one clear line."""

import errno
import re
import sys
import time
from contextlib import contextmanager

STARTED = time.monotonic()


class Stop(Exception):
    """Something failed: one line for the reader, exit code 1."""

    exit_code = 1


class NeedsAction(Stop):
    """The reader must do something first: one line that says what, exit code 2."""

    exit_code = 2


def say(text):
    """Print a line for the reader; standard output belongs to the programs that are run."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title):
    """Announce a step of the set-up and say at its end how long it took."""
    say(f"[{time.monotonic() - STARTED:5.1f} s] {title} ...")
    begun = time.monotonic()
    yield
    say(f"[{time.monotonic() - STARTED:5.1f} s]   done in {time.monotonic() - begun:.1f} s")


def progress(text):
    """Show a passing remark on a terminal; the next one overwrites it."""
    if sys.stderr.isatty():
        print(f"\r\033[K          {text}", end="", file=sys.stderr, flush=True)


def progress_end():
    """Remove the last passing remark."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


# What other programs print when something outside of our power is wrong, in order of precedence.
CAUSES = (
    (r"No space left on device|Disk quota exceeded|not have enough free space",
     "the disk is full: make room and run it again"),
    (r"Could not get lock|is another process using it|Unable to acquire the dpkg",
     "another package manager is at work: wait for it to end and run it again"),
    (r"Unable to locate package|has no installation candidate|No packages found",
     "the package archive does not have it"),
    (r"Temporary failure (?:in name resolution|resolving)|Could not resolve|Name or service not known"
     r"|Network is unreachable|No route to host|NewConnectionError|Failed to establish a new connection"
     r"|Could not connect to|Connection (?:refused|timed out)|Max retries exceeded|Read timed out"
     r"|No matching distribution found",
     "the network cannot be reached: check the connection (or proxy) and run it again"),
    (r"DO NOT MATCH THE HASHES|hash mismatch|Hash Sum mismatch",
     "a download does not have the expected content: run it again; if it stays, the lock file is out of date"),
)


def cause_of(output):
    """Return the known cause behind the output of a failed program, or None."""
    for pattern, cause in CAUSES:
        if re.search(pattern, output):
            return cause
    return None


def cause_of_os_error(error):
    """Return the known cause behind an OSError, or None."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return cause_of("No space left on device")
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"{error.filename} cannot be written: run it as the owner of that folder"
    return None
