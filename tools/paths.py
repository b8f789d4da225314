"""Where things are kept, and the hashes that name them."""

import ast
import hashlib
import os
import shutil
from pathlib import Path

from .messages import NeedsAction

ADDON = "crm_customer_value"
ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools"
# Another state folder means another cluster with databases of its own; ./dev clocks needs that.
STATE_VARIABLE = "CRM_CUSTOMER_VALUE_STATE"
# The moment that ./dev clocks has moved the clock to: databases with the addon are of one moment.
MOMENT_VARIABLE = "CRM_CUSTOMER_VALUE_MOMENT"
STATE = Path(os.environ.get(STATE_VARIABLE) or ROOT / ".dev").absolute()
LOGS = STATE / "logs"
# Its sitecustomize.py mends time.sleep in every Python that ./dev clocks starts.
MOVED_CLOCK = TOOLS / "moved_clock"
CACHE = Path(
    os.environ.get("CRM_CUSTOMER_VALUE_CACHE")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / ADDON
).absolute()

# Parts of the addon that leave no trace in a database: changing them needs no new one.
WITHOUT_TRACE = ("tests/", "static/src/", "static/tests/")
# Free space for what is not there yet, in megabytes, measured and rounded up.
SPACE_ODOO, SPACE_VENV, SPACE_DATABASES = 1800, 800, 1400


def prepare_state():
    """Make the folders of this checkout, or say why they cannot be made."""
    try:
        LOGS.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        raise NeedsAction(f"{ROOT} cannot be written: run ./dev as the owner of the checkout") from None
    if STATE.stat().st_uid != os.geteuid():
        raise NeedsAction(f"{STATE} belongs to another user: run ./dev as that user, or remove the folder")


def digest(*parts):
    """Return a short hash of strings and bytes."""
    result = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        result.update(b"%d:" % len(data))
        result.update(data)
    return result.hexdigest()[:12]


def checkout_key():
    """Name this checkout in folders that are shared with others."""
    return digest(str(ROOT), *([str(STATE)] if os.environ.get(STATE_VARIABLE) else []))


def addons():
    """Return the folders of the addons in this checkout, sorted by name."""
    return sorted(manifest.parent for manifest in ROOT.glob("*/__manifest__.py"))


def glue():
    """Return the names of the addons that join ours to others of Odoo's (stock, project)."""
    return [folder.name for folder in addons() if folder.name != ADDON]


def addon_hash(folders=None):
    """Return a hash of all addon files that shape a database."""
    parts = []
    for folder in addons() if folders is None else folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if (
                path.is_file()
                and not name.startswith(WITHOUT_TRACE)
                and "__pycache__" not in name
                and path.suffix not in (".md", ".pyc")
            ):
                parts += [f"{folder.name}/{name}", path.read_bytes()]
    return digest(*parts)


def addon_dependencies():
    """Return the modules that a database needs before the addon comes in."""
    manifest = ROOT / ADDON / "__manifest__.py"
    names = {"sale_management"}
    if manifest.exists():
        names.update(ast.literal_eval(manifest.read_text()).get("depends", []))
    return sorted(names)


def check_space(needs):
    """Refuse to begin when a disk has not enough room; ``needs`` is a list of (folder, megabytes)."""
    wanted = {}
    for folder, megabytes in needs:
        while not folder.exists():
            folder = folder.parent
        entry = wanted.setdefault(folder.stat().st_dev, [folder, 0])
        entry[1] += megabytes
    for folder, megabytes in wanted.values():
        free = shutil.disk_usage(folder).free // 2**20
        if free < megabytes:
            raise NeedsAction(
                f"not enough disk space: {megabytes} MB are needed in {folder}, {free} MB are free"
            )
