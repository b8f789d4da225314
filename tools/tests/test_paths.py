"""Hashes that name caches and databases, and the check of free space."""

import pytest

from tools import paths
from tools.messages import NeedsAction


@pytest.fixture
def addon(tmp_path):
    folder = tmp_path / "some_addon"
    for name, text in {
        "__manifest__.py": "{}", "models/a.py": "a = 1", "tests/test_a.py": "", "static/src/a.js": "", "README.md": "",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_digest_keeps_parts_apart():
    assert paths.digest("ab", "c") != paths.digest("a", "bc")
    assert paths.digest("a") == paths.digest(b"a")


@pytest.mark.parametrize("name", ["__manifest__.py", "models/a.py", "models/new.xml"])
def test_a_change_that_shapes_the_database(addon, name):
    before = paths.addon_hash([addon])
    (addon / name).write_text("changed")
    assert paths.addon_hash([addon]) != before


@pytest.mark.parametrize("name", ["tests/test_a.py", "static/src/a.js", "README.md", "models/__pycache__/a.pyc"])
def test_a_change_that_leaves_the_database_as_it_is(addon, name):
    before = paths.addon_hash([addon])
    (addon / name).parent.mkdir(exist_ok=True)
    (addon / name).write_text("changed")
    assert paths.addon_hash([addon]) == before


def test_a_renamed_file_is_a_change(addon):
    before = paths.addon_hash([addon])
    (addon / "models/a.py").rename(addon / "models/b.py")
    assert paths.addon_hash([addon]) != before


def test_space_is_added_up_per_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(paths.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 1000 * 2**20}))
    paths.check_space([(tmp_path / "not/yet/there", 600), (tmp_path, 400)])
    with pytest.raises(NeedsAction, match="1001 MB are needed"):
        paths.check_space([(tmp_path / "not/yet/there", 600), (tmp_path, 401)])


def test_dependencies_come_from_the_manifest(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert paths.addon_dependencies() == ["sale_management"]
    (tmp_path / paths.ADDON).mkdir()
    (tmp_path / paths.ADDON / "__manifest__.py").write_text("{'depends': ['crm']}")
    assert paths.addon_dependencies() == ["crm", "sale_management"]
