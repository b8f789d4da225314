"""The outcome of a dry run as figures, tables and sentences, in the user's language."""

from odoo import fields
from odoo.tools.misc import format_datetime, formatLang

# The higher, the worse; without a stage is worst.
HEALTH = {"good": 0, "neutral": 0, "risk": 1, "gone": 2}
NOWHERE = 3
CLASSES = ("a", "b", "c")


def outcome_texts(env, outcome, stages):
    """Return what the template of the outcome shows.

    :param dict outcome: what ``customer.value.run._try`` returned
    :param stages: customer.lifecycle.stage records in the order in which they are shown
    """
    compared = False
    if outcome["computed"]:
        compared = env._(
            "Compared with the values computed on %s. Includes purchases since then. Stage changes from new rules "
            "start no activity and send no e-mail.",
            format_datetime(env, fields.Datetime.to_datetime(outcome["computed"])),
        )
    return {
        "figures": _figures(env, outcome),
        "warning": outcome["warning"],
        "compared": compared,
        "matrices": [
            _matrix(
                env, env._("Lifecycle stages"), outcome["stage"]["pairs"],
                {stage.id: (stage.name, HEALTH[stage.health]) for stage in stages},
                env._("Without stage"),
            ),
            _matrix(
                env, env._("Value classes"), outcome["class"]["pairs"],
                {key: (key.upper(), rank) for rank, key in enumerate(CLASSES)},
                env._("Without class"),
            ),
        ],
    }


def _number(env, value, digits=0):
    return formatLang(env, value, digits=digits)


def _figures(env, outcome):
    """Return the few numbers that stand above everything else."""
    shift = outcome["index_after"] - outcome["index_before"]
    label = env._("customers")
    if outcome["appear"] or outcome["vanish"]:
        label = env._(
            "customers: %(new)s new, %(gone)s leave",
            new=_number(env, outcome["appear"]), gone=_number(env, outcome["vanish"]),
        )
    return [
        {
            "name": "stage", "value": _number(env, outcome["stage"]["moved"]),
            "label": env._("change their stage"),
        },
        {
            "name": "class", "value": _number(env, outcome["class"]["moved"]),
            "label": env._("change their class"),
        },
        {
            "name": "index",
            "value": f"{'+' if shift > 0 else ''}{_number(env, shift, 2)}",
            "label": env._(
                "average value index: %(before)s → %(after)s",
                before=_number(env, outcome["index_before"], 2),
                after=_number(env, outcome["index_after"], 2),
            ),
        },
        {"name": "customers", "value": _number(env, outcome["after"]), "label": label},
    ]


def _matrix(env, title, pairs, known, nothing):
    """Return a table from → to of those keys that occur.

    :param list pairs: [before, after, number]
    :param dict known: key to (name, rank), best rank first, in the order of the table
    :param str nothing: name of the key None, which stands last
    """
    counts = {(before, after): number for before, after, number in pairs}
    occurring = {key for pair in counts for key in pair}
    keys = [key for key in known if key in occurring] + ([None] if None in occurring else [])
    names = [known[key][0] if key is not None else nothing for key in keys]

    def rank(key):
        return known[key][1] if key is not None else NOWHERE

    rows = []
    for before, name in zip(keys, names, strict=True):
        cells = []
        for after, target in zip(keys, names, strict=True):
            number = counts.get((before, after), 0)
            look = "text-muted"
            if number and before != after:
                worse = rank(after) - rank(before)
                look = "o_dry_run_worse" if worse > 0 else "o_dry_run_better" if worse < 0 else "o_dry_run_aside"
            cells.append({
                "text": _number(env, number) if number else "·",
                "class": look,
                "title": env._(
                    "%(number)s from %(before)s to %(after)s", number=number, before=name, after=target
                ) if before != after else env._("%(number)s stay in %(stage)s", number=number, stage=name),
            })
        rows.append({"name": name, "cells": cells})
    return {"title": title, "names": names, "rows": rows}
