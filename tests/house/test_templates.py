from __future__ import annotations

import re

from config.env import PROJECT
from tests.house.source import files, name

TEMPLATES = PROJECT / "templates"
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
NAMED = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")


def test_pages_of_the_register_are_built_from_the_register_alone() -> None:
    strangers = {
        (name(path), other)
        for path in files(".html")
        if name(path).startswith("templates/register/")
        for other in NAMED.findall(path.read_text())
        if not other.startswith("register/") and other != "base.html"
    }
    assert strangers == set(), (
        "A public page may extend base.html and include only templates/register/: the staff side's "
        "templates know things the public must not."
    )


def test_no_template_runs_script_or_style_of_its_own() -> None:
    inline = {
        name(path)
        for path in files(".html")
        if not name(path).startswith(("templates/documents/", "tests/"))
        and re.search(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=[\"']|javascript:",
            COMMENT.sub("", path.read_text()),
        )
    }
    assert inline == set(), (
        "The content security policy refuses inline script and style. Put script in static/src/js "
        "and style in static/src/scss."
    )


def test_every_template_lives_in_the_templates_folder() -> None:
    stray = [
        name(path)
        for path in files(".html")
        if TEMPLATES not in path.parents and not name(path).startswith("tests/")
    ]
    assert stray == [], "Templates live in templates/, one folder for each room."
