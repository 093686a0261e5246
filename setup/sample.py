"""A seal key for development, the sample decisions where they are missing, and who plays in them.

One process for three commands, because each would load the whole project anew.
"""

from __future__ import annotations

import os
import sys

COMMANDS = ("make_seal_key", "load_sample_decisions", "sample_cast")


def main() -> int:
    """0 when all is there and the cast is printed; else 1, after the sentence that says why not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.staff")
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    try:
        for command in COMMANDS:
            call_command(command)
    except CommandError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
