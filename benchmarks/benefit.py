"""Time of a recompute with needs, goals and measurements of everybody, against one without, in a database of its own.

    ./dev bench benefit [--customers N] [--rounds N]

Makes the database ``bench``, fills it by SQL (``data/generate.py``), measures a night (``data/recompute.py``), adds a
goal, two needs and a measurement a month for two years of each customer (``data/benefit.py``), and measures again;
then a metric that changes, imports, and the screens of one customer and of all.
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
    parser.add_argument("--customers", type=int, default=10000, help="each has 24 measurements")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions, of which the median counts")
    options = parser.parse_args()
    if options.customers < 100:
        parser.error("--customers must be 100 or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    folder = ROOT / "benchmarks" / "data"
    script = "".join((folder / name).read_text() for name in ("generate.py", "recompute.py", "benefit.py"))
    # A tenth of them are customers of the other company.
    everybody = -(-options.customers * 10 // 9)
    script += f"measure_benefit(Measurement(env, generate(env, {everybody})[0], {options.rounds}))\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
