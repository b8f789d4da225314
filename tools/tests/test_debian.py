"""Reading the machine's apt configuration."""

import pytest

from tools import debian
from tools.messages import NeedsAction

STANZAS = """\
# an archive of security updates comes first
Types: deb
URIs: http://security.example.org/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/example.gpg

Types: deb deb-src
URIs: http://mirror.example.org/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/example.gpg

Enabled: no
Types: deb
URIs: http://off.example.org/debian
Suites: bookworm
Components: main
"""


def test_stanzas():
    sources = debian.parse_deb822(STANZAS)
    assert [source.uri for source in sources] == [
        "http://security.example.org/debian-security", "http://mirror.example.org/debian",
    ]
    assert sources[1].suites == ["bookworm", "bookworm-updates"]
    assert debian.debian_mirror(sources) == ("http://mirror.example.org/debian", "/usr/share/keyrings/example.gpg")


def test_stanza_with_several_addresses_and_a_key_inside():
    sources = debian.parse_deb822(
        "Types: deb\nURIs: http://a.example.org/debian http://b.example.org/debian\nSuites: sid\n"
        "Components: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n"
    )
    assert [source.uri for source in sources] == ["http://a.example.org/debian", "http://b.example.org/debian"]
    assert debian.debian_mirror(sources) == ("http://a.example.org/debian", None)


def test_lines():
    sources = debian.parse_list(
        "# deb http://no.example.org/debian bookworm main\n"
        "deb-src http://no.example.org/debian bookworm main\n"
        "deb [arch=amd64 signed-by=/k.gpg] https://packages.example.org/apt cloud main\n"
        "deb cdrom:[Debian 12]/ bookworm main\n"
        "deb [signed-by=/usr/share/keyrings/d.gpg] http://mirror.example.org/debian/ bookworm main  # ours\n"
    )
    assert debian.debian_mirror(sources) == ("http://mirror.example.org/debian/", "/usr/share/keyrings/d.gpg")


def test_a_suite_known_by_the_machine_only():
    sources = debian.parse_list("deb http://mirror.example.org/debian zurg main")
    assert debian.debian_mirror(sources) is None
    assert debian.debian_mirror(sources, "zurg") == ("http://mirror.example.org/debian", None)


def test_files_of_a_machine(tmp_path):
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text("deb http://one.example.org/debian bookworm main\n")
    (parts / "b.sources").write_text(STANZAS)
    (parts / "a.list").write_text("deb http://two.example.org/x cloud main\n")
    (parts / "c.list.disabled").write_text("deb http://three.example.org/debian bookworm main\n")
    assert [source.uri.split("/")[2] for source in debian.machine_sources(tmp_path)] == [
        "one.example.org", "two.example.org", "security.example.org", "mirror.example.org",
    ]


def test_nothing_missing_nothing_done(monkeypatch):
    monkeypatch.setattr(debian, "run", lambda *arguments, **options: pytest.fail("nothing was to be installed"))
    debian.install([], "nothing")


def test_without_root_the_command_is_shown(monkeypatch):
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(debian.shutil, "which", lambda name: None if name == "sudo" else f"/usr/bin/{name}")
    with pytest.raises(NeedsAction, match=r"apt-get install -y --no-install-recommends postgresql chromium"):
        debian.install(["postgresql", "chromium"], "some programs")
