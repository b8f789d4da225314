"""Mirroring styles for languages that are written from right to left."""

import shutil
import subprocess

import pytest

from tools import debian, rtlcss
from tools.messages import NeedsAction


def make_home(tmp_path, monkeypatch):
    """Return a home in which rtlcss says where it was started and with what."""
    home = tmp_path / "the cache" / "rtlcss"
    monkeypatch.setattr(rtlcss, "HOME", home)
    script = home / rtlcss.MODULES / "rtlcss" / "bin" / "rtlcss.js"
    script.parent.mkdir(parents=True)
    script.write_text("console.log(process.env.NODE_PATH, process.argv.slice(2).join(' '))")
    rtlcss.write_program(home, home)
    return home


@pytest.mark.skipif(not shutil.which("node"), reason="no Node.js on this machine")
def test_the_program_finds_its_modules(tmp_path, monkeypatch):
    home = make_home(tmp_path, monkeypatch)
    assert rtlcss.existing() == home / "bin"
    output = subprocess.run([home / "bin" / "rtlcss", "-c", "some file"], capture_output=True, text=True, check=True)
    assert output.stdout == f"{home / rtlcss.MODULES} -c some file\n"


def test_nothing_is_fetched_for_whoever_has_it(tmp_path, monkeypatch):
    monkeypatch.setattr(rtlcss, "HOME", tmp_path / "nothing")
    monkeypatch.setattr(rtlcss.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(rtlcss, "_build", lambda: pytest.fail("fetched"))
    rtlcss.get()


def test_it_is_no_condition(tmp_path, monkeypatch, capsys):
    """Whoever may not install Node.js is told what is missing, and goes on."""
    monkeypatch.setattr(rtlcss, "HOME", tmp_path / "nothing")
    monkeypatch.setattr(rtlcss.shutil, "which", lambda _name: None)

    def refuse(packages, why):
        raise NeedsAction(f"{why}: {packages} are missing")

    monkeypatch.setattr(debian, "install", refuse)
    rtlcss.get()
    assert "not mirrored: Node.js" in capsys.readouterr().err
