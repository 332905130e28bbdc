"""The kind of browser and system in a user agent, without versions, which change weekly."""

import re

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_VERSIONS = re.compile(r"[/ ]?v?\d[\d._]*")
_LONGEST = 100


def device_of(user_agent: str) -> str:
    """`Chrome, Windows`; for programs their own name; empty where nothing was sent."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser:
        return f"{browser}, {system}" if system else browser
    return _VERSIONS.sub("", user_agent).strip()[:_LONGEST]
