from __future__ import annotations

from django.apps import AppConfig


class ChainConfig(AppConfig):
    """The public log's leaves, and the checkpoints that the witness signed."""

    name = "decisions.chain"
    label = "chain"
    verbose_name = "Proof"
