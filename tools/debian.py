"""Debian packages: missing ones are installed, others are unpacked beside the system."""

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from .messages import NeedsAction, Stop, cause_of, step
from .process import SETUP_LOG, failure, run

APT = Path("/etc/apt")
KEYRINGS = [Path(f"/usr/share/keyrings/debian-archive-keyring.{kind}") for kind in ("gpg", "pgp")]
SUITES = {
    "bookworm", "trixie", "forky", "duke", "sid", "oldstable", "stable", "testing", "unstable",
}
APT_ENV = {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}


@dataclass
class Source:
    """One archive in the machine's apt configuration."""

    uri: str
    suites: list
    components: list
    options: dict = field(default_factory=dict)


def parse_list(text):
    """Read the one-line style: ``deb [option=value] uri suite component ...``."""
    sources = []
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        match = re.match(r"deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<rest>\S.*)$", line)
        if match:
            options = dict(
                option.split("=", 1) for option in (match["options"] or "").split() if "=" in option
            )
            uri, suite, *components = match["rest"].split()
            options = {key.lower(): value for key, value in options.items()}
            sources.append(Source(uri, [suite], components, options))
    return sources


def parse_deb822(text):
    """Read the stanza style (``Types:``, ``URIs:``, ``Suites:`` ...)."""
    sources = []
    for stanza in re.split(r"\n[ \t]*\n", "\n".join(
        line for line in text.splitlines() if not line.startswith("#")
    )):
        fields, name = {}, None
        for line in stanza.splitlines():
            if line[:1] in (" ", "\t") and name:
                fields[name] += "\n" + line.strip()
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" in fields.get("types", "").split() and fields.get("enabled", "yes").lower() != "no":
            sources += [
                Source(uri, fields.get("suites", "").split(), fields.get("components", "").split(), fields)
                for uri in fields.get("uris", "").split()
            ]
    return sources


def machine_sources(folder=APT):
    """Return all archives of the machine's apt configuration, in apt's order."""
    sources = []
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for path in files:
        if path.suffix in (".list", ".sources") and path.is_file():
            parse = parse_deb822 if path.suffix == ".sources" else parse_list
            sources += parse(path.read_text(errors="replace"))
    return sources


def debian_mirror(sources, codename=""):
    """Return (uri, keyring or None) of the first archive of Debian itself, or None."""
    names = SUITES | {codename}
    for source in sources:
        if "main" in source.components and names.intersection(source.suites) and "cdrom:" not in source.uri:
            keyring = source.options.get("signed-by", "")
            return source.uri, keyring if keyring.startswith("/") and "\n" not in keyring else None
    return None


def machine_mirror():
    """Return the address and keyring of the machine's own Debian archive."""
    release = Path("/etc/os-release")
    fields = dict(
        line.split("=", 1) for line in (release.read_text().splitlines() if release.exists() else []) if "=" in line
    )
    found = None
    if fields.get("ID", "").strip('"') == "debian" and shutil.which("apt-get"):
        found = debian_mirror(machine_sources(), fields.get("VERSION_CODENAME", "").strip('"'))
    if not found:
        raise NeedsAction(
            "Odoo is taken from Debian, and this machine's apt knows no Debian archive: "
            "give the folder of an Odoo 19.0 with ODOO_HOME=..."
        )
    uri, keyring = found
    keyring = keyring or next((str(path) for path in KEYRINGS if path.exists()), None)
    if not keyring:
        raise NeedsAction("Debian's archive keys are missing: apt-get install debian-archive-keyring")
    return uri, keyring


def install(packages, why):
    """Install Debian packages when root (or sudo without a password) is there, else say how."""
    if not packages:
        return
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise NeedsAction(f"{why}: not found on this machine; install what Debian calls {names}")
    prefix = []
    if os.geteuid():
        prefix = ["sudo", "-n", "env", *(f"{key}={value}" for key, value in APT_ENV.items())]
        allowed = shutil.which("sudo") and run(["sudo", "-n", "true"], "sudo", check=False)[0] == 0
        if not allowed:
            raise NeedsAction(
                f"{why}: Debian packages are missing. Run this as root, then ./dev again:\n"
                f"    apt-get update && apt-get install -y --no-install-recommends {names}"
            )
    env = {**os.environ, **APT_ENV}
    command = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *packages]
    with step(f"Debian packages: {names}"):
        # The machine's package lists are often good enough; only if they are not, fetch new ones.
        code, output = run(command, "apt-get", env=env, check=False)
        if "dpkg was interrupted" in output:
            run([*prefix, "dpkg", "--configure", "-a"], "dpkg", env=env, check=False)
            code, output = run(command, "apt-get", env=env, check=False)
        if code and not re.search(r"Could not get lock|No space left", output):
            run([*prefix, "apt-get", "update"], "apt-get update", env=env, check=False)
            code, output = run(command, "apt-get", env=env, check=False)
    if code:
        raise NeedsAction(failure(f"installing {names}", output, SETUP_LOG))


class PrivateApt:
    """Package lists in a folder of our own: any suite can be read there, without being root."""

    def __init__(self, folder, suites):
        self.folder = folder
        uri, keyring = machine_mirror()
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True)
        (folder / "sources.list").write_text(
            "".join(f"deb [signed-by={keyring}] {uri} {suite} main\n" for suite in suites)
        )
        self.options = [
            f"-oDir::State::Lists={folder}/lists",
            f"-oDir::Cache={folder}/cache",
            f"-oDir::Etc::SourceList={folder}/sources.list",
            "-oDir::Etc::SourceParts=/dev/null",
            "-oDir::Etc::Preferences=/dev/null",
            "-oDir::Etc::PreferencesParts=/dev/null",
            "-oAPT::Sandbox::User=root",
            "-oAPT::Update::Error-Mode=any",
            "-oAcquire::Languages=none",
            "-oAcquire::Retries=2",
        ]

    def update(self):
        """Fetch the package lists."""
        self._apt("reading Debian's package lists", "update")

    def download(self, packages):
        """Fetch packages; return the .deb files in the order of their names."""
        target = self.folder / "debs"
        target.mkdir(exist_ok=True)
        self._apt("downloading from Debian", "download", *packages, cwd=target)
        return sorted(target.glob("*.deb"))

    def _apt(self, what, *arguments, cwd=None):
        env = {**os.environ, **APT_ENV}
        code, output = run(["apt-get", "-q", *self.options, *arguments], what, env=env, cwd=cwd, check=False)
        if code:
            reason = failure(what, output, SETUP_LOG)
            raise NeedsAction(reason) if cause_of(output) else Stop(reason)


def unpack(deb, target, exclude=()):
    """Unpack one package below a folder, without its maintainer scripts."""
    target.mkdir(parents=True, exist_ok=True)
    excludes = " ".join(f"--exclude='{path}'" for path in exclude)
    script = f'set -o pipefail; dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --no-same-owner {excludes}'
    run(["bash", "-c", script, "unpack", deb, target], f"unpacking {deb.name}")
