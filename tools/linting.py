"""``./dev lint``: checks that need no database.

Each check returns the number of its complaints, which it has printed by then. Odoo's own
checkers for pylint are in a run of their own: their messages have the same names as those of
pylint-odoo. The tests of Odoo's ``test_lint`` that need a registry are run by ``./dev test``.
"""

import os
import subprocess

from . import debian, odoo_tree, venv, xml_format
from .messages import say, step
from .paths import ROOT, addons

ODOO_CHECKERS = ("_odoo_checker_sql_injection", "_odoo_checker_gettext", "_odoo_checker_unlink_override")
ODOO_MESSAGES = (
    "sql-injection", "missing-gettext", "gettext-variable", "gettext-placeholders", "gettext-repr",
    "raise-unlink-override", "used-before-assignment", "undefined-variable", "eval-used", "function-redefined",
)


def run(fix=False):
    """Run all checks; return the exit code."""
    debian.install(venv.missing_packages(), "Python's venv")
    python = venv.get("lint")
    odoo = odoo_tree.get()
    checks = (
        ("ruff", lambda: ruff(python, fix)),
        ("Python compiles", python_compiles),
        ("pylint-odoo", lambda: pylint_odoo(python)),
        ("Odoo's checkers for pylint", lambda: odoo_checkers(python, odoo)),
        ("XML layout", lambda: xml_layout(fix)),
    )
    failed = []
    for name, check in checks:
        with step(name):
            if check():
                failed.append(name)
    say(f"lint: failed: {', '.join(failed)}" if failed else "lint: all good")
    return 1 if failed else 0


def files(*patterns):
    """Return the project's own files that match, tracked by git or not yet, without ignored ones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    try:
        output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        found = [ROOT / name for name in output.split("\0") if name]
    except (FileNotFoundError, subprocess.CalledProcessError):
        # No git, or a checkout without its .git: everything but hidden folders.
        found = [
            path for pattern in patterns for path in ROOT.rglob(pattern)
            if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        ]
    return sorted(path for path in set(found) if path.is_file())


def complain(path, line, message):
    """Print one complaint the way compilers do."""
    print(f"{path.relative_to(ROOT)}:{line}: {message}", flush=True)


def ruff(python, fix):
    """Style and likely bugs."""
    mend = ["--fix"] if fix else []
    command = [python, "-m", "ruff", "check", "--quiet", "--cache-dir", ROOT / ".dev" / "ruff", *mend, "dev", "."]
    return subprocess.run(command, cwd=ROOT).returncode


def python_compiles():
    """Syntax, also of files that no tool looks at."""
    count = 0
    for path in files("*.py", "dev"):
        try:
            compile(path.read_bytes(), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            count += 1
            complain(path, getattr(error, "lineno", 0) or 0, error)
    return count


def pylint_odoo(python):
    """Conventions of Odoo's community."""
    folders = addons()
    if not folders:
        return 0
    # Each room extends the models of others by a class of its own.
    command = [python, "-m", "pylint", "--rcfile=.pylintrc", "--disable=consider-merging-classes-inherited"]
    names = [folder.name for folder in folders]
    tests = [f"{folder.name}/tests" for folder in folders if (folder / "tests").is_dir()]
    # Tests in rooms are taken for what is no test: the messages that they post would have to be translated.
    runs = [[*command, "--ignore-paths=.*/tests/.*", *names]]
    if tests:
        runs.append([*command, "--disable=translation-required", *tests])
    return max(subprocess.run(run, cwd=ROOT).returncode for run in runs)


def odoo_checkers(python, odoo):
    """Odoo's own checks of SQL, translations and unlink."""
    folders = addons()
    checkers = [path / "test_lint" / "tests" for path in odoo.addons_path if (path / "test_lint").is_dir()]
    if not folders or not checkers:
        return 0
    command = [
        python, "-m", "pylint", f"--rcfile={os.devnull}", "--disable=all", f"--enable={','.join(ODOO_MESSAGES)}",
        f"--load-plugins={','.join(ODOO_CHECKERS)}", "--persistent=no", "--score=no", "--reports=no",
        *(folder.name for folder in folders),
    ]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [checkers[0], odoo.path]))}
    return subprocess.run(command, cwd=ROOT, env=env).returncode


def xml_layout(fix):
    """Layout of XML, see xml_format."""
    count = 0
    for path in files("*.xml"):
        text = path.read_bytes().decode()
        if fix and not xml_format.parse_error(text):
            mended = xml_format.format_xml(text)
            if mended != text:
                path.write_text(mended)
            text = mended
        for line, message in xml_format.check(text):
            count += 1
            complain(path, line, message)
    return count
