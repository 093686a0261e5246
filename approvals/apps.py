from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.people.in_hand import InHand


def apply_roles(sender: AppConfig, using: str, **_: Any) -> None:
    """Say again, after every migrate, who may read and write what: deny by default."""
    from approvals.roles_sql import apply

    apply(using)


def _in_hand_of(person: User) -> list[InHand]:
    # Only the staff process has jobs, which this looks at.
    from approvals.work import in_hand_of

    return in_hand_of(person)


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Approvals is the last of our apps, so every table exists when its signal fires."""
        post_migrate.connect(apply_roles, sender=self)
        from accounts.people import in_hand
        from approvals.reasons import reasons
        from decisions.drafting import history_page

        history_page.NOTES.append(reasons)
        in_hand.ask(_in_hand_of)
