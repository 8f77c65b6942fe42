"""The `bocage` command: every management command, by its short name."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
