"""Chromium as people use it: on a desk at 1,280 pixels and on a phone at 390."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

DESK_WIDTH = 1280
PHONE_WIDTH = 390
HEIGHTS = {DESK_WIDTH: 900, PHONE_WIDTH: 844}
NAMES = ("chromium", "chromium-browser", "google-chrome")
# A closed network stays quiet, and the browser also starts under root and without a graphics card.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str:
    """Return the path of the machine's Chromium, or raise FileNotFoundError."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError("Chromium is not installed. Run `make test`, which installs it.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a headless Chromium with an empty profile and close it at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def new_context(
    browser: Browser, *, base_url: str | None = None, width: int = DESK_WIDTH, scripts: bool = True
) -> BrowserContext:
    """Open a fresh visitor without cookies: British, in London, on a screen of this width in pixels.

    With `scripts=False` the visitor's browser runs no JavaScript.
    """
    return browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        has_touch=width == PHONE_WIDTH,
        java_script_enabled=scripts,
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
