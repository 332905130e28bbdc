#!/usr/bin/env python
"""Django's command line: the portal by default, the provider with --settings=entra.settings."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnercenter.settings")
    arguments = sys.argv[1:]
    if arguments and arguments[0].startswith("--settings="):
        # Django looks for this option behind the command only; before it, it says whose command it is.
        arguments = [*arguments[1:2], arguments[0], *arguments[2:]]
    execute_from_command_line([sys.argv[0], *arguments])
