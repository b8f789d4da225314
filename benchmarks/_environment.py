"""Environments of Python packages that only a benchmark needs, kept in the cache folder."""

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))


def python_of(name):
    """Return the Python of the environment of ``<name>.lock``, which is made if need be."""
    from tools import paths, process
    from tools.messages import step

    lock = FOLDER / f"{name}.lock"
    key = paths.digest(lock.read_bytes(), os.uname().machine, sys.version.split()[0])
    folder = paths.CACHE / "venv" / f"{name}-{key}"
    python, complete = folder / "bin" / "python", folder / "complete"
    paths.prepare_state()
    with process.locked(folder.with_name(f".{folder.name}.lock"), f"Python packages of {lock.name}"):
        if not complete.exists():
            with step(f"environment with the packages of {lock.name}"):
                process.run([sys.executable, "-m", "venv", "--clear", folder], "making a virtual environment")
                pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
                process.run(
                    [*pip, "--require-hashes", "--no-deps", "--requirement", lock], f"installing {lock.name}"
                )
                complete.touch()
    return python
