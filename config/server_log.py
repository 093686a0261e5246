"""Gunicorn's own log, in the form of every other."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from config.logs import KindAndPlace


class ServerLog(Logger):  # type: ignore[misc] # gunicorn ships no types
    """No address's query, no exception's text."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's set-up, then our formatter for its handlers; never an access log."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(KindAndPlace())
        self.access_log.handlers.clear()
        self.access_log.disabled = True
