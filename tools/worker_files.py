"""A pytest plugin: each of several processes that share the tests has files of its own.

pytest-odoo gives each of them a copy of the database, but lets them share the folder of attachments. Odoo removes
files there that no attachment of its database needs any more, and so would take those of the others away.
"""

import functools
import os
import shutil
from unittest import mock

import pytest

from .databases import link_or_copy


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """Use a copy of the shared folder, under the name of this process's database, until the tests end."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        yield
        return
    # Here, because pytest-odoo has to set Odoo up first.
    import odoo.tests.common
    from odoo.tools import config

    name = odoo.tests.common.get_db_name()
    shared = config.filestore(name)
    own = functools.partial(type(config).filestore, config)
    shutil.rmtree(own(name), ignore_errors=True)
    # Odoo never changes a file: second names are enough.
    shutil.copytree(shared, own(name), copy_function=link_or_copy)
    with mock.patch.object(config, "filestore", own):
        yield
    shutil.rmtree(own(name), ignore_errors=True)
