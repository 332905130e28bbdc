"""Prints the versions of what the tests run on; a missing one fails."""

import subprocess
import sys
from importlib.metadata import version

from scripts import chromium, node
from scripts.test import environment

PACKAGES = ("Django", "mozilla-django-oidc", "PyJWT", "Authlib", "signxml", "playwright", "pytest")


def main() -> None:
    chromium.install_missing()
    node.install()
    print("Python", sys.version.split()[0])
    for package in PACKAGES:
        print(package, version(package))
    for package, installed in node.versions().items():
        print(package, installed)
    for command in ([chromium.executable(), "--version"], ["node", "--version"]):
        print(command[0], subprocess.check_output(command, text=True, env=environment()).strip(), flush=True)


if __name__ == "__main__":
    main()
