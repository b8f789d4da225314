"""The PostgreSQL server: an existing one (``PGHOST`` ...), or a private one of this checkout."""

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .messages import NeedsAction, Stop, step
from .paths import STATE, checkout_key, digest, prepare_state
from .process import as_user, failure, locked, run, user_exists

OLDEST = 13
ATTEMPTS = 15
ROLE = "odoo"
PORT = "5432"
EXTERNAL = ("PGHOST", "PGPORT", "PGUSER")
SOCKET = Path("/tmp") / f"ccv-{checkout_key()}"
POINTER = STATE / "cluster.path"
# The demo lives here too: nothing may be lost when the machine crashes except the last moments.
SETTINGS = """
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 15min
shared_buffers = 384MB
work_mem = 32MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
lc_messages = 'C'
"""


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL."""

    private: bool
    psql: str

    def env(self):
        """The environment of programs that connect with libpq."""
        if not self.private:
            return dict(os.environ)
        return {**os.environ, "PGHOST": str(SOCKET), "PGPORT": PORT, "PGUSER": ROLE}

    @property
    def data(self):
        """Where Odoo keeps its files: each server has databases of its own, and so has this folder."""
        if self.private:
            return STATE / "odoo-data"
        return STATE / f"odoo-data-{digest(*(os.environ.get(name, '') for name in EXTERNAL[:2]))}"

    def config(self):
        """The options of Odoo's configuration file; an existing server is left to libpq."""
        return {"db_host": SOCKET, "db_port": PORT, "db_user": ROLE} if self.private else {}


def is_external():
    """Tell whether the reader points to an existing server."""
    return any(os.environ.get(name) for name in EXTERNAL)


def binaries():
    """Return {major version: folder} of all PostgreSQL servers installed on this machine."""
    candidates = [Path(path) for path in Path("/usr/lib/postgresql").glob("*/bin")]
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).resolve().parent)
    result = {}
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            output = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
            match = re.search(r"(\d+)", output)
            if match:
                result[int(match[1])] = folder
    return result


def missing_packages():
    """Return the Debian packages without which there is no PostgreSQL."""
    if is_external():
        return [] if shutil.which("psql") else ["postgresql-client"]
    return [] if max(binaries(), default=0) >= OLDEST else ["postgresql"]


def owner():
    """Return the user that runs the private server: it refuses to run as root."""
    if os.geteuid():
        return None
    if not user_exists("postgres"):
        raise NeedsAction("PostgreSQL does not run as root, and there is no user postgres to run it as")
    return "postgres"


def folder():
    """Return the folder of the private server: in the checkout, if its user can get there."""
    if POINTER.exists():
        return Path(POINTER.read_text().strip())
    user = owner()
    reachable = user is None or subprocess.run(["test", "-x", STATE], **as_user(user)).returncode == 0
    path = STATE / "cluster" if reachable else Path("/var/lib/postgresql") / f"ccv-{checkout_key()}"
    POINTER.write_text(f"{path}\n")
    return path


def start():
    """Return a running server that Odoo can use."""
    if is_external():
        return _check_external(Server(False, shutil.which("psql") or "psql"))
    prepare_state()
    with locked(STATE / "cluster.lock", "starting PostgreSQL"):
        return _start_private()


def stop():
    """End the private server of this checkout, if it runs; tell whether it did."""
    if not POINTER.exists():
        return False
    data = folder() / "data"
    if not (data / "PG_VERSION").exists():
        return False
    if not _runs(data):
        return False
    _stop(_bin_of(data), data)
    shutil.rmtree(SOCKET, ignore_errors=True)
    return True


def is_ready():
    """Tell whether the private cluster has been made already."""
    return is_external() or (POINTER.exists() and (folder() / "data" / "PG_VERSION").exists())


