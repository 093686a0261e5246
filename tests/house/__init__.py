"""The architecture, as tests that teach."""
