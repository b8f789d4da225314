"""Time of nights of care rules, of a second run of the same night, and what it grows with, in a database of its own.

    ./dev bench care [--customers N] [--rules N] [--rounds N]

Makes the database ``bench``, fills it by SQL (``data/generate.py``), gives each customer every occasion once a year
(``data/care.py``), switches on rules of all occasions and actions, and measures whole nights with their acts: of so
many customers, of a tenth of them with as much to do, and with ten times as much to do.
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
    parser.add_argument("--rules", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3, help="nights of which the median counts, 1 to 9")
    options = parser.parse_args()
    if options.customers < 1000 or options.rules < 1 or not 0 < options.rounds < 10:
        parser.error("--customers must be 1,000 or more, --rules 1 or more, and --rounds 1 to 9")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    folder = ROOT / "benchmarks" / "data"
    script = "".join((folder / name).read_text() for name in ("generate.py", "care.py"))
    script += f"measure_care(env, generate, {options.customers}, {options.rules}, {options.rounds})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
