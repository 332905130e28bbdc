"""A person at a browser: goes to pages, signs in, and remembers which services the browser was sent to."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from scripts.services import Site
from scripts.walkthrough.authenticator import Authenticator

PASSWORD_OF_EVERYBODY = "Partner!2026demo"
WAIT = 15_000


class Visit:
    """One persona's visits. `trail` holds every address the browser was sent to since `leave_for`."""

    def __init__(
        self,
        browser: Browser,
        site: Site,
        let_days_pass: Callable[[int], None],
        set_policy: Callable[..., None] | None = None,
    ) -> None:
        self.site = site
        self.let_days_pass = let_days_pass
        self._set_policy = set_policy
        self.authenticator = Authenticator("")
        self.trail: list[str] = []
        self._browser = browser
        self._context: BrowserContext | None = None
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        assert self._page is not None, "call new_session() first"
        return self._page

    def new_session(self, **device: Any) -> None:
        """A browser that has never been anywhere: no cookies, nothing remembered. `device` as Playwright names it."""
        self.close()
        # The certificate of TLS=1 is checked by the services among themselves; this browser does not know it.
        self._context = self._browser.new_context(ignore_https_errors=True, locale="en-GB", **device)
        self._context.set_default_timeout(WAIT)
        self._page = self._context.new_page()
        self._page.on("request", self._note)

    def set_policy(self, *arguments: str) -> None:
        """What an administrator of the person's organization changes meanwhile: the arguments of `set_policy`."""
        assert self._set_policy is not None, "nobody can change a policy here"
        self._set_policy(*arguments)

    def close(self) -> None:
        if self._context is not None:
            self._context.close()
        self._context = self._page = None

    def open(self, path: str) -> None:
        """Go to a page of the portal, as if typed into the address bar."""
        self.trail.clear()
        self.page.goto(f"{self.site.portal}{path}")

    def arrive(self, path: str) -> None:
        """Wait until the browser rests on this page of the portal."""
        self.page.wait_for_url(f"{self.site.portal}{path}**")
        assert urlsplit(self.page.url).path == path, f"expected {path}, is at {self.page.url}"

    def was_sent_to(self, service: str) -> bool:
        return any(address.startswith(f"{service}/") for address in self.trail)

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text().strip()

    def expect_heading(self, *texts: str) -> None:
        """The page's own heading is one of these."""
        expect(self.page.locator("h1").first).to_be_visible(timeout=WAIT)
        assert self.heading() in texts, f"expected the page {' or '.join(texts)}, not {self.heading()}"

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        ).first.click()

    def screenshot(self) -> bytes | None:
        return self._page.screenshot(full_page=True) if self._page is not None else None

    def where(self) -> str:
        if self._page is None:
            return "(no page)"
        text = self._page.locator("body").inner_text()[:600]
        return f"at {self._page.url}\n{text}"

    def _note(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self.trail.append(request.url)
