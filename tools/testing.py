"""``./dev test``: the addon's tests in a fresh database, with a clean log."""

import os
import shutil
import subprocess

from . import venv
from .databases import LOCK, PREFIX
from .messages import NeedsAction, Stop, say, step
from .paths import ADDON, LOGS, ROOT, STATE, addon_hash
from .process import die_with_parent, locked, try_lock

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
DEFAULT_PATHS = (f"{ADDON}/tests", "tools/tests")
MODULES = ("pytest", "pytest_odoo", "checklog_odoo", "websocket")
# More test runs at the same time than anybody needs; each has a database of its own.
SLOTS = 8
# Log records that are no failure, as regular expressions. Each needs a reason beside it.
IGNORED = ()


def missing_packages():
    """Return the Debian packages without which browser tests cannot run."""
    return [] if any(map(shutil.which, BROWSERS)) else ["chromium"]


def has_paths(arguments):
    """Tell whether pytest's arguments name what to test."""
    return any(
        not argument.startswith("-") and (ROOT / argument.split("::")[0]).exists() for argument in arguments
    )


def run(databases, arguments):
    """Run pytest with these arguments; return the exit code."""
    runner = databases.runner
    if os.environ.get("ODOO_PYTHON"):
        venv.require_modules(runner.python, MODULES)
    source, install_log = databases.with_addon(demo=True)
    name, lock = _slot()
    log = LOGS / f"{name}.log"
    log.unlink(missing_ok=True)
    with lock:
        with locked(LOCK, "making a database"), step("test database"):
            databases.copy(source, name)
            databases.note(name, code=addon_hash())
        config = runner.write_config(
            runner.server.data / f"{name}.conf", db_name=name, dbfilter=f"^{name}$", logfile=log,
            screenshots=STATE / "screenshots",
        )
        code = _pytest(runner, name, config, arguments)
        clean = check_log(runner, install_log, "installing the addon")
        # Without a log nothing has run: pytest has said why, unless it believes that all is well.
        if code == 0 or (log.exists() and log.stat().st_size):
            clean = check_log(runner, log, "the tests") and clean
        if code or not clean:
            say(f"the test database is kept: ./dev shell --db {name}; logs in {LOGS}")
            return 1
        databases.drop(name)
    return 0


def _slot():
    """Return (database name, lock) of the first test database that nobody uses now."""
    for number in range(1, SLOTS + 1):
        name = f"{PREFIX}_test_{number}"
        lock = try_lock(STATE / f"{name}.lock")
        if lock:
            return name, lock
    raise NeedsAction(f"{SLOTS} test runs are under way already: wait for one to end")


def _pytest(runner, database, config, arguments):
    paths = [] if has_paths(arguments) else [path for path in DEFAULT_PATHS if (ROOT / path).exists()]
    command = [
        runner.python, "-m", "pytest", "-p", "tools.browser_tests", "-o", f"cache_dir={STATE / 'pytest_cache'}",
        "--odoo-http", f"--odoo-database={database}", "--odoo-log-level=info",
        "-W", "ignore:'crypt' is deprecated:DeprecationWarning", "-rfEs", *arguments, *paths,
    ]
    env = {**runner.env(), "ODOO_RC": str(config)}
    with step("tests"):
        return subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent
        ).returncode


def check_log(runner, log, what):
    """Print warnings and errors in a log of Odoo; tell whether there are none."""
    ignore = [part for pattern in IGNORED for part in ("--ignore", pattern)]
    result = subprocess.run(
        [runner.python, "-m", "checklog_odoo", *ignore, log], cwd=STATE, capture_output=True, text=True
    )
    if result.returncode == 0:
        return True
    if not log.exists():
        raise Stop(f"{log} is missing: Odoo wrote no log")
    say(f"Odoo's log of {what} ({log}) is not clean:\n{result.stdout.strip()}\n{result.stderr.strip()}")
    return False
