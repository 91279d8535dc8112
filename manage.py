#!/usr/bin/env python
"""Run a management command, with the embedded servers where no others are named."""

import os
import sys

from core import embedded

# These need neither a database nor a broker; starting servers for them would only cost time.
WITHOUT_SERVERS = {"makemessages", "compile_catalogues", "collectstatic", "help"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dialog.settings")
    if not WITHOUT_SERVERS.intersection(sys.argv[1:2]):
        try:
            embedded.provide(os.environ)
        except embedded.EmbeddedError as error:
            sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
