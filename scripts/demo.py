"""`make age DAYS=n` and `make reset`: time and the demo world, in both databases."""

import sys

from scripts.services import SETTINGS, default_site


def main() -> None:
    site = default_site()
    env = site.environment()
    match sys.argv[1:]:
        case ["age", days] if days.isdigit() and int(days) > 0:
            for settings in SETTINGS:
                site.manage(settings, "age", days, env=env)
        case ["reset"]:
            for settings in SETTINGS:
                site.manage(settings, "flush", "--no-input", "--verbosity=0", env=env)
            site.seed(env)
            print("The demo world is as it was at first; everybody is signed out.")
        case _:
            sys.exit("usage: make age DAYS=n (a whole number of days), or make reset")


if __name__ == "__main__":
    main()
