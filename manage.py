#!/usr/bin/env python
"""Command line of the platform: ``manage.py up`` starts everything."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings")
    if sys.argv[1:2] == ["up"]:  # the supervisor stays small: no Django in it
        from s2b2c.embedded import up

        sys.exit(up.main(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
