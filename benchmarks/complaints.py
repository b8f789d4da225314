"""Time and queries of lists, boards and the scheduled action over many complaints, in a database of its own.

    ./dev bench complaints [--customers N] [--rounds N]

Makes the database ``bench``, fills it by SQL with ten complaints a customer in three steps, each ten
times the one before, and measures in each (``data/complaints.py``).
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
    parser.add_argument("--customers", type=int, default=10000, help="each has ten complaints")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions, of which the median counts")
    options = parser.parse_args()
    if options.customers < 100:
        parser.error("--customers must be 100 or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    script = (ROOT / "benchmarks" / "data" / "complaints.py").read_text()
    script += f"measure_all(env, {options.customers}, {options.rounds})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
