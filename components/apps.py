"""The staff process's form parts: fields, widgets, the GOV.UK template pack, the gallery."""

from __future__ import annotations

from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    """Form components. Knows nothing of papers, people or verbs."""

    name = "components"
    label = "components"
    verbose_name = "Form components"
