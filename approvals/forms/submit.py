"""submit: nothing to fill in."""

from __future__ import annotations

from components.forms import GovukForm


class SubmitForm(GovukForm):
    """One button."""

    submit_label = "Submit to the Chief Executive"
