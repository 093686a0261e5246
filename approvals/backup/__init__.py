"""Backups, and the proof that what was restored from one is what was backed up."""
