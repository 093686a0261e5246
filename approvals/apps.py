from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def apply_roles(sender: AppConfig, using: str, **_: Any) -> None:
    """Say again, after every migrate, who may read and write what: deny by default."""
    from approvals.roles_sql import apply

    apply(using)


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Approvals is the last of our apps, so every table exists when its signal fires."""
        post_migrate.connect(apply_roles, sender=self)
        from approvals.reasons import reasons
        from decisions.drafting import history_page

        history_page.NOTES.append(reasons)
