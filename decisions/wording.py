"""The fixed words of the form: lead-ins, statements and notices that papers share.

The statements of the Chief Executive and the decision maker are those of the decision form in use.
"""

from __future__ import annotations

from typing import Final

from decisions.models import DeclarationKind, Forum

PUBLIC_ACCESS: Final = (
    "Information in this form (Part 1) is subject to the Freedom of Information Act 2000 (FOIA) "
    "and will be made available on the MOPAC website following approval. If immediate publication "
    "risks compromising the implementation of the decision it can be deferred until a specific "
    "date. Deferral periods should be kept to the shortest length strictly necessary."
)

INTERESTS: Final = (
    "I confirm I have considered whether or not I have any personal or prejudicial interest in "
    "this matter and take the proposed decision in compliance with the Code of Conduct. Any such "
    "interests are recorded below."
)

ENDORSEMENT: Final = (
    "I have been consulted about the proposal and confirm that financial, legal and equalities "
    "advice has been taken into account in the preparation of this report. I am satisfied that "
    "this is an appropriate request to be submitted to the {office}."
)

NO_INTERESTS: Final = "None."

STATEMENTS: Final[dict[str, str]] = {
    DeclarationKind.FINANCE: (
        "The Strategic Finance and Resource Management Team has been consulted on this proposal."
    ),
    DeclarationKind.LEGAL: "The MPS Directorate of Legal Services has been consulted.",
    DeclarationKind.EQUALITIES: (
        "Equality and diversity issues are covered in the body of the report."
    ),
    DeclarationKind.COMMERCIAL: (
        "The MPS Commercial Services team have been involved in the development of this proposal."
    ),
    DeclarationKind.DATA_PROTECTION: (
        "GDPR compliance issues are covered in the body of the report."
    ),
    DeclarationKind.HEAD_OF_SERVICE: (
        "The Head of MPS Oversight – Governance and Professionalism has reviewed the request and "
        "is satisfied it is correct and consistent with the MOPAC’s plans and priorities."
    ),
}


def lead_in(office: str, forum: str) -> str:
    """The words before the recommendations: who is asked, and through which board."""
    if forum == Forum.NONE:
        return f"The {office} is recommended to:"
    board = Forum(forum).label
    return f"The {office}, via the {board}, is asked to:"