def _check_external(server):
    where = ", ".join(f"{name}={os.environ[name]}" for name in EXTERNAL if os.environ.get(name))
    if os.environ.get("PGUSER") == "postgres":
        raise NeedsAction("Odoo refuses to use the database user postgres: give another one with PGUSER")
    result = subprocess.run(
        [server.psql, "-XAtq", "-d", "postgres", "-c", "SHOW server_version_num"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )
    if result.returncode:
        reason = result.stderr.strip().splitlines()[0].removeprefix("psql: error: ")
        raise NeedsAction(f"PostgreSQL at {where} cannot be used: {reason}")
    version = int(result.stdout) // 10000
    if version < OLDEST:
        raise NeedsAction(f"PostgreSQL at {where} is version {version}; Odoo 19 needs {OLDEST} or newer")
    return server


def _bin_of(data):
    """Return the programs of the version that a cluster was made with."""
    version = int((data / "PG_VERSION").read_text())
    found = binaries()
    if version not in found:
        raise NeedsAction(
            f"the databases in {data.parent} were made by PostgreSQL {version}, which is not installed any more: "
            f"install it, or remove {data.parent} (everything in it can be made again)"
        )
    return found[version]


def _start_private():
    debian.install(missing_packages(), "PostgreSQL")
    cluster, user = folder(), owner()
    data = cluster / "data"
    if not (data / "PG_VERSION").exists():
        _make(cluster, user)
    programs = _bin_of(data)
    server = Server(True, str(programs / "psql"))
    if _runs(data):
        if _answers(server):
            return server
        # Its socket is gone (a cleaned /tmp) or it hangs: start it afresh.
        _stop(programs, data)
    _make_socket_folder(user)
    log = cluster / "log"
    options = f"-k {SOCKET} -p {PORT} -c listen_addresses='' -c unix_socket_permissions=0700"
    command = [programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "120", "start"]
    for _attempt in range(ATTEMPTS):
        begun = log.stat().st_size if log.exists() else 0
        code, output = run(command, "starting PostgreSQL", user=user, cwd="/", check=False)
        if not code:
            return server
        said = log.read_bytes()[begun:].decode(errors="replace") if log.exists() else output
        if not re.search(r"lock file .* already exists|shared memory block .* is still in use", said):
            break
        # The last processes of a server that was killed need a moment to go.
        time.sleep(1)
    fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
    raise Stop(failure("starting PostgreSQL", "\n".join(fatal) or said or output, log))


def _stop(programs, data):
    run([programs / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"], "stopping PostgreSQL", user=owner(), cwd="/")


def _answers(server):
    return subprocess.run(
        [server.psql, "-XAtq", "-d", "postgres", "-c", "SELECT 1"], env={**server.env(), "PGCONNECT_TIMEOUT": "5"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ).returncode == 0


def _make(cluster, user):
    """Make the cluster under a temporary name."""
    temporary = cluster.with_name(cluster.name + ".tmp")
    version = max(binaries(), default=0)
    if version < OLDEST:
        found = f"only PostgreSQL {version}" if version else "no PostgreSQL server"
        raise NeedsAction(f"{found} is installed; Odoo 19 needs {OLDEST} or newer")
    with step(f"PostgreSQL {version}: private cluster in {cluster}"):
        for path in (temporary, cluster):
            shutil.rmtree(path, ignore_errors=True)
        temporary.mkdir(mode=0o700)
        if user:
            shutil.chown(temporary, user, user)
        run(
            [binaries()[version] / "initdb", "-D", temporary / "data", "-U", ROLE, "--auth=trust",
             "--encoding=UTF8", "--locale=C.UTF-8"],
            "making a PostgreSQL cluster", user=user, cwd="/",
        )
        with (temporary / "data" / "postgresql.conf").open("a") as config:
            config.write(SETTINGS)
        temporary.rename(cluster)


def _runs(data):
    """Tell whether the server of this cluster runs; one that was killed left a pid file behind."""
    path = data / "postmaster.pid"
    try:
        pid = path.read_text().split("\n", 1)[0].strip()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    if b"postgres" in command[0] and str(data).encode() in command:
        return True
    if command[0]:
        # The number belongs to another program by now, which PostgreSQL would take for itself.
        # If nobody has it, PostgreSQL knows better than we do whether all of it has gone.
        path.unlink()
    return False


def _make_socket_folder(user):
    """Make the folder of the socket anew; nobody else may have made it before us."""
    SOCKET.mkdir(mode=0o700, exist_ok=True)
    for left_over in SOCKET.glob(".s.PGSQL.*"):
        left_over.unlink()
    if user:
        shutil.chown(SOCKET, user, user)
    elif SOCKET.stat().st_uid != os.geteuid():
        raise NeedsAction(f"{SOCKET} belongs to another user: remove it and run ./dev again")
