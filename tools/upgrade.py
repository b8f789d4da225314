"""``./dev upgrade REVISION``: does a database of an older version become what a fresh installation is?

The addons of a revision are installed with demo data, updated to those of this checkout, and everything that an
installation makes is compared with a fresh one: tables, indexes, constraints, and every record with an XML id.
"""

import json
import re
import shutil
import subprocess

from .databases import PREFIX, literal
from .messages import NeedsAction, Stop, say, step
from .paths import ADDON, LOGS, ROOT, STATE, addons

OLD_CODE = STATE / "upgrade"
DATABASE = f"{PREFIX}_upgrade"
# More differences of one kind than anybody reads.
SHOWN = 30
# Written by every installation anew, or numbers that only count records of one database.
PASSING = (
    "id", "create_uid", "create_date", "write_uid", "write_date", "res_id", "nextcall", "lastcall", "parent_path",
    "arch_prev", "warning_info", "alias_id", "key", "token", "access_token", "date_open", "date_last_stage_update",
)
# Actions that a record names by their number: what a menu opens, and a button in a view.
ACTION_NUMBERS = re.compile(
    r'(?<=ir\.actions\.act_window,)\d+|(?<=ir\.actions\.server,)\d+|(?<="action_id": )\d+|(?<=name=\\")\d+(?=\\")'
)
SCHEMA = {
    "columns": """
        SELECT table_name || '.' || column_name,
               concat_ws(' ', udt_name, CASE is_nullable WHEN 'NO' THEN 'NOT NULL' END, column_default)
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
}


def run(databases, revision):
    """Upgrade a database of ``revision`` and compare it with a fresh one; return the exit code."""
    fresh, _log = databases.with_addon(demo=True)
    _unpack(revision)
    log = LOGS / "upgrade.log"
    runner = databases.runner
    databases.copy(databases.base(demo=True), DATABASE)
    try:
        with step(f"database with the addon of {revision}"):
            runner.run_once(log, f"installing {revision}", "-d", DATABASE, "-i", ADDON, code=OLD_CODE)
        with step("upgrade"):
            runner.run_once(log, "the upgrade", "-d", DATABASE, "-u", ADDON)
        text = log.read_text()
        if " WARNING " in text or " ERROR " in text:
            raise Stop(f"the upgrade logged warnings or errors (details in {log})")
        return int(compare(databases, DATABASE, fresh))
    finally:
        databases.drop(DATABASE)
        shutil.rmtree(OLD_CODE, ignore_errors=True)


def _unpack(revision):
    """Put the files of a revision into a folder of their own."""
    shutil.rmtree(OLD_CODE, ignore_errors=True)
    OLD_CODE.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True)
    if archive.returncode:
        raise NeedsAction(f"git does not know {revision!r}: give a revision of this repository")
    subprocess.run(["tar", "-x", "-C", OLD_CODE], input=archive.stdout, check=True)


def compare(databases, upgraded, fresh):
    """Print what differs between two databases; tell whether anything does."""
    differs = False
    for kind, query in SCHEMA.items():
        differs = _report(kind, *(_pairs(databases, query, name) for name in (upgraded, fresh))) or differs
    return _report("records", *(_records(databases, name) for name in (upgraded, fresh))) or differs


def _pairs(databases, query, name):
    rows = databases.sql(f"SELECT json_build_array(k, v) FROM ({query}) AS pair (k, v)", name)
    return dict(map(json.loads, rows))


def _records(databases, name):
    """Return {XML id: stored values as text} of all records of our addons."""
    modules = ", ".join(literal(folder.name) for folder in addons())
    actions = dict(map(json.loads, databases.sql(
        "SELECT json_build_array(res_id::text, module || '.' || name) FROM ir_model_data "
        "WHERE model LIKE 'ir.actions.%'", name,
    )))
    found = {}
    for row in databases.sql(
        "SELECT json_build_array(model, array_agg(json_build_array(res_id, module || '.' || name, noupdate))) "
        f"FROM ir_model_data WHERE module IN ({modules}) GROUP BY model", name,
    ):
        model, entries = json.loads(row)
        table = model.replace(".", "_")
        known = databases.sql(f"SELECT to_regclass({literal(table)})", name)
        if known == [""]:
            continue
        ids = ", ".join(str(entry[0]) for entry in entries)
        links = databases.sql(
            "SELECT attname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) "
            f"WHERE contype = 'f' AND conrelid = {literal(table)}::regclass", name,
        )
        values = {
            value["id"]: value
            for value in map(json.loads, databases.sql(f"SELECT to_json(t) FROM {table} t WHERE id IN ({ids})", name))
        }
        for record_id, xml_id, noupdate in entries:
            stored = {
                field: value for field, value in values.get(record_id, {}).items()
                # What points to other records does it by numbers, which differ.
                if field not in PASSING and field not in links
            }
            text = json.dumps([noupdate, stored], sort_keys=True)
            found[xml_id] = ACTION_NUMBERS.sub(lambda number: actions.get(number[0], "?"), text)
    return found


def _report(kind, upgraded, fresh):
    lines = [f"only after the upgrade: {key}" for key in sorted(upgraded.keys() - fresh.keys())]
    lines += [f"only in the fresh installation: {key}" for key in sorted(fresh.keys() - upgraded.keys())]
    for key in sorted(upgraded.keys() & fresh.keys()):
        old, new = upgraded[key], fresh[key]
        if old != new:
            lines.append(f"{key}\n    upgraded: {_difference(old, new)}\n    fresh:    {_difference(new, old)}")
    say(f"{kind}: {len(fresh)} compared, {len(lines)} differ")
    for line in lines[:SHOWN]:
        print(f"  {line}", flush=True)
    if len(lines) > SHOWN:
        print(f"  and {len(lines) - SHOWN} more", flush=True)
    return bool(lines)


def _difference(text, other):
    """Return the part of a text from shortly before the place where it differs from another."""
    place = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    return text[max(place - 60, 0):place + 120]
