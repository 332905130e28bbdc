"""`make age DAYS=n` and `make reset`: time and the demo world, in both databases."""

import shutil
import sys
from collections.abc import Mapping

from scripts.services import SETTINGS, Site, default_site


def main() -> None:
    site = default_site()
    env = site.environment()
    match sys.argv[1:]:
        case ["age", days] if days.isdigit() and int(days) > 0:
            for settings in SETTINGS:
                site.manage(settings, "age", days, env=env)
        case ["reset"]:
            put_back(site, env)
            print("The demo world is as it was at first; everybody is signed out.")
        case _:
            sys.exit("usage: make age DAYS=n (a whole number of days), or make reset")


def put_back(site: Site, env: Mapping[str, str]) -> None:
    """Both databases, the mails sent, and the switches of the example provider."""
    for settings in SETTINGS:
        site.manage(settings, "flush", "--no-input", "--verbosity=0", env=env)
    shutil.rmtree(site.var_dir / "outbox", ignore_errors=True)
    (site.var_dir / "wingtip" / "switches.json").unlink(missing_ok=True)
    site.seed(env)


if __name__ == "__main__":
    main()
