"""Time of learning what leads are worth, and of finding customers worth an effort, in a database of its own.

    ./dev bench acquisition [--customers N ...] [--rounds N]

Makes the database ``bench``, fills it by SQL (``data/generate.py``, ``data/acquisition.py``) with each number of
customers in turn, and measures a night of learning, a changed lead, a target list, candidates to keep and to win back,
and a night of results, beside the bare aggregate: what each customer brought, and when first.
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
    parser.add_argument("--customers", type=int, nargs="+", default=[10000, 100000])
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts, 1 to 9")
    options = parser.parse_args()
    if min(options.customers) < 1000 or not 0 < options.rounds < 10:
        parser.error("--customers must be 1,000 or more, and --rounds 1 to 9")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    folder = ROOT / "benchmarks" / "data"
    script = "".join((folder / name).read_text() for name in ("generate.py", "acquisition.py"))
    script += f"measure_acquisition(env, generate, {options.customers}, {options.rounds})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
