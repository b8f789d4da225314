"""Which candidate a company's forecasts go by, and how one hands over to another.

The one in use stays until another had an error at least a tenth lower in four weekly tests in a row. It is
then blended in over eight weeks, so that nobody's value jumps because two methods were about equally good.
A limit that decides who is forecast by what moves as slowly. A company too young for a test begins with a
default that nothing speaks for: its first test chooses, blended in as well.
"""

from datetime import date

# A challenger's error is at most this share of that of the one in use,
LEAD = 0.9
# in so many weekly tests in a row.
TESTS = 4
BLEND_WEEKS = 8


def choose(errors, available, default, anchor, before=None):
    """Return the choice of this week, a dict that JSON keeps.

    ``in_use`` is the candidate, ``since`` the day of the test that chose it, ``tested`` says whether a test chose
    it, ``blended_from`` what was used before, with its weights, ``ahead`` in how many tests in a row others were
    that much better, and ``weights`` how much each candidate counts this week.

    :param dict errors: {candidate: error in this week's test}, empty without a test
    :param available: the candidates that can forecast this week
    :param str default: the candidate to begin with when there is no test
    :param date anchor: the last day of the test
    :param dict before: the choice of the test before, None where there is none to go by
    """
    best = min(errors, key=errors.get, default=default)
    if before is None:
        return _weighed(_chosen(best, anchor, {}, errors), anchor)
    in_use, ahead, following = before["in_use"], {}, None
    if in_use not in available:
        following = best
    elif errors and not before.get("tested", True):  # choices from before 19.0.1.4.1 do not say
        if best == in_use:
            return _weighed({**before, "tested": True}, anchor)
        following = best
    elif in_use in errors:
        ahead = {
            name: before["ahead"].get(name, 0) + 1 for name, error in errors.items()
            if name != in_use and error <= LEAD * errors[in_use]
        }
        ready = {name: errors[name] for name, tests in ahead.items() if tests >= TESTS}
        following = min(ready, key=ready.get, default=None)
    if following is None:
        return _weighed({**before, "ahead": ahead}, anchor)
    return _weighed(_chosen(following, anchor, before["weights"], errors), anchor)


def _chosen(name, anchor, blended_from, errors):
    """Return the choice of a candidate, from this week on."""
    return {
        "in_use": name, "since": anchor.isoformat(), "tested": bool(errors), "blended_from": blended_from, "ahead": {},
    }


def follow(found, anchor, before=None):
    """Return this week's choice of a limit, in the form of :func:`choose`; its ``found`` are those of the last weeks.

    The limit in use stays as long as one of four weeks in a row spoke for it or for one beyond it. Otherwise it
    moves as far as all four ask for, and no farther.

    :param int found: the limit that this week's data ask for
    :param date anchor: the last day of these data
    :param dict before: the choice of the week before, None where there is none to go by
    """
    if before is None:
        start = {"in_use": str(found), "since": anchor.isoformat(), "blended_from": {}, "found": [found]}
        return _weighed(start, anchor)
    recent = [*before["found"], found][-TESTS:]
    in_use = int(before["in_use"])
    following = min(max(in_use, min(recent)), max(recent)) if len(recent) == TESTS else in_use
    if following == in_use:
        return _weighed({**before, "found": recent}, anchor)
    return _weighed({
        "in_use": str(following), "since": anchor.isoformat(), "blended_from": before["weights"], "found": recent,
    }, anchor)


def reached(choice):
    """Return [(limit, how much of the weights who reaches it has reached)] of a choice of a limit, lowest first."""
    limits = sorted((int(limit), weight) for limit, weight in choice["weights"].items())
    return [(limit, sum(weight for _limit, weight in limits[:end])) for end, (limit, _weight) in enumerate(limits, 1)]


def shares(choice):
    """Return [(candidate, weight)] of a choice, the one in use first."""
    return sorted(choice["weights"].items(), key=lambda item: (item[0] != choice["in_use"], item[0]))


def _weighed(choice, anchor):
    """Return a choice with the weights of this week."""
    weeks = (anchor - date.fromisoformat(choice["since"])).days // 7 + 1
    share = min(weeks, BLEND_WEEKS) / BLEND_WEEKS if choice["blended_from"] else 1.0
    weights = {choice["in_use"]: share}
    for name, weight in choice["blended_from"].items():
        if share < 1:
            weights[name] = weights.get(name, 0.0) + weight * (1 - share)
    return {**choice, "weights": weights}
