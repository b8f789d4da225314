"""How long the board, the list and the purchases of a customer take on the server, in a database of its own.

    ./dev bench board [--customers N] [--rounds N]

Makes the database ``bench``, fills it by SQL (``data/generate.py``), recomputes the values and measures what a
browser asks for (``data/board.py``), for who sees all documents and for a salesperson with a tenth of them.
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
    parser.add_argument("--customers", type=int, default=25000)
    parser.add_argument("--rounds", type=int, default=5, help="repetitions, of which the median counts")
    options = parser.parse_args()
    if options.customers < 100:
        parser.error("--customers must be 100 or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    folder = ROOT / "benchmarks" / "data"
    script = "".join((folder / name).read_text() for name in ("generate.py", "board.py"))
    script += f"measure_board(env, generate(env, {options.customers})[0], {options.rounds})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
