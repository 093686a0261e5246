"""Write docs/workflow.md from the workflow table, or check that it is up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.diagram import workflow_page
from config.env import PROJECT

PAGE = PROJECT / "docs" / "workflow.md"


class Command(BaseCommand):
    """`draw_workflow` writes the page; `draw_workflow --check` fails when it is out of date."""

    help = "Write docs/workflow.md from approvals/workflow.py."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--check compares instead of writing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Write, or compare and say what to do. Raises CommandError when out of date."""
        page = workflow_page()
        if not check:
            PAGE.parent.mkdir(exist_ok=True)
            PAGE.write_text(page)
        elif not PAGE.exists() or PAGE.read_text() != page:
            raise CommandError(
                "docs/workflow.md does not say what approvals/workflow.py says. Run: make docs"
            )
