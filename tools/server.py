"""Odoo as a process: its configuration, one-off runs, and serving the demo."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import rtlcss, venv
from .messages import NeedsAction, Stop, cause_of, progress, progress_end, say
from .paths import LOGS, MOVED_CLOCK, ROOT, STATE, addons
from .process import die_with_parent, failure, try_lock

ADDRESS = "127.0.0.1"
CONFIG = STATE / "odoo.conf"
PID = STATE / "server.pid"
LOGINS = (
    ("administrator", "admin", "admin"),
    ("salesperson", "demo", "demo"),
    ("portal customer", "portal", "portal"),
)


class Runner:
    """Runs one Odoo against one PostgreSQL server."""

    def __init__(self, odoo, server):
        self.odoo = odoo
        self.server = server
        self.python = venv.odoo_python()
        server.data.mkdir(exist_ok=True)

    def env(self):
        """The environment of Odoo's processes."""
        # ./dev clocks has something to mend in every Python; whatever else the reader's path holds is not ours.
        path = [self.odoo.path, *([MOVED_CLOCK] if "FAKETIME" in os.environ else [])]
        env = {**self.server.env(), "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONUNBUFFERED": "1"}
        if programs := rtlcss.existing():
            # After those of the machine: whoever has an rtlcss uses it.
            env["PATH"] = os.pathsep.join((env.get("PATH", os.defpath), str(programs)))
        return env

    def write_config(self, path, code=ROOT, **options):
        """Write a configuration file; the options given are added to those of every use.

        :param code: the folder of our addons; another one holds those of another version
        """
        folders = [*self.odoo.addons_path, *([code] if addons() else [])]
        values = {
            "addons_path": ",".join(map(str, folders)),
            "data_dir": self.server.data,
            "http_interface": ADDRESS,
            "list_db": False,
            "workers": 0,
            "max_cron_threads": 0,
            # A recompute or an import of a big file may take minutes in one thread.
            "limit_time_real": 3600,
            "limit_time_cpu": 3600,
            **self.server.config(),
            **options,
        }
        text = "".join(f"{key} = {value}\n" for key, value in values.items())
        # Another ./dev may be reading the file at this moment.
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_text(f"[options]\n{text}")
        return temporary.replace(path)

    def command(self, config, *arguments):
        """Return the command line of an Odoo command (or of the server, without a command)."""
        head, rest = [], list(arguments)
        if rest and not rest[0].startswith("-"):
            head = [rest.pop(0)]
        return [str(part) for part in (self.python, "-m", "odoo", *head, "-c", config, *rest)]

    def run_once(self, log, what, *arguments, code=ROOT):
        """Run Odoo to its end (install, update) with its log in a file of its own."""
        log.unlink(missing_ok=True)
        config = self.write_config(self.server.data / "once.conf", code, http_enable=False)
        command = self.command(config, "--logfile", log, "--stop-after-init", *arguments)
        with log.with_suffix(".out").open("w+") as output:
            process = subprocess.Popen(
                command, env=self.env(), cwd=ROOT, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, preexec_fn=die_with_parent,
            )
            try:
                _follow(process, log)
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
            output.seek(0)
            printed = output.read()
        if process.returncode:
            error = _last_error(log)
            raise Stop(failure(what, error or printed, log if error else output.name))

    def shell(self, database, script, log, stdout=None):
        """Run a script (an open file) with ``env`` bound; return its exit code."""
        config = self.write_config(self.server.data / "shell.conf", http_enable=False)
        command = self.command(config, "shell", "--logfile", log, "-d", database, "--no-http")
        return subprocess.run(
            command, env=self.env(), cwd=ROOT, stdin=script, stdout=stdout, preexec_fn=die_with_parent
        ).returncode

    def serve(self, database, port):
        """Serve a database in the foreground until Ctrl-C or ./dev stop."""
        log = LOGS / "server.log"
        log.unlink(missing_ok=True)
        config = self.write_config(
            CONFIG, db_name=database, dbfilter=f"^{database}$", http_port=port, logfile=log, max_cron_threads=1,
        )
        # In a group of its own: Ctrl-C would reach Odoo twice, once from the terminal and once from
        # us, and the second time makes it drop everything.
        process = subprocess.Popen(
            self.command(config), env=self.env(), cwd=ROOT, stdin=subprocess.DEVNULL, process_group=0,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent,
        )
        PID.write_text(f"{process.pid}\n")
        try:
            _wait_until_up(process, port, log)
            print(f"\nOdoo is ready at http://localhost:{port}")
            for who, login, password in LOGINS:
                print(f"  {who}: {login} / {password}")
            print(f"Log: {log}\nCtrl-C ends it.", flush=True)
            process.wait()
        except KeyboardInterrupt:
            pass
        finally:
            _end(process)
            PID.unlink(missing_ok=True)
        say("Odoo has ended.")
        return 0 if process.returncode in (0, -signal.SIGTERM, -signal.SIGINT) else 1


def serving_lock():
    """Take the right to serve this checkout's demo, or say who has it."""
    lock = try_lock(STATE / "server.lock")
    if lock is None:
        raise NeedsAction("the demo of this checkout is being served already: end it with ./dev stop")
    return lock


def check_port(port):
    """Refuse a port on which something listens already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except PermissionError:
            raise NeedsAction(f"port {port} is reserved for root: choose one above 1023") from None
        except OSError:
            other = port + 1 if port < 65535 else 8069
            raise NeedsAction(f"port {port} is taken: choose another one with ./dev run --port {other}") from None


def stop():
    """End the server of this checkout, if it runs; tell whether it did."""
    try:
        pid = int(PID.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, ValueError):
        PID.unlink(missing_ok=True)
        return False
    if str(CONFIG).encode() not in command.split(b"\0"):
        PID.unlink(missing_ok=True)
        return False
    for number, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and os.path.exists(f"/proc/{pid}"):
            time.sleep(0.1)
        if not os.path.exists(f"/proc/{pid}"):
            break
    PID.unlink(missing_ok=True)
    return True


def _follow(process, log):
    """Wait for an installation and show which module it is at."""
    position = 0
    while process.poll() is None:
        time.sleep(0.2)
        if log.exists():
            with log.open(errors="replace") as lines:
                lines.seek(position)
                text = lines.read()
                position = lines.tell()
            found = re.findall(r"Loading module (\w+) \((\d+)/(\d+)\)", text)
            if found:
                progress("module {} ({} of {})".format(*found[-1]))
    progress_end()


def _last_error(log):
    """Return what Odoo's log says about its failure."""
    if not log.exists():
        return ""
    text = log.read_text(errors="replace")
    if cause_of(text):
        return text
    head = r"^\d{4}-\S+ \S+ \d+ (?:ERROR|CRITICAL) \S+ "
    records = re.findall(head + r"(\S+: .*(?:\n(?!\d{4}-\d\d-\d\d ).*)*)", text, re.MULTILINE)
    return records[-1] if records else ""


def _wait_until_up(process, port, log):
    url = f"http://{ADDRESS}:{port}/web/health"
    while process.poll() is None:
        # Odoo answers before it has loaded its modules, and then with an error.
        if not (log.exists() and "Registry loaded in" in log.read_text(errors="replace")):
            time.sleep(0.2)
            continue
        try:
            with urllib.request.urlopen(url, timeout=60):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Stop(failure("starting Odoo", _last_error(log), log))


def _end(process):
    """Let Odoo end by itself after Ctrl-C, a second Ctrl-C ends it at once."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=20)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()
