"""Proof: the chain of events checked, the public log, and what the witness signs of both.

It reads rows and nothing of the project's own models, so that the witness, on another machine,
contains no more code than its work needs.
"""
