"""What every page of the staff process answers to everybody, worked out from a few small rules.

Nothing here asks the code under test. Who somebody is to a paper follows from the cast and from
how `tests.matrix_world` made the papers; the rows below say for each address which methods it takes
and which of the rules decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from tests.matrix_world import ANONYMOUS, GONE, NOBODY

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LOOKS: Final = ("GET", "HEAD")
FORM: Final = (*LOOKS, "POST")
SENDS: Final = ("POST",)
ADVISERS: Final = ("farah", "leo", "esme", "cormac", "dita", "hal")
SECRETARIAT: Final = "saba"
AUDITOR: Final = "aud"
EDITABLE: Final = frozenset({"draft", "consultation"})
AFTER_ADVICE: Final = frozenset({"endorsement", "decision", "decided", "published"})
# Who has no session that counts.
SIGNED_OUT: Final = frozenset({GONE, ANONYMOUS})


class Cell(NamedTuple):
    """One request: `whose` is the officer of the paper, or "own" and "other" for other things."""

    route: str
    method: str
    person: str
    state: str
    whose: str


@dataclass(frozen=True)
class Expected:
    """An answer: its status, where it leads, and whether something is to change by it.

    `hidden` where the page must say what it would say of a reference that was never drawn.
    """

    status: int
    to: str = ""
    acts: bool = False
    hidden: bool = False


Rule = Callable[[Cell], Expected]
OPENED: Final = Expected(200)
# Opened, and that it was read is written down.
READ: Final = Expected(200, acts=True)
ABSENT: Final = Expected(404)
HIDDEN: Final = Expected(404, hidden=True)
REFUSED: Final = Expected(403)
CLOSED: Final = Expected(409)
WRONG_METHOD: Final = Expected(405)
TO_SIGN_IN: Final = Expected(302, to="/account/login/?next={path}")
TO_PROVE: Final = Expected(302, to="/account/again/code/?next={path}")
PAPER: Final = "/papers/{slug}/"


def sent(to: str) -> Expected:
    """It is done, and the browser goes there."""
    return Expected(302, to=to, acts=True)


def led(to: str) -> Expected:
    """Nothing is done, and the browser goes there."""
    return Expected(302, to=to)


# Who somebody is to a paper.


def was_asked(cell: Cell) -> bool:
    """Advisers of the cast advise on Olu's papers; on Oona's others do."""
    out = cell.state == "consultation" or cell.state in AFTER_ADVICE
    return cell.whose == "olu" and out and cell.person in ADVISERS


def sees(cell: Cell) -> bool:
    """The officer, the secretariat, the auditor, who was asked, and the offices it has reached."""
    if cell.person in {cell.whose, SECRETARIAT, AUDITOR} or was_asked(cell):
        return True
    if cell.person == "celia":
        return cell.state in AFTER_ADVICE
    return cell.person == "dominic" and cell.state in AFTER_ADVICE - {"endorsement"}


def edits(cell: Cell) -> bool:
    """The officer and the secretariat, until it is submitted."""
    return cell.state in EDITABLE and cell.person in {cell.whose, SECRETARIAT}


def cleared(cell: Cell) -> bool:
    """The officer, who was asked, and who signs; neither the secretariat nor the auditor."""
    return sees(cell) and cell.person not in {SECRETARIAT, AUDITOR}


# The verbs: where each begins, and whose it is.
_OFFICER, _ADVISER, _TURN = "officer", "adviser", "turn"
VERBS: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "consult": (frozenset({"draft"}), frozenset({_OFFICER})),
    "advise": (frozenset({"consultation"}), frozenset({_ADVISER})),
    "submit": (frozenset({"consultation"}), frozenset({_OFFICER, "saba"})),
    "endorse": (frozenset({"endorsement"}), frozenset({"celia"})),
    "decide": (frozenset({"decision"}), frozenset({"dominic"})),
    "send_back": (
        frozenset({"consultation", "endorsement", "decision"}),
        frozenset({_TURN, "saba"}),
    ),
    "withdraw": (EDITABLE | {"endorsement", "decision"}, frozenset({_OFFICER, "saba"})),
    "publish": (frozenset({"decided", "published"}), frozenset({"saba"})),
    "correct": (frozenset({"decided", "published"}), frozenset({"saba"})),
}


def parts(cell: Cell) -> set[str]:
    """Everything that somebody is to this paper, as the table of verbs calls it."""
    mine = {cell.person}
    if cell.person == cell.whose:
        mine.add(_OFFICER)
    if was_asked(cell):
        mine.add(_ADVISER)
    turn = {"endorsement": "celia", "decision": "dominic"}
    if turn.get(cell.state) == cell.person or (cell.state == "consultation" and _ADVISER in mine):
        mine.add(_TURN)
    return mine


def wanting(cell: Cell) -> bool:
    """Olu's papers want what comes before: advice, the document. A head of service advises last."""
    verb = cell.route
    if verb == "advise":
        return cell.person == "hal"
    if verb == "submit":
        return cell.whose == "olu"
    if verb == "publish":
        return cell.state == "published" or cell.whose == "olu"
    return verb == "correct" and cell.state == "decided"


