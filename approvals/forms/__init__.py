"""The questions that each verb asks."""
