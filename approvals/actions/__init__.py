"""One function per verb. `move` is the only writer of a paper's state."""

from approvals.actions.advise import advise
from approvals.actions.consult import consult
from approvals.actions.correct import correct
from approvals.actions.decide import decide
from approvals.actions.endorse import endorse
from approvals.actions.move import Refused
from approvals.actions.publish import publish
from approvals.actions.send_back import send_back
from approvals.actions.submit import submit
from approvals.actions.withdraw import withdraw
from approvals.ceremony import OutcomeGiven

__all__ = [
    "OutcomeGiven",
    "Refused",
    "advise",
    "consult",
    "correct",
    "decide",
    "endorse",
    "publish",
    "send_back",
    "submit",
    "withdraw",
]
