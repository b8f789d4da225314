"""Selected tests of Odoo's own ``test_lint``, over this project's addons and models only.

Those that need no registry are here too, because they need Odoo's code; its checkers for
pylint (SQL injection, translations, unlink) are run by ``./dev lint``.
"""

import importlib
import sys
import types
from pathlib import Path

import pytest

from odoo.modules import Manifest
from odoo.modules.registry import Registry

import odoo.addons.test_lint

from tools.paths import addons

PACKAGE = "odoo.addons.test_lint.tests"
NAMES = {folder.name for folder in addons()}


def load(name):
    """Import one file of Odoo's test_lint; the package would import pylint with all of them."""
    if PACKAGE not in sys.modules:
        package = types.ModuleType(PACKAGE)
        package.__path__ = [str(Path(odoo.addons.test_lint.__path__[0], "tests"))]
        sys.modules[PACKAGE] = package
    return importlib.import_module(f"{PACKAGE}.{name}")


def our_models(database):
    """Return the models that one of our addons defines or extends."""
    return {
        name: model for name, model in Registry(database).items()
        if any(getattr(parent, "_module", None) in NAMES for parent in model.mro())
    }


def our_manifests():
    """Return the manifests of our addons, as Odoo reads them."""
    return [Manifest.for_addon(name) for name in sorted(NAMES)]


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    monkeypatch.setattr(Manifest, "all_addon_manifests", staticmethod(our_manifests))
    for module in (load("test_naming"), load("test_override_signatures")):
        monkeypatch.setattr(module, "Registry", our_models)


TestIndex = load("test_index").TestIndex
TestManifests = load("test_manifests").ManifestLinter
TestNaming = load("test_naming").TestNaming
TestOnchangeDomains = load("test_onchange_domains").TestOnchangeDomains
TestOrmImport = load("test_orm_import").TestDunderinit
TestOverrideSignatures = load("test_override_signatures").TestLintOverrideSignatures
TestRoutes = load("test_routes").RoutesLinter
TestTestHoles = load("test_test_holes").TestTestHoles
TestTranslatedProps = load("test_i18n").TestI18n
TestTranslatedTemplates = load("test_jstranslate").TestJsTranslations
