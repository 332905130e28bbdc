"""`make age DAYS=n` and `make reset`: time and the demo world, in both databases."""

import shutil
import sys
from collections.abc import Mapping

from scripts.running import answers
from scripts.services import SETTINGS, Site, default_site
from scripts.tls import certificates


def main() -> None:
    site = demo_site()
    env = site.environment()
    match sys.argv[1:]:
        case ["age", days] if days.isdecimal() and 0 < int(days) < 10_000:
            site.prepare(env)
            for settings in SETTINGS:
                site.manage(settings, "age", days, env=env)
        case ["reset"]:
            site.prepare(env)  # refuses where demo mode is off, before anything is lost
            put_back(site, env)
            print("The demo world is as it was at first; everybody is signed out.")
        case _:
            sys.exit("usage: make age DAYS=n (a whole number of days, 1 to 9999), or make reset")


def demo_site() -> Site:
    """The site of `make run`, at its https addresses while it answers there: the demo's applications are told them."""
    secure = default_site(tls=True)
    if secure.tls_dir.is_dir() and answers(f"{secure.portal}/healthz", certificates(secure.tls_dir)):
        return secure
    return default_site()


def put_back(site: Site, env: Mapping[str, str]) -> None:
    """Both databases, the mails sent, and the switches of the example provider."""
    for settings in SETTINGS:
        site.manage(settings, "flush", "--no-input", "--verbosity=0", env=env)
    shutil.rmtree(site.var_dir / "outbox", ignore_errors=True)
    (site.var_dir / "wingtip" / "switches.json").unlink(missing_ok=True)
    site.seed(env)


if __name__ == "__main__":
    main()
