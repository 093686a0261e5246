"""Which form each subject has."""

from __future__ import annotations

from typing import Any, Final

from decisions.drafting.forms.about import TitleForm
from decisions.drafting.forms.base import SubjectForm
from decisions.drafting.forms.declarations import DeclarationsForm
from decisions.drafting.forms.prose import SectionForm, SummaryForm
from decisions.drafting.forms.publication import DeferralForm, PartTwoQuestionForm
from decisions.drafting.subjects import SECTION
from decisions.models import Paper

_FORMS: Final[dict[str, type[SubjectForm]]] = {
    "title": TitleForm,
    "summary": SummaryForm,
    "deferral": DeferralForm,
    "part-two-question": PartTwoQuestionForm,
    "declarations": DeclarationsForm,
}


def form_for(paper: Paper, code: str, data: Any = None) -> SubjectForm:
    """The form of a subject. Raises KeyError for a subject that is a list of rows."""
    kind = SectionForm if code.startswith(SECTION) else _FORMS[code]
    return kind(data, paper=paper, code=code)
