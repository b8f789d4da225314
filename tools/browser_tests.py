"""A pytest plugin: a browser test that was skipped for want of a browser has failed.

Odoo skips its browser tests when Chromium is missing or does not start; the run would then
look as if the screens had been tested. A machine under load may need longer to start it than Odoo waits.
"""

import pytest

SIGNS = ("chrome", "websocket")
# Seconds to wait for Chromium to start; Odoo gives up after ten.
START_SECONDS = 60


def is_browser_skip(reason):
    """Tell whether the reason of a skip is the browser."""
    return any(sign in reason.lower() for sign in SIGNS)


def pytest_collection_finish():
    """Give Chromium time to start."""
    # Not sooner: the plugin is loaded before Odoo has its configuration.
    from odoo.tests import common

    common.CHECK_BROWSER_ITERATIONS = int(START_SECONDS / common.CHECK_BROWSER_SLEEP)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and is_browser_skip(report.longrepr[2]):
        report.outcome = "failed"
        report.longrepr = f"the browser could not be used: {report.longrepr[2]}"
    return report
