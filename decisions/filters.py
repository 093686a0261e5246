"""Finding papers in the list: by words or reference, by state, and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.text import slugify

from accounts.models import User
from components.fields import ConfirmField, SelectField, TextField
from components.forms import GovukForm
from components.layout import Button
from decisions.models import Paper
from decisions.queries import visible_to
from decisions.register.reference import slug_of
from decisions.states import State


class PaperFilter(GovukForm):
    """Words or reference, state, mine. It always finds something to show: a fault is left out."""

    form_method: ClassVar[str] = "get"
    q = TextField(label="Words or reference", max_length=200, required=False)
    state = SelectField(
        label="State", choices=[("", "Every state"), *State.choices], required=False
    )
    mine = ConfirmField("Only papers that I began", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def is_asked(self) -> bool:
        """Whether anything narrows the list."""
        return any(self.cleaned_data.get(name) for name in ("q", "state", "mine"))

    def papers(self) -> QuerySet[Paper]:
        """The papers found, last changed first."""
        found = visible_to(self.user)
        if self.cleaned_data.get("mine"):
            found = found.filter(officer=self.user)
        if self.cleaned_data.get("state"):
            found = found.filter(state=self.cleaned_data["state"])
        words = str(self.cleaned_data.get("q") or "").split()
        if words:
            titled = Q()
            for word in words:
                titled &= Q(title__icontains=word)
            reference = slug_of(" ".join(words)) or slugify(" ".join(words))
            found = found.filter(titled | Q(slug__contains=reference) if reference else titled)
        return found.order_by("-changed_at", "-pk")

    def buttons(self) -> Sequence[Button]:
        """One button."""
        return (Button("Find", style="secondary"),)
