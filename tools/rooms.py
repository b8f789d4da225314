"""The rooms of the addon and the arrows between them, read from its code.

A room is a folder of the same name in ``engine``, ``models``, ``wizards`` and ``controllers``. An arrow leads from a
room to another one that it imports from, whose model it extends or inherits, or whose model it asks by name.
"""

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from .paths import ADDON, ROOT

FOLDERS = ("engine", "models", "wizards", "controllers")
# Folders that make one house: models of dialogs are models. The engine knows none of them.
HOUSES = {"engine": ("engine",), "models": ("models", "wizards"), "controllers": ("controllers",)}


class Arrow(NamedTuple):
    """One reason why a room knows another: both as (folder, room), where, and what is used there."""

    source: tuple
    target: tuple
    file: str
    line: int
    what: str

    def __str__(self):
        return f"{self.file}:{self.line} ({self.source[1]}) uses {self.what} of {self.target[1]}"


def arrows(root=ROOT / ADDON):
    """Return all arrows between the rooms of an addon, as a list of :class:`Arrow`.

    :param Path root: the folder of the addon
    """
    trees = {
        path: ast.parse(path.read_bytes()) for folder in FOLDERS for path in sorted((root / folder).rglob("*.py"))
        if path.name != "__init__.py"
    }
    makers = {name: room for path, tree in trees.items() for name in _made(tree) if (room := _room(root, path))}
    found = []
    for path, tree in trees.items():
        source = _room(root, path)
        uses = [*_imported(root, path, tree), *((makers[name], line, name) for name, line in _named(tree, makers))]
        found += [
            Arrow(source, target, str(path.relative_to(root)), line, what)
            for target, line, what in uses if source and target and target != source
        ]
    return found


def load_order(root=ROOT / ADDON, folder="models"):
    """Return the rooms of a folder in the order in which its ``__init__`` imports them."""
    tree = ast.parse((root / folder / "__init__.py").read_bytes())
    return [alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]


def ring(found, house):
    """Return rooms that know each other in a ring, or None if all arrows in the folders of a house lead one way.

    :param found: of :class:`Arrow`
    :param str house: of :data:`HOUSES`
    """
    known = defaultdict(set)
    for arrow in found:
        if arrow.source[0] in HOUSES[house] and arrow.target[0] in HOUSES[house] and arrow.source[1] != arrow.target[1]:
            known[arrow.source[1]].add(arrow.target[1])
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def _room(root, path):
    """Return (folder, room) of a file, or None for one that lies in no room."""
    parts = path.relative_to(root).parts
    return (parts[0], parts[1]) if len(parts) > 2 else None


def _classes(tree):
    """Yield (name of the model, what it inherits, line) of each class of a model."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        values = {
            target.id: statement.value for statement in node.body if isinstance(statement, ast.Assign)
            for target in statement.targets if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
        }
        name, inherited = (
            [item.value for item in ast.walk(values[key]) if isinstance(item, ast.Constant)] if key in values else []
            for key in ("_name", "_inherit")
        )
        if name or inherited:
            yield (name or inherited)[0], inherited, node.lineno


def _made(tree):
    """Return the models that are made here, rather than extended."""
    return [name for name, inherited, _line in _classes(tree) if name not in inherited]


def _named(tree, makers):
    """Yield (model, line) of each model of ours that is inherited or asked by its name."""
    for _name, inherited, line in _classes(tree):
        yield from ((name, line) for name in inherited if name in makers)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in makers
            and isinstance(node.value, (ast.Attribute, ast.Name))
            and getattr(node.value, "attr", getattr(node.value, "id", "")) == "env"
        ):
            yield node.slice.value, node.lineno


def _imported(root, path, tree):
    """Yield (room, line, name) of what a file imports from the rooms of its own addon."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        folder = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        for alias in node.names:
            for target in (folder / f"{alias.name}.py", folder.with_suffix(".py")):
                if target.is_file():
                    yield _room(root, target), node.lineno, alias.name
                    break
