#!/usr/bin/env python
"""Run an administrative command of the portal.

Where no DATABASE_URL is given, the embedded servers run for the length of the command; servers that
`make run` has started already are used.
"""

import contextlib
import os
import sys

# commands that need no database, or see to their servers themselves
WITHOUT_SERVERS = {
    "up",
    "start",
    "demo_report",
    "check",
    "collectstatic",
    "help",
    "makemigrations",
    "version",
}


def servers_for(arguments: list[str]) -> contextlib.AbstractContextManager[object]:
    command = next((word for word in arguments[1:] if not word.startswith("-")), "help")
    if command in WITHOUT_SERVERS or "--help" in arguments or os.environ.get("DATABASE_URL"):
        return contextlib.nullcontext()
    from django.conf import settings

    from portal.embedded import embedded_servers

    return embedded_servers(settings.EMBEDDED)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    with servers_for(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
