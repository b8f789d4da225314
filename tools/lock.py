"""Turn the lists of Python packages into lock files with exact versions and hashes.

Run by hand when a list changed or newer versions are wanted (``--upgrade``); needs ``uv``
(``python3 -m pip install uv``). Without ``--upgrade`` versions already locked stay.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTS = ("tools/requirements", "tools/lint")


def main(arguments):
    for name in LISTS:
        command = ["uv", "pip", "compile", f"{name}.in", "--python-version", "3.11",
                   "--generate-hashes", "--no-emit-index-url", "--quiet", "-o", f"{name}.lock"]
        subprocess.run([*command, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
