"""Odoo's source: an existing one (``ODOO_HOME``), or Debian's package unpacked into the cache."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .messages import NeedsAction, step
from .paths import CACHE, digest
from .process import locked

SERIES = (19, 0)
# Raise this number when the way of unpacking changes, so that caches are made anew.
RECIPE = 1
TREES = CACHE / "odoo"
PACKAGES = "usr/lib/python3/dist-packages"
# Odoo's package holds links into these; with sid's versions of the first two some links dangle.
LINKED = [
    "fonts-font-awesome/bookworm", "fonts-inconsolata/bookworm", "fonts-montserrat", "fonts-ocr-b",
    "fonts-roboto-unhinted", "libjs-jquery", "libjs-jquery-form", "libjs-underscore",
]
# A stripped duplicate of odoo/addons: demo data fails with it.
DUPLICATE = f"./{PACKAGES}/addons"
# Left out of Debian for its licence; the web client logs an error when it is not there at all.
ABSENT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Odoo:
    """An Odoo that can be run: the folder above the package ``odoo``, its addons, a key for caches."""

    path: Path
    key: str

    @property
    def addons_path(self):
        """The folders of Odoo's own addons."""
        candidates = [self.path / "addons", self.path / "odoo" / "addons"]
        # A folder beside the package counts only in a source checkout, see DUPLICATE.
        if not (self.path / "odoo-bin").exists():
            candidates = candidates[1:]
        return [path for path in candidates if path.is_dir()]


def find_tree(home):
    """Return the folder above the package ``odoo`` in any usual layout, or None."""
    for path in (home, home / PACKAGES, home / "odoo", home.parent):
        if (path / "odoo" / "release.py").is_file() and (path / "odoo" / "addons").is_dir():
            return path
    return None


def read_series(tree):
    """Return the series in ``odoo/release.py``, as (19, 0), without importing it."""
    text = (tree / "odoo" / "release.py").read_text()
    match = re.search(r"^version_info\s*=\s*\(\s*(['\"]?[\w~]+['\"]?)\s*,\s*(\d+)", text, re.MULTILINE)
    if not match:
        return None
    major = match[1].strip("'\"")
    return (int(major) if major.isdigit() else major, int(match[2]))


def check_series(tree, origin):
    """Refuse any other series than ours."""
    series = read_series(tree)
    if series != SERIES:
        found = ".".join(map(str, series)) if series else "of an unknown version"
        raise NeedsAction(f"{origin} is Odoo {found}; this addon needs Odoo {'.'.join(map(str, SERIES))}")


def existing():
    """Return the Odoo that is there already without any download, or None."""
    home = os.environ.get("ODOO_HOME")
    if home:
        tree = find_tree(Path(home).expanduser().absolute())
        if not tree:
            raise NeedsAction(f"ODOO_HOME={home} holds no Odoo (a folder with odoo/release.py and odoo/addons)")
        check_series(tree, f"ODOO_HOME={home}")
        head = tree / ".git" / "logs" / "HEAD"
        version = head.read_bytes()[-400:] if head.is_file() else b""
        return Odoo(tree, digest(str(tree), (tree / "odoo" / "release.py").read_bytes(), version))
    found = sorted(TREES.glob(f"*-r{RECIPE}"), key=lambda path: path.stat().st_mtime)
    if not found:
        return None
    return Odoo(found[-1] / PACKAGES, digest(found[-1].name))


def get():
    """Return a complete Odoo; download and unpack it when there is none yet."""
    odoo = existing()
    if odoo:
        return odoo
    with locked(TREES / ".lock", "unpacking Odoo"):
        odoo = existing()
        if not odoo:
            for left_over in TREES.glob("tmp-*"):
                shutil.rmtree(left_over)
            _build(Path(tempfile.mkdtemp(prefix="tmp-", dir=TREES)))
            odoo = existing()
    return odoo


def _build(folder):
    apt = debian.PrivateApt(folder / "apt", ["sid", "bookworm"])
    with step("Odoo 19: Debian's package lists"):
        apt.update()
    with step("Odoo 19: download (130 MB)"):
        try:
            debs = apt.download(["odoo-19"])
        except NeedsAction as error:
            if "does not have it" not in str(error):
                raise
            raise NeedsAction(
                "Debian sid has no package odoo-19 any more: give the folder of an Odoo 19.0 with ODOO_HOME=..."
            ) from None
        version = debs[0].name.split("_")[1].replace("%3a", ":")
        debs = apt.download(LINKED)
    root = folder / "root"
    with step(f"Odoo {version}: unpack"):
        for deb in debs:
            debian.unpack(deb, root, exclude=[DUPLICATE])
        absent = root / PACKAGES / ABSENT
        if not absent.exists():
            absent.parent.mkdir(parents=True, exist_ok=True)
            absent.touch()
        check_series(root / PACKAGES, "Debian's package odoo-19")
        root.rename(TREES / f"{version}-r{RECIPE}")
        shutil.rmtree(folder)
