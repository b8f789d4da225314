"""What ``./dev bench recommend`` runs in a shell of its database: offers, chosen by the statements of the addon."""

import csv
import time
from pathlib import Path

import numpy as np

from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.offer import choice, matrix, neighbours
from odoo.addons.crm_customer_value.engine.outlook import transfer
from odoo.addons.crm_customer_value.engine.value.pipeline import BULK_MEMORY

OFFERS = 10
# Households whose offers one statement chooses.
BATCH = 200


def choose_offers(env, folder, try_parameters):
    """Write the offers for the households of each file of lines in a folder.

    :param str folder: has a file <level>.csv (household, item, day; those learned from) for each level
    :param bool try_parameters: several, rather than those of the addon
    """
    ways = {"ours": neighbours.BEST}
    if try_parameters:
        ways = {f"best {best} neighbours": best for best in (50, 100, 200, 300)}
    for lines in sorted(Path(folder).glob("*.csv")):
        offers_of(env.cr, Path(folder), lines.stem, ways)


def offers_of(cr, folder, level, ways):
    """Write the offers of some ways, {name: neighbours of an item}, of one level to <level>_offers.csv."""
    cr.execute("DROP TABLE IF EXISTS bench_line, bench_neighbour")
    cr.execute("CREATE TEMPORARY TABLE bench_line (customer_id int, item_id int, day date)")
    with (folder / f"{level}.csv").open() as source:
        cr.copy_expert("COPY bench_line FROM STDIN (FORMAT csv)", source)
    cr.execute("ANALYZE bench_line")
    cr.execute("SET work_mem = %s", (BULK_MEMORY,))
    begun = time.perf_counter()
    lines = SQL("SELECT customer_id, item_id, day, 1 AS quantity FROM bench_line")
    found = matrix.read(cr, [lines])
    cr.execute("DROP TABLE IF EXISTS bench_bought; CREATE TEMPORARY TABLE bench_bought (customer_id int, item_id int)")
    rows = found.bought.tocoo()
    transfer.send(cr, "bench_bought", (found.customer_ids[rows.row], found.item_ids[rows.col]))
    cr.execute("CREATE INDEX ON bench_bought (customer_id); ANALYZE bench_bought")
    cr.execute(
        """CREATE TEMPORARY TABLE bench_neighbour (item_id int, other_id int, score float8, in_common int,
                                                   customers int, place int)"""
    )
    most = max(ways.values())
    ranges = neighbours.batches(found, np.arange(len(found.item_ids)))
    for places in ranges:
        near = neighbours.neighbours_of(found, places, best=most)
        first = np.searchsorted(near.item_id, near.item_id)
        place = np.arange(len(first)) - first + 1
        transfer.send(cr, "bench_neighbour", (*near, place.astype(np.int32)))
    cr.execute("CREATE INDEX ON bench_neighbour (other_id); ANALYZE bench_neighbour")
    print(f"{level}: neighbours in {time.perf_counter() - begun:.0f} s, {len(ranges)} batches")
    cr.execute("SELECT DISTINCT customer_id FROM bench_bought ORDER BY 1")
    households = [row[0] for row in cr.fetchall()]
    with (folder / f"{level}_offers.csv").open("w", newline="") as target:
        writer = csv.writer(target)
        for name, best in ways.items():
            begun = time.perf_counter()
            near = SQL("SELECT * FROM bench_neighbour WHERE place <= %s", best)
            for start in range(0, len(households), BATCH):
                some = households[start:start + BATCH]
                own = SQL("SELECT * FROM bench_bought WHERE customer_id = ANY(%s)", some)
                cr.execute(choice.choice_sql(own, near, own, OFFERS))
                writer.writerows((name, row[0], row[1]) for row in cr.fetchall())
            print(f"{level}, {name}: offers in {time.perf_counter() - begun:.0f} s")
