"""The commands of ``./dev`` and their arguments."""

import argparse
import os
import signal
import subprocess
import sys

from . import clock, cluster, debian, linting, odoo_tree, rtlcss, server, testing, upgrade, venv
from .databases import DEMO, Databases
from .messages import NeedsAction, Stop, cause_of_os_error, say
from .paths import (
    ADDON,
    CACHE,
    LOGS,
    ROOT,
    SPACE_DATABASES,
    SPACE_ODOO,
    SPACE_VENV,
    STATE,
    check_space,
    prepare_state,
)

INTERRUPTED = 130


def main(arguments):
    """Run one command; return its exit code."""
    options = parse(arguments)
    # Also for those who start it in the background of a script, where Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        prepare_state()
        return options.function(options) or 0
    except Stop as error:
        say(f"./dev {options.command}: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        say("\ninterrupted: run it again at any time")
        return INTERRUPTED
    except OSError as error:
        cause = cause_of_os_error(error)
        if not cause:
            raise
        say(f"./dev {options.command}: {cause}")
        return NeedsAction.exit_code


def interrupt(_number, _frame):
    """Treat a request to end like Ctrl-C, so that what was begun is ended too."""
    raise KeyboardInterrupt


def parse(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="./dev", description=f"Run, test and check {ADDON}.",
        epilog="ODOO_HOME=folder uses an existing Odoo 19.0 (with ODOO_PYTHON=python also its Python), "
               "PGHOST, PGPORT, PGUSER an existing PostgreSQL server.",
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name, function, help_text, **extra):
        sub = commands.add_parser(name, help=help_text, description=help_text, **extra)
        sub.set_defaults(function=function)
        return sub

    sub = command("run", run, "set up everything and serve the demo database")
    sub.add_argument("--port", type=port_number, default=8069)
    command("test", test, "run tests: all, or as the pytest arguments say", add_help=False)
    sub = command("clocks", clocks, "run all tests as on other days: midnight, leap day, daylight saving")
    sub.add_argument(
        "--at", action="append", default=[], metavar="MOMENT",
        help=f"only this moment (may be repeated): {', '.join(clock.MOMENTS)}, or a date like 2028-02-29T23:50",
    )
    sub.add_argument("rest", nargs="*", metavar="PYTEST_ARGUMENT", help="after --: what ./dev test takes")
    sub = command("upgrade", upgrade_from, "compare an updated database of an older revision with a fresh one")
    sub.add_argument("revision", help="a tag, branch or commit")
    sub = command("lint", lint, "check style and layout of the code")
    sub.add_argument("--fix", action="store_true", help="mend what can be mended by a program")
    sub = command("db", make_database, "make a database with the addon installed")
    sub.add_argument("name")
    sub.add_argument("--demo", action="store_true", help="with Odoo's and the addon's demo data")
    sub.add_argument("--force", action="store_true", help="replace a database of that name")
    sub = command("shell", shell, "run a script from standard input with env bound")
    sub.add_argument("--db", default=DEMO, metavar="NAME")
    command("bench", bench, "run a benchmark: NAME and its arguments", add_help=False)
    command("stop", stop, "end the demo server and the private PostgreSQL server of this checkout")

    # What follows these two belongs to other programs, whatever it looks like.
    if arguments[:1] in (["test"], ["bench"]):
        options = parser.parse_args(arguments[:1])
        options.rest = arguments[1:]
        return options
    return parser.parse_args(arguments)


def port_number(text):
    """Read a TCP port."""
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is no port: 1 to 65535")
    return port


def prepare(extra_packages=()):
    """Set up all that Odoo needs; return the databases."""
    needs = []
    if not odoo_tree.existing():
        needs.append((CACHE, SPACE_ODOO))
    if not os.environ.get("ODOO_PYTHON") and not venv.is_ready("requirements"):
        needs.append((CACHE, SPACE_VENV))
    if not cluster.is_ready():
        needs.append((STATE, SPACE_DATABASES))
    check_space(needs)
    packages = [*cluster.missing_packages(), *extra_packages]
    if not os.environ.get("ODOO_PYTHON"):
        packages += venv.missing_packages()
    debian.install(packages, "some programs")
    odoo = odoo_tree.get()
    rtlcss.get()
    venv.odoo_python()
    return Databases(server.Runner(odoo, cluster.start()))


def run(options):
    """./dev run"""
    lock = server.serving_lock()
    with lock:
        server.check_port(options.port)
        databases = prepare()
        databases.demo()
        server.check_port(options.port)
        return databases.runner.serve(DEMO, options.port)


def test(options):
    """./dev test"""
    return testing.run(prepare(testing.missing_packages()), options.rest)


def clocks(options):
    """./dev clocks"""
    return clock.run(options.at, options.rest)


def upgrade_from(options):
    """./dev upgrade"""
    return upgrade.run(prepare(), options.revision)


def lint(options):
    """./dev lint"""
    return linting.run(fix=options.fix)


def make_database(options):
    """./dev db"""
    databases = prepare()
    databases.make(options.name, options.demo, options.force)
    say(f"database {options.name} is ready")
    return 0


def shell(options):
    """./dev shell"""
    databases = prepare()
    if not databases.exists(options.db):
        how = "./dev run" if options.db == DEMO else f"./dev db {options.db}"
        raise NeedsAction(f"there is no database {options.db}: make it with {how}")
    return databases.runner.shell(options.db, sys.stdin, LOGS / "shell.log")


def bench(options):
    """./dev bench"""
    folder = ROOT / "benchmarks"
    names = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    if not names:
        raise NeedsAction("there are no benchmarks in this checkout")
    if not options.rest or options.rest[0] not in names:
        raise NeedsAction(f"give one of: {', '.join(names)}")
    name, *arguments = options.rest
    python = venv.get("requirements")
    return subprocess.run([python, folder / f"{name}.py", *arguments], cwd=ROOT).returncode


def stop(_options):
    """./dev stop"""
    ended = [name for name, function in (("Odoo", server.stop), ("PostgreSQL", cluster.stop)) if function()]
    say(f"ended: {' and '.join(ended)}" if ended else "nothing was running")
