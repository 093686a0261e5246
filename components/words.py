"""How dates, times and counts are written, for apps that may not import the register's own."""

from __future__ import annotations

from decisions.register.words import capital_first, join_words, long_date, long_time, plural

__all__ = ["capital_first", "join_words", "long_date", "long_time", "plural"]