def verb(cell: Cell) -> Expected:
    """The wrong state closes it, the wrong person is refused, and what is wanting closes it."""
    starts, whose = VERBS[cell.route]
    if cell.state not in starts:
        return CLOSED
    if not parts(cell) & whose:
        return REFUSED
    if wanting(cell):
        return CLOSED
    if cell.method in LOOKS:
        return OPENED
    if cell.route == "send_back" and cell.person in {"celia", "dominic"}:
        return sent("/")  # a draft is no business of theirs any more
    return sent(f"{PAPER}receipt/" if cell.route in {"endorse", "decide"} else PAPER)


# Pages of a paper that are no verbs.


def opens(cell: Cell) -> Expected:
    """To whoever gets here."""
    return OPENED


def is_read(cell: Cell) -> Expected:
    """To whoever gets here, and that it was read is written down."""
    return READ


def editing(to: str) -> Rule:
    """A drafting page, which leads there when it has saved."""

    def rule(cell: Cell) -> Expected:
        if not edits(cell):
            return REFUSED
        return OPENED if cell.method in LOOKS else sent(to)

    return rule


def within(rule: Rule) -> Rule:
    """The same behind the door of Part 2."""
    return lambda cell: rule(cell) if cleared(cell) else REFUSED


def part_two(cell: Cell) -> Expected:
    """Read by who is cleared, written by who edits too."""
    if cell.method in LOOKS:
        return READ
    return sent(PAPER) if edits(cell) else REFUSED


def readers(cell: Cell) -> Expected:
    """Read by all, written by the officer and the secretariat."""
    if cell.method in LOOKS:
        return OPENED
    may = cell.person in {cell.whose, SECRETARIAT}
    return sent(f"{PAPER}part-two/readers/") if may else REFUSED


def compare(cell: Cell) -> Expected:
    """Versions begin when a paper goes out for advice."""
    return OPENED if cell.state not in {"draft", "withdrawn"} else ABSENT


def receipt(cell: Cell) -> Expected:
    """For who has signed."""
    signed = {"celia": AFTER_ADVICE - {"endorsement"}, "dominic": {"decided", "published"}}
    return OPENED if cell.state in signed.get(cell.person, ()) else ABSENT


def signed_document(cell: Cell) -> Expected:
    """Of published papers, and of Oona's that is only decided."""
    is_made = cell.state == "published" or (cell.state, cell.whose) == ("decided", "oona")
    return OPENED if is_made else ABSENT


def ask_for_document(cell: Cell) -> Expected:
    """Everybody is led back to the paper; where a document is wanting, it was asked for before."""
    return led(PAPER)


def restricted(cell: Cell) -> Expected:
    """Part 2 as it was signed, once it was; that it was made is written down."""
    return READ if cell.state in {"decided", "published"} else CLOSED


