"""Is every migration there, named, reversible, and safe while the service runs?

`make check-migrations`. The old release runs on while the new one migrates, so a migration takes
nothing away that the old one reads, and holds no long lock.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent.parent
# Migrations that the linter misjudges. It warns of locks on tables in use; these only make tables
# (and, on the way back, drop them), which it does not see in SQL of our own.
NEW_TABLES_ONLY: Final = ("0002_cache",)


def _ours() -> list[str]:
    """The labels of this project's own apps that have migrations."""
    from django.apps import apps

    return [
        app.label
        for app in apps.get_app_configs()
        if Path(app.path).is_relative_to(PROJECT)
        and not Path(app.path).is_relative_to(PROJECT / ".venv")
        and Path(app.path, "migrations").is_dir()
    ]


def faults(labels: list[str]) -> Iterator[str]:
    """What is wrong with the names of migrations, or with the way back from them."""
    from django.db.migrations.loader import MigrationLoader

    for (label, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if label not in labels:
            continue
        if "_auto_" in name:
            yield f"{label} {name}: give it a name that says what it changes."
        for operation in migration.operations:
            if not operation.reversible:
                what = operation.describe()
                yield f"{label} {name}: there is no way back from “{what}”."


def main() -> int:
    """0 when nothing is wrong; else 1, after saying what."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.owner")
    import django

    django.setup()
    from django.core.management import call_command
    from django_migration_linter import MigrationLinter

    call_command("makemigrations", check_changes=True, dry_run=True)
    labels = _ours()
    found = list(faults(labels))
    print("\n".join(found) or "Every migration has a name and a way back.")
    linter = MigrationLinter(
        str(PROJECT),
        include_apps=labels,
        ignore_initial_migrations=True,  # the first tables of an app are nobody's yet
        ignore_name=NEW_TABLES_ONLY,
        analyser_string="postgresql",  # the engine is a wrapper of our own around it
        no_cache=True,
        all_warnings_as_errors=True,
        quiet=["ok", "ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return int(bool(found) or linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
