"""Virtual environments, made from the lock files with Python's own venv and pip."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import debian
from .messages import NeedsAction, Stop, step
from .paths import CACHE, TOOLS, digest
from .process import locked, run

VENVS = CACHE / "venv"
# Without these a Python given by ODOO_PYTHON is not one that runs Odoo and the addon.
ODOO_MODULES = ("babel", "lxml", "pandas", "psycopg2", "scipy", "werkzeug")
# What Odoo 19 and the lock files support.
PYTHONS = ((3, 11), (3, 12), (3, 13))


def python():
    """Return (executable, version) of a Python that Odoo 19 runs on."""
    if sys.version_info[:2] in PYTHONS:
        return sys.executable, sys.version_info[:2]
    for version in PYTHONS:
        found = shutil.which(f"python{version[0]}.{version[1]}")
        if found:
            return found, version
    names = ", ".join(f"{major}.{minor}" for major, minor in PYTHONS)
    raise NeedsAction(
        f"Odoo 19 needs Python {names}; python3 is {sys.version_info[0]}.{sys.version_info[1]} and no other is there"
    )


def missing_packages():
    """Return the Debian packages without which no virtual environment can be made."""
    executable, (major, minor) = python()
    if executable == sys.executable:
        complete = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
    else:
        complete = works(executable, "import venv, ensurepip")
    if complete:
        return []
    system = Path("/usr/bin/python3").resolve().name == f"python{major}.{minor}"
    return ["python3-venv" if system else f"python{major}.{minor}-venv"]


def works(executable, code):
    """Tell whether a Python runs this code without an error."""
    try:
        return subprocess.run([executable, "-c", code], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def folder(name):
    """Return where the environment of this lock file is kept."""
    _executable, (major, minor) = python()
    key = digest((TOOLS / f"{name}.lock").read_bytes(), os.uname().machine)
    return VENVS / f"{name}-{key}-py{major}{minor}"


def is_ready(name):
    """Tell whether the environment of this lock file is complete."""
    path = folder(name)
    # The Python it was made from may be gone since.
    return (path / "complete").exists() and works(path / "bin" / "python", "")


def get(name):
    """Return the Python of the complete environment of ``tools/<name>.lock``."""
    path = folder(name)
    if not is_ready(name):
        debian.install(missing_packages(), "Python's venv")
        with locked(VENVS / f".{path.name}.lock", f"Python packages of {name}.lock"):
            if not is_ready(name):
                _build(name, path)
    return path / "bin" / "python"


def _build(name, path):
    # An environment cannot be renamed (its scripts name it), so a file marks it as complete.
    shutil.rmtree(path, ignore_errors=True)
    lock = TOOLS / f"{name}.lock"
    count = len(re.findall(r"^[A-Za-z0-9]", lock.read_text(), re.MULTILINE))
    with step(f"Python packages: {count} of {lock.name}"):
        run([python()[0], "-m", "venv", path], "making a virtual environment")
        pip = [path / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check",
               "--no-input", "--require-hashes", "--no-deps", "--no-warn-script-location", "-r", lock]
        try:
            run(pip, "installing Python packages")
        except Stop as error:
            raise NeedsAction(str(error)) if "network" in str(error) else error from None
        (path / "complete").touch()


def odoo_python():
    """Return the Python that runs Odoo: ``ODOO_PYTHON`` or our own environment."""
    given = os.environ.get("ODOO_PYTHON")
    if not given:
        return get("requirements")
    found = shutil.which(given)
    if not found:
        raise NeedsAction(f"ODOO_PYTHON={given} is not there or cannot be run")
    require_modules(found, ODOO_MODULES)
    return Path(found).absolute()


def require_modules(executable, modules):
    """Refuse a Python given by ``ODOO_PYTHON`` that lacks packages."""
    code = ("import importlib.util, sys;"
            "print(*[m for m in sys.argv[1:] if not importlib.util.find_spec(m)])")
    result = subprocess.run([executable, "-c", code, *modules], capture_output=True, text=True)
    if result.returncode or result.stdout.split():
        lacking = result.stdout.strip() or result.stderr.strip().splitlines()[-1]
        raise NeedsAction(f"{executable} lacks Python packages: {lacking} (see tools/requirements.in)")
