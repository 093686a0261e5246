from __future__ import annotations

from django.apps import AppConfig


class PartTwoConfig(AppConfig):
    name = "decisions.part_two"
    verbose_name = "Part 2"
