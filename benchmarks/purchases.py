"""Time and memory of importing a file of product lines, in a database of its own.

    ./dev bench purchases [--lines N]

Makes the database ``bench`` and reads files of as many lines as an import takes by default, and one more
(``data/purchases.py``).
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "bench"


def main():
    """Make the database, run the measurement in it, and print what it prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--lines", type=int, default=200_000, help="of each file; also the limit that is set")
    options = parser.parse_args()
    if options.lines < 1000:
        parser.error("--lines must be 1000 or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    script = (ROOT / "benchmarks" / "data" / "purchases.py").read_text()
    script += f"measure_all(env, {options.lines})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
