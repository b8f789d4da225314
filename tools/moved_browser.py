"""A pytest plugin for ./dev clocks: the pages in Chromium have the moved clock too.

libfaketime makes Chromium take a minute to start, so Chromium itself is left alone, and the clock of each page
(``Date``) is moved by a script that runs before all others.
"""

import os
from unittest import mock

import pytest

SCRIPT = """
(() => {
    const moved = () => RealDate.now() + %d * 1000;
    const RealDate = Date;
    globalThis.Date = new Proxy(RealDate, {
        apply: () => new RealDate(moved()).toString(),
        construct: (target, values, constructor) =>
            Reflect.construct(target, values.length ? values : [moved()], constructor),
        get: (target, name) => (name === "now" ? moved : Reflect.get(target, name)),
    });
})();
"""


@pytest.fixture(scope="session", autouse=True)
def moved_browser():
    """Move the clock of all pages by as much as that of this process."""
    seconds = os.environ.get("FAKETIME")
    if not seconds:
        yield
        return
    # Here, because pytest-odoo has to set Odoo up first.
    from odoo.tests.common import ChromeBrowser

    start, init = ChromeBrowser._chrome_start, ChromeBrowser.__init__

    def start_unmoved(self, *args, **kwargs):
        with mock.patch.dict(os.environ):
            del os.environ["LD_PRELOAD"]
            return start(self, *args, **kwargs)

    def init_moved(self, *args, **kwargs):
        init(self, *args, **kwargs)
        source = SCRIPT % int(seconds)
        self._websocket_request("Page.addScriptToEvaluateOnNewDocument", params={"source": source})

    with mock.patch.multiple(ChromeBrowser, _chrome_start=start_unmoved, __init__=init_moved):
        yield
