"""The command line, ports, names of databases, stale pid files, arguments of pytest."""

import os
import socket

import pytest

from tools import browser_tests, cli, cluster, databases, server, testing
from tools.messages import NeedsAction


def test_arguments_of_other_programs_are_passed_on():
    assert cli.parse(["test", "-k", "name", "--help"]).rest == ["-k", "name", "--help"]
    assert cli.parse(["bench", "speed", "--customers", "5"]).rest == ["speed", "--customers", "5"]


def test_own_arguments():
    options = cli.parse(["db", "mine", "--demo"])
    assert (options.name, options.demo, options.force) == ("mine", True, False)
    assert cli.parse(["shell"]).db == "demo"
    assert cli.parse(["run"]).port == 8069
    with pytest.raises(SystemExit):
        cli.parse(["run", "--port", "70000"])


def test_a_taken_port_is_named():
    with socket.create_server((server.ADDRESS, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(NeedsAction, match=f"port {port} is taken"):
            server.check_port(port)
    server.check_port(port)


@pytest.mark.parametrize("name", ["", "a b", "-x", "a;b", "template1", "ccv_mine", "x" * 60])
def test_bad_names_of_databases(name):
    with pytest.raises(NeedsAction):
        databases.check_name(name)


def test_quoting():
    assert databases.literal("it's") == "'it''s'"
    assert databases.identifier('a"b') == '"a""b"'


def test_which_tests_run_where(monkeypatch):
    monkeypatch.setattr(testing, "glue", lambda: ["tools"])
    everything = ([], ["crm_customer_value/tests"], ["tools/tests", "tools/tests"])
    assert testing.tested_paths([]) == everything
    one = "tools/tests/test_commands.py::test_quoting"
    assert testing.tested_paths(["-x", one]) == (["-x"], [], [one])
    assert testing.tested_paths(["-k", "name", "crm_customer_value/tests"]) == (
        ["-k", "name"], ["crm_customer_value/tests"], [],
    )


def test_pid_file_of_a_killed_server(tmp_path):
    # Our own number stands for one that the system gave to another program since.
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n")
    assert not cluster._runs(tmp_path)
    assert not pid_file.exists()
    # A number that nobody has is left to PostgreSQL, which looks for its other processes too.
    pid_file.write_text("99999999\n")
    assert not cluster._runs(tmp_path)
    assert pid_file.exists()


def test_the_socket_fits():
    assert len(f"{cluster.SOCKET}/.s.PGSQL.{cluster.PORT}") < 100


@pytest.mark.parametrize("reason, expected", [
    ("Skipped: Chrome executable not found", True), ("websocket-client module is not installed", True),
    ("needs a second company", False),
])
def test_skips_for_want_of_a_browser(reason, expected):
    assert browser_tests.is_browser_skip(reason) is expected
