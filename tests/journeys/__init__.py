"""Journeys: both processes, a real browser, a whole decision."""
