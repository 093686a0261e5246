"""Nouns: what a decision is."""
