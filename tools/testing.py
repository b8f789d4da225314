"""``./dev test``: the addon's tests in a fresh database, with a clean log."""

import os
import shutil
import subprocess
from pathlib import Path

from . import venv
from .databases import LOCK, PREFIX
from .messages import NeedsAction, Stop, say, step
from .paths import ADDON, LOGS, ROOT, STATE, addon_hash, glue
from .process import die_with_parent, locked, try_lock

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
DEFAULT_PATHS = (f"{ADDON}/tests", "tools/tests")
MODULES = ("pytest", "pytest_odoo", "xdist", "checklog_odoo", "websocket")
# More test runs at the same time than anybody needs; each has a database of its own.
SLOTS = 8
# Processes that share the tests. Each has a database, an Odoo and now and then a Chromium.
PROCESSES = 4
# Log records that are no failure, as regular expressions. Each needs a reason beside it.
IGNORED = ()


def missing_packages():
    """Return the Debian packages without which browser tests cannot run."""
    return [] if any(map(shutil.which, BROWSERS)) else ["chromium"]


def tested_paths(arguments):
    """Split pytest's arguments: (options, paths in the addon's database, paths in that with the glue)."""
    options, paths = [], []
    for argument in arguments:
        is_path = not argument.startswith("-") and (ROOT / argument.split("::")[0]).exists()
        (paths if is_path else options).append(argument)
    if not paths:
        paths = [path for path in (*DEFAULT_PATHS, *(f"{name}/tests" for name in glue())) if (ROOT / path).exists()]
    joined = [path for path in paths if Path(path).parts[0] in glue()]
    return options, [path for path in paths if path not in joined], joined


def run(databases, arguments):
    """Run pytest with these arguments; return the exit code."""
    runner = databases.runner
    if os.environ.get("ODOO_PYTHON"):
        venv.require_modules(runner.python, MODULES)
    options, paths, joined = tested_paths(arguments)
    failed = False
    if paths:
        failed = _run_in(databases, lambda: databases.with_addon(demo=True), [*options, *side_by_side(paths), *paths])
    if joined:
        failed = _run_in(databases, databases.with_glue, [*options, *joined]) or failed
    return int(failed)


def side_by_side(paths):
    """Return the pytest arguments that share out many tests among processes, each with a database of its own.

    A few tests begin sooner in one process: each one more has to load Odoo. Of a class, all tests run in one
    process, as what they have in common is prepared once.
    """
    processes = min(os.cpu_count() or 1, PROCESSES)
    if processes < 2 or not any((ROOT / path).is_dir() for path in paths):
        return []
    return ["-n", str(processes), "--dist", "loadscope"]


def _run_in(databases, make, arguments):
    """Run pytest in a copy of the database that ``make`` returns; tell whether something failed."""
    runner = databases.runner
    source, install_log = make()
    name, lock = _slot()
    log = LOGS / f"{name}.log"
    log.unlink(missing_ok=True)
    with lock:
        with locked(LOCK, "making a database"), step("test database"):
            # What a killed run left: pytest-odoo names the copies of its processes so, and drops them at the end.
            for number in range(PROCESSES):
                databases.drop(f"{name}-gw{number}")
            databases.copy(source, name)
            databases.note(name, code=addon_hash())
        config = runner.write_config(
            runner.server.data / f"{name}.conf", db_name=name, dbfilter=f"^{name}$", logfile=log,
            screenshots=STATE / "screenshots",
        )
        code = _pytest(runner, name, config, arguments)
        clean = check_log(runner, install_log, "the installation")
        # Without a log nothing has run: pytest has said why, unless it believes that all is well.
        if code == 0 or (log.exists() and log.stat().st_size):
            clean = check_log(runner, log, "the tests") and clean
        if code or not clean:
            say(f"logs in {LOGS}")
            if "-n" in arguments:
                say("to keep the database of a failed test, run its file alone")
                databases.drop(name)
            else:
                say(f"the test database is kept: ./dev shell --db {name}")
            return True
        databases.drop(name)
    return False


def _slot():
    """Return (database name, lock) of the first test database that nobody uses now."""
    for number in range(1, SLOTS + 1):
        name = f"{PREFIX}_test_{number}"
        lock = try_lock(STATE / f"{name}.lock")
        if lock:
            return name, lock
    raise NeedsAction(f"{SLOTS} test runs are under way already: wait for one to end")


def _pytest(runner, database, config, arguments):
    command = [
        runner.python, "-m", "pytest", "-p", "tools.browser_tests", "-p", "tools.worker_files",
        "-p", "tools.moved_browser",
        "-o", f"cache_dir={STATE / 'pytest_cache'}",
        "--odoo-http", f"--odoo-database={database}", "--odoo-log-level=info",
        "-W", "ignore:'crypt' is deprecated:DeprecationWarning", "-rfEs", *arguments,
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
