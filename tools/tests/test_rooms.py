import textwrap

import pytest

from tools.rooms import HOUSES, arrows, load_order, ring


@pytest.fixture(scope="module")
def found():
    return arrows()


@pytest.mark.parametrize("house", HOUSES)
def test_arrows_lead_one_way(found, house):
    rooms = ring(found, house) or ()
    assert found and not rooms, "\n".join(
        str(arrow) for arrow in found
        if arrow.source[0] in HOUSES[house] and arrow.target[0] in HOUSES[house]
        and {arrow.source[1], arrow.target[1]} <= {*rooms}
    )


def test_rooms_know_only_those_loaded_before(found):
    place = {room: number for number, room in enumerate(load_order())}
    wrong = [
        str(arrow) for arrow in found
        if {arrow.source[0], arrow.target[0]} <= {"models", "wizards"}
        and place[arrow.target[1]] > place[arrow.source[1]]
    ]
    assert not wrong, "\n".join(wrong)


def test_engine_knows_no_models(found):
    assert not [str(arrow) for arrow in found if arrow.source[0] == "engine" and arrow.target[0] != "engine"]


def test_a_ring_is_found(tmp_path):
    for name, text in {
        "models/__init__.py": "from . import one\nfrom . import two\n",
        "models/one/thing.py": """
            class Thing(models.Model):
                _name = "thing"

                def _other(self):
                    return self.env["other"]
        """,
        "models/two/other.py": """
            from ..one.thing import Thing

            class Other(models.Model):
                _name = "other"
        """,
        "engine/low/numbers.py": "ONE = 1\n",
        "engine/high/sums.py": "from ..low import numbers\nfrom ..low.numbers import ONE\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    for folder in ("wizards", "controllers"):
        (tmp_path / folder).mkdir()
    made = arrows(tmp_path)
    assert {(*arrow.source, *arrow.target, arrow.line) for arrow in made} == {
        ("models", "one", "models", "two", 6), ("models", "two", "models", "one", 2),
        ("engine", "high", "engine", "low", 1), ("engine", "high", "engine", "low", 2),
    }
    assert sorted(set(ring(made, "models"))) == ["one", "two"]
    assert ring(made, "engine") is None
    assert load_order(tmp_path) == ["one", "two"]