def approve_file(cell: Cell) -> Expected:
    """By the secretariat and heads of service, while the paper is being worked on."""
    if cell.person not in {SECRETARIAT, "hal"} or cell.state not in EDITABLE:
        return REFUSED
    return OPENED if cell.method in LOOKS else sent(f"{PAPER}files/")


# Pages about people.
CONFIRMS: Final = frozenset({SECRETARIAT, "hal", "celia"})


def people_read(cell: Cell) -> Expected:
    """By the secretariat and the auditor."""
    return OPENED if cell.person in {SECRETARIAT, AUDITOR} else REFUSED


def keeping(to: str) -> Rule:
    """Done by the secretariat to others, and by nobody to themselves."""

    def rule(cell: Cell) -> Expected:
        if cell.person != SECRETARIAT or cell.whose == "own":
            return REFUSED
        return OPENED if cell.method in LOOKS else sent(to)

    return rule


def proposals(cell: Cell) -> Expected:
    """Read by who confirms and by the auditor."""
    return OPENED if cell.person in CONFIRMS | {AUDITOR} else REFUSED


def proposal(cell: Cell) -> Expected:
    """Confirmed by a second person, who neither proposed it nor is to hold the office."""
    if cell.method in LOOKS or cell.person not in CONFIRMS:
        return proposals(cell) if cell.method in LOOKS else REFUSED
    return CLOSED if cell.whose == "own" else sent("/people/proposals/")


def begin(cell: Cell) -> Expected:
    """By officers and the secretariat."""
    if cell.person not in {"olu", "oona", SECRETARIAT}:
        return REFUSED
    return OPENED if cell.method in LOOKS else sent("/papers/{next}/")


# Pages of signing in, and of what one signs in by.


def door(to: str | None) -> Rule:
    """Whoever is in is led to their work; the others see the page, or are led elsewhere."""

    def rule(cell: Cell) -> Expected:
        if cell.person not in SIGNED_OUT:
            return led("/")
        return led(to) if to else OPENED

    return rule


def log_out(cell: Cell) -> Expected:
    """Asked first; then everybody is where people sign in."""
    asked = cell.method in LOOKS and cell.person not in SIGNED_OUT
    return OPENED if asked else led("/account/login/")


def always(answer: Expected) -> Rule:
    """The same for everybody."""
    return lambda cell: answer


def form_of_ones_own(to: str) -> Rule:
    """A form about oneself, which is sent whole and leads there."""
    return lambda cell: OPENED if cell.method in LOOKS else sent(to)


def again(cell: Cell) -> Expected:
    """By the password, for who has nothing else; the cast have an app."""
    ways = {
        "mfa_reauthenticate": "/account/again/code/",
        "account_reauthenticate": "/account/again/",
    }
    way = "account_reauthenticate" if cell.person == NOBODY else "mfa_reauthenticate"
    if cell.route != way:
        return led(ways[way])
    if cell.method in LOOKS:
        return OPENED
    # Of a code is kept when it was used.
    return led("/") if cell.person == NOBODY else sent("/")


def proved_each_time(rule: Rule) -> Rule:
    """Whoever has a factor proves themselves for this first, however lately they signed in."""

    def first(cell: Cell) -> Expected:
        answer = rule(cell)
        is_open = answer.status == 200 or answer.acts
        return TO_PROVE if is_open and cell.person != NOBODY else answer

    return first


def add_app(cell: Cell) -> Expected:
    """Who has one is told to remove it first."""
    return OPENED if cell.person == NOBODY else led("/account/security/")


def remove_factor(cell: Cell) -> Expected:
    """One's own, and not the last one of somebody who signs or is of the secretariat."""
    if cell.whose == "other" or cell.person == NOBODY:
        return ABSENT
    if cell.method in LOOKS:
        return CLOSED if cell.person in {"celia", "dominic", SECRETARIAT} else OPENED
    if cell.person in {"celia", "dominic", SECRETARIAT}:
        return CLOSED
    return sent("/account/security/")


def new_codes(cell: Cell) -> Expected:
    """For who has what they stand in for."""
    if cell.person == NOBODY:
        return led("/account/security/")
    return OPENED if cell.method in LOOKS else sent("/account/security/codes/")
