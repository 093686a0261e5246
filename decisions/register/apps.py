from __future__ import annotations

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The public register: frozen copies of Part 1, and everything the public can read of them."""

    name = "decisions.register"
    label = "register"
    verbose_name = "Public register"

    def ready(self) -> None:
        """Every process has this app, so it is here that each refuses to start with DEBUG."""
        from config.guards import refuse_debug

        refuse_debug()
