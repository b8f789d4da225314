"""Finding an existing Odoo in any usual layout, and refusing another series."""

import pytest

from tools import odoo_tree
from tools.messages import NeedsAction

LAYOUTS = {
    "source checkout": ("", ""),
    "root of an unpacked Debian package": ("", odoo_tree.PACKAGES),
    "folder of Python packages": (odoo_tree.PACKAGES, odoo_tree.PACKAGES),
    "the package itself": ("odoo", ""),
}


def make_odoo(folder, version="(19, 0, 0, FINAL, 0, '')"):
    (folder / "odoo" / "addons").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(
        f"#  (6,1,0,'beta',0) < (6,1,0,'candidate',1)\nversion_info = {version}\n"
    )


@pytest.mark.parametrize("given, tree", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(tmp_path, monkeypatch, given, tree):
    make_odoo(tmp_path / tree)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path / given))
    assert odoo_tree.existing().path == tmp_path / tree


def test_addons_beside_the_package_count_in_a_source_checkout_only(tmp_path):
    make_odoo(tmp_path)
    (tmp_path / "addons").mkdir()
    odoo = odoo_tree.Odoo(tmp_path, "key")
    assert odoo.addons_path == [tmp_path / "odoo" / "addons"]
    (tmp_path / "odoo-bin").touch()
    assert odoo.addons_path == [tmp_path / "addons", tmp_path / "odoo" / "addons"]


def test_no_odoo_there(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(NeedsAction, match="holds no Odoo"):
        odoo_tree.existing()


@pytest.mark.parametrize("version, found", [
    ("(18, 0, 0, FINAL, 0, '')", "18.0"), ("('saas~18', 4, 0, FINAL, 0, '')", "saas~18.4"),
])
def test_another_series(tmp_path, monkeypatch, version, found):
    make_odoo(tmp_path, version)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(NeedsAction, match=f"is Odoo {found}; this addon needs Odoo 19.0"):
        odoo_tree.existing()


def test_the_key_changes_with_the_tree(tmp_path, monkeypatch):
    make_odoo(tmp_path)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    before = odoo_tree.existing().key
    (tmp_path / ".git" / "logs").mkdir(parents=True)
    (tmp_path / ".git" / "logs" / "HEAD").write_text("a pull")
    assert odoo_tree.existing().key != before
