"""Verbs: what people do to a decision."""
