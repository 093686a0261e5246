"""The originating officer's declaration: six statements, each as given on this paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.fields import ConfirmField, LongTextField
from components.layout import Group, Layout, Shows
from decisions.drafting.forms.base import SubjectForm, said
from decisions.models import DeclarationKind, Paper


class DeclarationsForm(SubjectForm):
    """Each row's statement, and the tick that confirms it."""

    template = "declarations.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in DeclarationKind:
            self.fields[f"statement_{kind}"] = LongTextField(
                label="Statement",
                called=f"the statement “{kind.label}”",
                max_length=2000,
                required=False,
                shows=Shows(rows=3),
            )
            self.fields[f"confirmed_{kind}"] = ConfirmField(
                f"I confirm this statement ({kind.label})", required=False
            )

    def layout(self) -> Layout:
        """One group for each row of the form."""
        return Layout(
            *(
                Group(kind.label, f"statement_{kind}", f"confirmed_{kind}")
                for kind in DeclarationKind
            )
        )

    def passages(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Each row's statement and tick, with the row's name before them."""
        rows = []
        for kind in DeclarationKind:
            statement, confirmed = f"statement_{kind}", f"confirmed_{kind}"
            rows.append((kind.label, said(self.fields[statement], values.get(statement))))
            confirms = said(self.fields[confirmed], bool(values.get(confirmed)))
            rows.append((f"{kind.label}: confirmed", confirms))
        return rows

    def values(self, paper: Paper) -> dict[str, Any]:
        """The rows as they stand."""
        standing: dict[str, Any] = {}
        for row in paper.declarations.all():
            standing[f"statement_{row.kind}"] = row.statement
            standing[f"confirmed_{row.kind}"] = row.confirmed
        return standing

    def write(self, paper: Paper) -> None:
        """Write each row; a statement that is empty cannot be confirmed."""
        for row in paper.declarations.all():
            row.statement = self.cleaned_data[f"statement_{row.kind}"]
            row.confirmed = bool(self.cleaned_data[f"confirmed_{row.kind}"])
            row.save(update_fields=["statement", "confirmed"])

    def clean(self) -> dict[str, Any]:
        """Refuse a tick below an empty statement."""
        cleaned = super().clean() or self.cleaned_data
        for kind in DeclarationKind:
            if cleaned.get(f"confirmed_{kind}") and not cleaned.get(f"statement_{kind}"):
                self.add_error(
                    f"statement_{kind}", f"Write the statement “{kind.label}” that you confirm."
                )
        return cleaned
