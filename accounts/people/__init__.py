"""Who comes, what they may do, and how they go: invitations, duties, appointments, deactivation.

Everything here is an act of the secretariat on somebody else, written down and never rewritten.
"""
