"""Time of what contacts, care levels, questions and the timeline cost, in a database of its own.

    ./dev bench experience [--customers N] [--messages N] [--rounds N]

Makes the database ``bench``, fills it by SQL (``data/generate.py``), and measures nights (``data/recompute.py``)
without and with messages, contacts, levels and answers, then questions that are due, lists and reports, the form of a
contact, and the timeline of a customer with 5,000 entries (``data/experience.py``).
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
    parser.add_argument("--messages", type=int, default=2000000)
    parser.add_argument("--rounds", type=int, default=3, help="repetitions, of which the median counts")
    options = parser.parse_args()
    if options.customers < 100 or options.messages < options.customers:
        parser.error("--customers must be 100 or more, and --messages as many or more")
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    folder = ROOT / "benchmarks" / "data"
    script = "".join((folder / name).read_text() for name in ("generate.py", "recompute.py", "experience.py"))
    # A tenth of them are customers of the other company.
    everybody = -(-options.customers * 10 // 9)
    script += (
        f"measure_experience(Measurement(env, generate(env, {everybody})[0], {options.rounds}), {options.messages})\n"
    )
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
