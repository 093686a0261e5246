from __future__ import annotations

from django.apps import AppConfig, apps
from django.core.checks import Tags, register


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and offices"

    def ready(self) -> None:
        """Have `check --database default` say when PostgreSQL's own log would tell too much."""
        from config.guards import quiet_public, silent_log

        # The worker and the mailer know people by name; nobody signs in to them.
        if apps.is_installed("allauth.account"):
            from accounts import sign_in_log, signed_in

            signed_in.connect()
            sign_in_log.connect()
        register(silent_log, Tags.database)
        register(quiet_public, Tags.database)
