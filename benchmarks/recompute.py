"""Time of a recompute against the bare aggregate of the same facts, in a database of its own.

    ./dev bench recompute [--customers N] [--rounds N]

Makes the database ``bench``, fills it by SQL (``data/generate.py``), measures in it (``data/recompute.py``)
and prints medians and ratios for the larger of its two companies.
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
    parser.add_argument("--customers", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=5, help="repetitions, of which the median counts")
    options = parser.parse_args()
    customers = options.customers
    if customers < 1:
        parser.error("--customers must be 1 or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    folder = ROOT / "benchmarks" / "data"
    script = "".join((folder / name).read_text() for name in ("generate.py", "recompute.py"))
    script += f"measure(env, generate(env, {customers})[0], {options.rounds})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
