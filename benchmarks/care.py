"""Time of a night of care rules, and of a second one, in a database of its own.

    ./dev bench care [--customers N] [--rules N]

Makes the database ``bench``, fills it by SQL (``data/generate.py``), gives everybody birthdays, contacts, deliveries
and stages, switches on rules for every occasion (``data/care.py``), and measures nights.
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
    options = parser.parse_args()
    if options.customers < 100 or options.rules < 1:
        parser.error("--customers must be 100 or more, and --rules 1 or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    folder = ROOT / "benchmarks" / "data"
    script = "".join((folder / name).read_text() for name in ("generate.py", "care.py"))
    # A tenth of them are customers of the other company.
    everybody = -(-options.customers * 10 // 9)
    script += f"measure_care(env, generate(env, {everybody})[0], {options.rules})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
