"""Running other programs, and locks against doing the same thing twice at once."""

import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
from contextlib import contextmanager

from .messages import Stop, cause_of, say
from .paths import LOGS

SETUP_LOG = LOGS / "setup.log"
PR_SET_PDEATHSIG = 1


def die_with_parent():
    """Make the kernel end this process when ./dev is killed; for use as ``preexec_fn``."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def run(command, what, *, env=None, cwd=None, user=None, check=True):
    """Run a program to its end with its output in the set-up log; return (exit code, output)."""
    command = [str(part) for part in command]
    result = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", preexec_fn=die_with_parent,
        **as_user(user),
    )
    with SETUP_LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n{result.stdout}")
    if check and result.returncode:
        raise Stop(failure(what, result.stdout, SETUP_LOG))
    return result.returncode, result.stdout


def failure(what, output, log):
    """Return the one line about a failed program."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    reason = cause_of(output) or (lines[-1] if lines else "it gave no reason")
    return f"{what} failed: {reason} (details in {log})"


def as_user(user):
    """Return the arguments that let subprocess run something as another user (only root can)."""
    if not user or user == pwd.getpwuid(os.geteuid()).pw_name:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def user_exists(name):
    """Tell whether the machine has this user."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def try_lock(path):
    """Take the lock and return its open file, or None when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


@contextmanager
def locked(path, what):
    """Do something under a lock; wait, and say so, while another ./dev does the same."""
    handle = try_lock(path)
    if handle is None:
        say(f"          waiting for another ./dev: {what}")
        handle = path.open("a+")
        fcntl.flock(handle, fcntl.LOCK_EX)
    with handle:
        yield
