"""The settings package: what each process contains, as lists one can read."""
