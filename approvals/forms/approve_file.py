"""The one question about a file for the public."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from components.fields import ConfirmField
from components.forms import GovukForm
from components.layout import Button
from decisions.models import SupportingFile


class ApproveFileForm(GovukForm):
    """Names the file that was shown by its digest, so that no other is approved."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    looked = ConfirmField(
        "I have opened the file for the public and looked at every page. Nothing on it is "
        "confidential, also not under a black box, in small print or at the edges."
    )

    def __init__(self, posted: Any = None, *, file: SupportingFile) -> None:
        super().__init__(posted, initial={"digest": file.public_digest})

    def buttons(self) -> Sequence[Button]:
        """One."""
        return (Button("Let it be published"),)
