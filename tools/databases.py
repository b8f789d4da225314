"""Databases: base, base with the addon, copies of these, and the demo.

What is known about a database (the hash of the code it was made from) is kept in PostgreSQL's
comment on it. A comment also tells which databases ./dev has made: others are never touched.
"""

import json
import os
import re
import shutil
import subprocess

from .messages import NeedsAction, Stop, step
from .paths import (
    ADDON,
    LOGS,
    MOMENT_VARIABLE,
    STATE,
    TOOLS,
    addon_dependencies,
    addon_hash,
    addons,
    checkout_key,
    digest,
    glue,
)
from .process import failure, locked

DEMO = "demo"
DEMO_SCRIPT = TOOLS / "demo_data.py"
ASSETS_SCRIPT = TOOLS / "asset_bundles.py"
PREFIX = f"ccv_{checkout_key()[:6]}"
LOCK = STATE / "databases.lock"


class Databases:
    """The databases of one server, made by one Odoo."""

    def __init__(self, runner):
        self.runner = runner
        self.base_key = digest(
            runner.odoo.key, (TOOLS / "requirements.lock").read_bytes(), *addon_dependencies()
        )

    # Plain operations

    def sql(self, statement, database="postgres"):
        """Run one SQL statement; return its rows as text."""
        result = subprocess.run(
            [self.runner.server.psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement],
            env=self.runner.server.env(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )
        if result.returncode:
            raise Stop(failure("PostgreSQL", result.stderr.replace("ERROR:", "").strip(), "its log"))
        return result.stdout.splitlines()

    def exists(self, name):
        """Tell whether there is a database of this name."""
        return bool(self.sql(f"SELECT 1 FROM pg_database WHERE datname = {literal(name)}"))

    def state(self, name):
        """Return what ./dev has noted about a database, None if it did not make it."""
        rows = self.sql(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            f"WHERE datname = {literal(name)}"
        )
        try:
            state = json.loads(rows[0]) if rows else None
        except ValueError:
            return None
        return state if isinstance(state, dict) and state.get("made_by") == ADDON else None

    def note(self, name, **state):
        """Note something about a database."""
        text = json.dumps({"made_by": ADDON, **state}, sort_keys=True)
        self.sql(f"COMMENT ON DATABASE {identifier(name)} IS {literal(text)}")

    def filestore(self, name):
        """Return the folder of a database's files."""
        return self.runner.server.data / "filestore" / name

    def install_log(self, name):
        """Return the log of the installation; it is as old as the database."""
        return self.runner.server.data / f"install-{name}.log"

    def drop(self, name):
        """Remove a database and its files; also what a killed command left of them."""
        self.sql(f"DROP DATABASE IF EXISTS {identifier(name)} WITH (FORCE)")
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def copy(self, source, target):
        """Copy a database and its files over whatever has the target's name."""
        self.drop(target)
        # A server that looked at the source (cron of another Odoo) would block the copy.
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {literal(source)}")
        self.sql(f"CREATE DATABASE {identifier(target)} TEMPLATE {identifier(source)}")
        if self.filestore(source).exists():
            # Odoo names these files by their content and never changes one: links are enough.
            shutil.copytree(self.filestore(source), self.filestore(target), copy_function=link_or_copy)

    def rename(self, source, target):
        """Give a finished database its name, in place of an older one."""
        self.drop(target)
        if self.filestore(source).exists():
            self.filestore(source).rename(self.filestore(target))
        self.sql(f"ALTER DATABASE {identifier(source)} RENAME TO {identifier(target)}")

    def is_complete(self, name, **expected):
        """Tell whether a database is there with its files and was made from what is expected."""
        state = self.state(name)
        return bool(state) and self.filestore(name).exists() and expected.items() <= state.items()

    # Databases that others are copied from

    def base(self, demo):
        """Return the database with everything the addon depends on; make it if it is not there."""
        name = f"{PREFIX}_base_{kind(demo)}"
        with locked(LOCK, "making a database"):
            if not self.is_complete(name, key=self.base_key):
                temporary = f"{name}_tmp"
                with step(f"database with {', '.join(addon_dependencies())} ({kind(demo)}, takes a minute)"):
                    self.drop(temporary)
                    self.runner.run_once(
                        self.install_log(name), "installing Odoo's modules", "-d", temporary,
                        "-i", ",".join(addon_dependencies()), "--with-demo" if demo else "--without-demo",
                    )
                    self.note(temporary, key=self.base_key)
                    self.rename(temporary, name)
        return name

    def with_addon(self, demo):
        """Return (database with the addon as it is now, log of its installation)."""
        if not addons():
            raise NeedsAction(f"there is no addon in this checkout yet ({ADDON}/__manifest__.py)")
        return self._installed(f"{PREFIX}_addon_{kind(demo)}", [ADDON], lambda: self.base(demo), assets=True)

    def with_glue(self):
        """Return (database with the addon, its glue addons and what they join it to, log)."""
        return self._installed(f"{PREFIX}_glue", glue(), lambda: self.with_addon(demo=True)[0])

    def _installed(self, name, modules, source, assets=False):
        """Return (copy of a database with modules installed in it, log); make it if it is old.

        :param source: function that returns the name of the database to copy
        :param bool assets: pages of the database, or of its copies, will be looked at
        """
        log = self.install_log(name)
        key = digest(self.base_key, addon_hash(), ASSETS_SCRIPT.read_bytes(), os.environ.get(MOMENT_VARIABLE, ""))
        if self.is_complete(name, key=key) and log.exists():
            return name, log
        base = source()
        with locked(LOCK, "making a database"):
            if not self.is_complete(name, key=key) or not log.exists():
                temporary = f"{name}_tmp"
                with step(f"database with {', '.join(modules)}"):
                    self.copy(base, temporary)
                    self.runner.run_once(
                        log, f"installing {', '.join(modules)}", "-d", temporary, "-i", ",".join(modules)
                    )
                    self.check_installed(temporary, modules, log)
                if assets:
                    self._run_script(ASSETS_SCRIPT, temporary, "JavaScript and CSS of pages")
                self.note(temporary, key=key)
                self.rename(temporary, name)
        return name, log

    def check_installed(self, name, modules, log):
        """Refuse a database in which a module is not installed although Odoo did not fail."""
        names = ", ".join(map(literal, modules))
        states = self.sql(f"SELECT state FROM ir_module_module WHERE name IN ({names})", name)
        if states != ["installed"] * len(modules):
            raise Stop(f"{', '.join(modules)}: not installed (details in {log})")

    # Databases for people and tests

    def make(self, name, demo, force=False):
        """Make a database with the addon under a name of the reader's choice."""
        check_name(name)
        if self.exists(name) and not force:
            raise NeedsAction(f"database {name} exists already: --force replaces it")
        source, _log = self.with_addon(demo)
        temporary = f"{PREFIX}_{digest(name)}_tmp"
        with locked(LOCK, "making a database"):
            self.copy(source, temporary)
            self.note(temporary, code=addon_hash())
            self.rename(temporary, name)

    def demo(self):
        """Make the demo database, or bring it up to date with the addon's code."""
        if self.exists(DEMO) and self.state(DEMO) is None:
            raise NeedsAction(f"the database {DEMO} on this server was not made by ./dev: rename it or use another one")
        if not self.is_complete(DEMO, odoo=self.runner.odoo.key):
            self._make_demo()
            return
        state = self.state(DEMO)
        if state.get("code") != addon_hash():
            code = addon_hash()
            with locked(LOCK, "making a database"), step(f"{ADDON} has changed: updating the demo"):
                self.runner.run_once(LOGS / "update-demo.log", f"updating {ADDON}", "-d", DEMO, "-u", ADDON)
            state["code"] = code
            self.note(DEMO, **state)
        if DEMO_SCRIPT.exists() and not state.get("demo_data"):
            self._run_script(DEMO_SCRIPT, DEMO, "demo data")
            self.note(DEMO, **{**state, "demo_data": True})

    def _make_demo(self):
        code = addon_hash()
        source, _log = self.with_addon(demo=True)
        temporary = f"{PREFIX}_demo_tmp"
        with locked(LOCK, "making a database"), step("demo database"):
            self.copy(source, temporary)
        if DEMO_SCRIPT.exists():
            self._run_script(DEMO_SCRIPT, temporary, "demo data")
        self.note(temporary, odoo=self.runner.odoo.key, code=code, demo_data=DEMO_SCRIPT.exists())
        self.rename(temporary, DEMO)

    def _run_script(self, script, name, what):
        """Run a script with ``env`` bound to a database."""
        log = LOGS / f"{script.stem.replace('_', '-')}.log"
        log.unlink(missing_ok=True)
        with step(f"{what} ({script.name})"), script.open() as lines:
            if self.runner.shell(name, lines, log, stdout=2):
                raise Stop(f"{script.name} failed (details above and in {log})")


def kind(demo):
    """Name the two kinds of databases."""
    return "with_demo" if demo else "without_demo"


def check_name(name):
    """Refuse names that PostgreSQL, Odoo or ./dev could not use safely."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,50}", name):
        raise NeedsAction(f"{name!r} is no good name for a database: letters, digits, _ and - only")
    if name in ("postgres", "template0", "template1") or name.startswith("ccv_"):
        raise NeedsAction(f"the name {name} is reserved")


def link_or_copy(source, target):
    """Give a file a second name, or copy it where the disk knows no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def literal(text):
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name):
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'
