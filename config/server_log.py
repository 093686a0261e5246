"""Gunicorn's own log, in the form of every other."""

from __future__ import annotations

from typing import Any, Final

from gunicorn.glogging import Logger

from config.logs import INVALID_REQUEST, KindAndPlace

# What gunicorn says of a request that it cannot read ends with a piece of it.
_INVALID: Final = "Invalid request from ip="


class ServerLog(Logger):  # type: ignore[misc] # gunicorn ships no types
    """No address's query, no exception's text, nothing of a request that cannot be read."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's set-up, then our formatter for its handlers; never an access log."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(KindAndPlace())
        self.access_log.handlers.clear()
        self.access_log.disabled = True

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Say from where a request came that cannot be read, and nothing that stood in it."""
        if isinstance(msg, str) and msg.startswith(_INVALID):
            address = msg.removeprefix(_INVALID).partition(": ")[0]
            msg, args = INVALID_REQUEST, (address,)
        super().warning(msg, *args, **kwargs)
