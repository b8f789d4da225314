"""A pytest plugin: a browser test that was skipped for want of a browser has failed.

Odoo skips its browser tests when Chromium is missing or does not start; the run would then
look as if the screens had been tested.
"""

import pytest

SIGNS = ("chrome", "websocket")


def is_browser_skip(reason):
    """Tell whether the reason of a skip is the browser."""
    return any(sign in reason.lower() for sign in SIGNS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and is_browser_skip(report.longrepr[2]):
        report.outcome = "failed"
        report.longrepr = f"the browser could not be used: {report.longrepr[2]}"
    return report
