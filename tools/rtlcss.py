"""rtlcss: with it Odoo mirrors its styles for languages that are written from right to left.

Debian's packages of it are small and need nothing but Node.js; they are unpacked beside the system. Without it
everything works, and pages in Arabic or Hebrew are laid out as in English.
"""

import shlex
import shutil
import tempfile
from pathlib import Path

from . import debian
from .messages import NeedsAction, Stop, say, step
from .paths import CACHE
from .process import locked

# Raise this number when the way of unpacking changes, so that caches are made anew.
RECIPE = 1
HOME = CACHE / f"rtlcss-r{RECIPE}"
# What rtlcss loads; the module escalade is a part of node-browserslist.
PACKAGES = [
    "node-browserslist", "node-isarray", "node-isobject", "node-picocolors", "node-postcss", "node-rtlcss",
    "node-strip-json-comments",
]
MODULES = "usr/share/nodejs"
NODES = ("node", "nodejs")


def existing():
    """Return the folder to put on the path, or None where that changes nothing."""
    return HOME / "bin" if (HOME / "bin" / "rtlcss").exists() else None


def get():
    """Have rtlcss there for Odoo, if that is possible; say so if it is not."""
    if shutil.which("rtlcss") or (existing() and _node()):
        return
    try:
        if not _node():
            debian.install(["nodejs"], "Node.js, for right-to-left languages")
        with locked(CACHE / f".{HOME.name}.lock", "unpacking rtlcss"):
            if not existing():
                _build()
    except (NeedsAction, Stop) as error:
        say(f"Right-to-left languages are not mirrored: {error}")


def _node():
    return next(filter(None, map(shutil.which, NODES)), None)


def _build():
    folder = Path(tempfile.mkdtemp(prefix="tmp-rtlcss-", dir=CACHE))
    try:
        apt = debian.PrivateApt(folder / "apt", ["sid", "bookworm"])
        with step("rtlcss: mirrors styles for right-to-left languages (0.3 MB, after Debian's package lists)"):
            apt.update()
            for deb in apt.download(PACKAGES):
                debian.unpack(deb, folder / "root")
            write_program(folder / "root")
        shutil.rmtree(HOME, ignore_errors=True)
        (folder / "root").rename(HOME)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_program(root, home=HOME):
    """Write the program that finds Node.js and its modules, wherever they are.

    :param root: the folder of the unpacked packages, which is ``home`` in the end
    """
    modules = home / MODULES
    program = root / "bin" / "rtlcss"
    program.parent.mkdir(exist_ok=True)
    program.write_text(
        "#!/bin/sh\n"
        f"export NODE_PATH={shlex.quote(str(modules))}\n"
        f'exec "$(command -v {" || command -v ".join(NODES)})" '
        f'{shlex.quote(str(modules / "rtlcss/bin/rtlcss.js"))} "$@"\n'
    )
    program.chmod(0o755)
