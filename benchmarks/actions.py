"""Time of the nights that make the lists of the day, and of opening one, in a database of its own.

    ./dev bench actions [--customers N] [--rounds N]

Makes the database ``bench``, fills it by SQL (``data/generate.py``), computes the values, gives half of the customers
to one salesperson and the others to many (``data/actions.py``), and measures: of so many customers, and of a tenth.
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
    parser.add_argument("--customers", type=int, default=100000)
    parser.add_argument("--rounds", type=int, default=5, help="repetitions, of which the median counts")
    options = parser.parse_args()
    if options.customers < 1000 or options.rounds < 1:
        parser.error("--customers must be 1,000 or more, and --rounds 1 or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    folder = ROOT / "benchmarks" / "data"
    script = "".join((folder / name).read_text() for name in ("generate.py", "actions.py"))
    script += f"measure_actions(env, generate, {options.customers}, {options.rounds})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
