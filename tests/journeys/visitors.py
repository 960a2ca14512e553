"""People in front of a browser: each with cookies of their own, and every page that they reach is looked over."""

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from servers.browser import DESK_WIDTH, PHONE_WIDTH, new_context

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
# What stands for one thing in an address: two requests have one page.
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_=-]{30,}")


class Visitors:
    """Opens browsers for people, and gathers what was wrong with any page that they saw."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser = browser
        self._base_url = base_url
        self._contexts: list[BrowserContext] = []
        self._looked_over: set[str] = set()
        self.problems: list[str] = []
        # What people have printed: the codes with which they sign in, by e-mail address.
        self.sheets: dict[str, list[str]] = {}

    def on_a_phone(self, *, scripts: bool = True) -> Page:
        """Return the page of somebody new with a phone."""
        return self._somebody(PHONE_WIDTH, scripts=scripts)

    def at_a_desk(self) -> Page:
        """Return the page of somebody new at a desk."""
        return self._somebody(DESK_WIDTH, scripts=True)

    def look_over(self, page: Page, heading: str | re.Pattern[str], *, scripts: bool = True) -> None:
        """Expect the page's one heading; once for each kind of page, expect that everybody can use it."""
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        width = page.viewport_size["width"] if page.viewport_size else 0
        kind = f"{_ID.sub('…', page.url.removeprefix(self._base_url))} “{heading}” at {width}"
        if kind in self._looked_over:
            return
        self._looked_over.add(kind)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.problems.append(f"{kind} is {wide} pixels wide")
        if scripts:
            self.problems += [f"{kind}: {found}" for found in _not_accessible(page)]

    def leave(self, page: Page) -> None:
        """Close somebody's browser."""
        self._contexts.remove(page.context)
        page.context.close()

    def all_leave(self) -> None:
        """Close every browser."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _somebody(self, width: int, *, scripts: bool) -> Page:
        context = new_context(self._browser, base_url=self._base_url, width=width, scripts=scripts)
        context.set_default_timeout(PATIENCE_MS)
        context.on("response", self._note_response)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        self._contexts.append(context)
        return context.new_page()

    def _note_response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} at {response.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        # Chromium reports here, among other things, what the content security policy refused.
        if message.type == "error":
            self.problems.append(f"console: {message.text}")


def open_menu(page: Page) -> None:
    """Open the navigation where it is folded into a menu, as on a phone."""
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible() and menu.get_attribute("aria-expanded") != "true":
        menu.click()


def go_to(page: Page, place: str) -> None:
    """Follow the navigation of somebody who is signed in."""
    open_menu(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()


def _not_accessible(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} at {node['html']}"
        for violation in found
        for node in violation["nodes"]
        if not _known_of_library(violation["id"], node)
    ]


def _known_of_library(rule: str, node: dict[str, Any]) -> bool:
    """GOV.UK Frontend marks a radio that reveals more with aria-expanded, which ARIA does not know there; it keeps it on purpose."""
    reveals = 'type="radio"' in node["html"] and "aria-controls=" in node["html"]
    return rule == "aria-allowed-attr" and reveals
