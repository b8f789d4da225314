"""How much the value index moves in weeks in which customers do nothing, and how good small companies' forecasts are.

    ./dev bench moves [--weeks N] [--companies N] [--company NAME]

Makes the database ``moves`` with both demo companies, measures in it (``data/moves.py``), and prints counts and
the worst cases.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "moves"


def main():
    """Make the database, run the measurement in it, and print what it prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--companies", type=int, default=60, help="random companies of 60 customers; 0 for none")
    parser.add_argument("--company", action="append", help="only this company (may be repeated); both by default")
    options = parser.parse_args()
    subprocess.run([ROOT / "dev", "db", DATABASE, "--demo", "--force"], check=True)
    script = "".join(path.read_text() for path in (
        ROOT / "tools" / "demo_data.py", ROOT / "benchmarks" / "data" / "moves.py",
    ))
    script += f"measure(env, {options.weeks}, {options.companies}, {options.company!r})\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
