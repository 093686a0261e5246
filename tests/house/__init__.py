"""Tests of the house itself: each teaches, in its message, the rule it guards."""
