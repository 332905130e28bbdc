"""A person at a browser without scripts: follows links and redirects, fills in forms, keeps cookies. Plain HTTP."""

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import requests
from lxml import html

from scripts.walkthrough.authenticator import Authenticator

PASSWORD_OF_EVERYBODY = "Partner!2026demo"
MOST_HOPS = 20
_REFRESH = re.compile(r"\s*0\s*;\s*url=(?P<url>.+)", re.IGNORECASE)
_MANUAL_KEY = re.compile(r"(?:[A-Z2-7]{4} ?){8,}", re.IGNORECASE)


class Person:
    """Certificates are checked against `authority` and nothing else. `away` is an address nobody has to serve:
    on the way there the person stops, and `address` and `posted` hold what the application would have been called
    with."""

    def __init__(self, authority: str, *, away: str = "") -> None:
        self.address = ""
        self.posted: dict[str, str] = {}
        self.status = 0
        self.trail: list[str] = []
        self.authenticator: Authenticator | None = None
        self._away = away
        self._page: html.HtmlElement | None = None
        self._http = requests.Session()
        self._http.trust_env = False  # REQUESTS_CA_BUNDLE would win over the authority
        self._http.verify = authority

    @property
    def page(self) -> html.HtmlElement:
        assert self._page is not None, f"there is no page at {self.address}"
        return self._page

    @property
    def is_away(self) -> bool:
        return self._page is None

    @property
    def heading(self) -> str:
        found = self.page.find(".//h1")
        return " ".join(found.text_content().split()) if found is not None else ""

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.page.itertext()).split())

    def open(self, address: str) -> None:
        self.trail = []
        self._go("GET", address)

    def press(self, name: str, **filled: str) -> None:
        """Press the button or follow the link of this name; `filled` goes into the button's own form."""
        wanted = [node for node in self.page.iter("button", "a") if name in (part.strip() for part in node.itertext())]
        assert wanted, f"no {name!r} on the page:\n{self.text}"
        node = wanted[0]
        if node.tag == "a":
            assert not filled, f"{name!r} is a link"
            return self._go("GET", urljoin(self.address, node.get("href")))
        return self._send(node, filled)

    def fill(self, **filled: str) -> None:
        """Type into the form that has these fields and press its first button, as Enter does."""
        for form in self.page.forms:
            if set(filled) <= set(form.fields):
                return self._send(form.xpath(".//button | .//input[@type='submit']")[0], filled)
        raise AssertionError(f"no form asks for {', '.join(filled)}:\n{self.text}")

    def forget(self, host: str) -> None:
        """Clear the cookies of one site, as when its session has run out."""
        for cookie in [one for one in self._http.cookies if one.domain in {host, f"{host}.local"}]:
            self._http.cookies.clear(cookie.domain, cookie.path, cookie.name)

    def _send(self, button: html.HtmlElement, filled: dict[str, str]) -> None:
        outside = button.get("form")
        form = next(self.page.iterfind(f".//form[@id='{outside}']") if outside else button.iterancestors("form"))
        for name, value in filled.items():
            form.fields[name] = value
        values = [*form.form_values()]
        if button.get("name"):
            values.append((button.get("name"), button.get("value", "")))
        target = urljoin(self.address, button.get("formaction") or form.get("action") or self.address)
        self._go(form.method, target, values)

    def _go(self, method: str, address: str, values: list[tuple[str, str]] | None = None) -> None:
        """Make the request and whatever redirects and refreshes follow it."""
        for _hop in range(MOST_HOPS):
            previous, self.address = self.address, address
            self.trail.append(address)
            if self._away and address.startswith(self._away):
                self._page, self.posted = None, dict(values or [])
                return
            response = self._request(method, address, values, previous)
            onward = self._onward(response)
            if onward is None:
                return
            method, address, values = "GET", urljoin(address, onward), None
        raise AssertionError(f"redirected without end: {self.trail[-4:]}")

    def _request(
        self, method: str, address: str, values: list[tuple[str, str]] | None, previous: str
    ) -> requests.Response:
        here = urlsplit(address)
        headers = {"Accept": "text/html", "Accept-Language": "en"}
        if method == "POST":
            origin = urlsplit(previous)
            headers |= {"Origin": f"{origin.scheme}://{origin.netloc}", "Referer": f"{here.scheme}://{here.netloc}/"}
            return self._http.post(address, data=values, headers=headers, allow_redirects=False, timeout=30)
        return self._http.get(address, params=values, headers=headers, allow_redirects=False, timeout=30)

    def _onward(self, response: requests.Response) -> str | None:
        self.status = response.status_code
        self._page = None
        if response.is_redirect:
            return response.headers["Location"]
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self._page = html.fromstring(response.content)
            for meta in self._page.iterfind(".//meta[@http-equiv='refresh']"):
                if found := _REFRESH.match(meta.get("content", "")):
                    return found["url"]
        return None


def walk_through(person: Person, account: str, *, until: str = "") -> list[str]:
    """Do what each of the provider's pages asks, until the person is back at an application. Return the pages met.

    `until` is the heading of a page of the provider that ends the way, where no application is gone back to.
    """
    provider = urlsplit(person.address).netloc
    met: list[str] = []
    while not person.is_away and urlsplit(person.address).netloc == provider:
        if until and person.heading == until:
            break
        name = re.sub(r"^/signin/[^/]+/|^/.*/(?=authorize$)", "", urlsplit(person.address).path)
        assert name in _PAGES, f"at {person.address} ({person.status}):\n{person.text}"
        assert met[-1:] != [name], f"{name} is asked for again:\n{person.text}"
        met.append(name)
        _PAGES[name](person, account)
    return met


def approve_device(person: Person, address: str, code: str, account: str, application: str) -> None:
    """Type the code that a tool shows, see that it is this application, and sign in there."""
    person.open(address)
    person.fill(user_code=code)
    assert person.heading == f"Are you trying to sign in to {application}?"
    person.press("Continue")
    walk_through(person, account, until="You have signed in")


def _set_up(person: Person, _account: str) -> None:
    """Set the app up with the key that is shown, and prove it with a code."""
    keys = [text.strip() for text in person.page.itertext() if _MANUAL_KEY.fullmatch(text.strip())]
    assert len(keys) == 1, f"no key to type in:\n{person.text}"
    person.authenticator = Authenticator(keys[0])
    person.fill(code=person.authenticator.code())


def _verify(person: Person, _account: str) -> None:
    assert person.authenticator is not None, "a code is asked for, and no app was set up"
    person.fill(code=person.authenticator.code())


_PAGES: dict[str, Callable[[Person, str], None]] = {
    "identify": lambda person, account: person.fill(sign_in_name=account),
    "password": lambda person, _account: person.fill(password=PASSWORD_OF_EVERYBODY),
    "register": lambda person, _account: person.press("Next"),
    "register/method": lambda person, _account: person.press("Authenticator app"),
    "register/set-up": _set_up,
    "register/done": lambda person, _account: person.press("I have saved them. Continue"),
    "verify": _verify,
    "consent": lambda person, _account: person.press("Accept"),
    "resume": lambda person, _account: person.press("Continue"),  # the answer is a form (response_mode=form_post)
    "authorize": lambda person, _account: person.press("Continue"),  # the same, with nothing to ask before
}
