"""Do the references in the text lead to papers that exist?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from decisions.checks.finding import Finding
from decisions.models import Paper, Series

_PCD: Final = re.compile(r"\bPCD\s+(\d{1,5})\b")


def check_references(paper: Paper) -> Iterator[Finding]:
    """A reference of this series whose number was never drawn is a slip of the pen."""
    texts = [("summary", paper.executive_summary)] + [
        (f"section-{section.kind}", section.body)
        for section in paper.sections.all()
        if section.included
    ]
    named = {(subject, int(number)) for subject, text in texts for number in _PCD.findall(text)}
    series = Series.objects.filter(code="pcd").first() if named else None
    for subject, number in sorted(named):
        if series is not None and number >= series.next_number:
            yield Finding(
                subject,
                f"The text names PCD {number}, but that reference has not been drawn yet.",
                blocking=False,
            )
