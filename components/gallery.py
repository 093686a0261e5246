"""The gallery: every part, with its awkward cases, for people and for the accessibility checker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from components.fields import (
    CheckboxesField,
    Choice,
    ConfirmField,
    DatePartsField,
    LongTextField,
    PoundsField,
    ProseField,
    RadiosField,
    SelectField,
    Shows,
    TextField,
    YesNoField,
)
from components.forms import GovukForm
from components.layout import Button, ButtonLink, Buttons, Group, Heading, Hint, Layout, Paragraph

MARKUP: Final = "<script>alert('label')</script> & <b>bold</b>"
LONG: Final = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
WELSH: Final = "Cymeradwyo cyllid ar gyfer ŵyl yr Wyddfa a’r tŷ"
HEBREW: Final = "החלטה על מימון, ‎1,810,000 ‎£"
TEXT: Final = """The platform is used by **every** officer, and costs £5m * 2 in 1_000 days.

### What it needs

- a supplier
  - with a contract
- a date

1. First
2. Second

| Item | Cost |
| --- | --- |
| Discovery | £321,267 |
| Consultancy | £540,000 |

See [the scheme](https://www.example.gov.uk/scheme), paragraph 4.8."""
REGIONS: Final = [
    Choice("north", "North", hint="Barnet, Camden, Enfield, Haringey and Islington"),
    Choice("south", WELSH),
    Choice("east", LONG, hint=LONG),
    Choice("none", MARKUP, hint=MARKUP, divider_before="or"),
]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a summary list."""

    label: str
    text: str
    url: str = ""
    action: str = "Change"
    about: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A row of a task list."""

    title: str
    status: str
    url: str = ""
    hint: str = ""
    done: bool = False
    closed: bool = False
    colour: str = "blue"


class GalleryForm(GovukForm):
    """One field of every kind."""

    submit_label = "Save and continue"
    warns_when_left = True
    title = TextField(label="Title", help_text="A few words", max_length=60)
    markup = TextField(label=MARKUP, help_text=MARKUP, called="the field of marks", required=False)
    long = TextField(label=LONG, help_text=LONG, called="the long field", required=False)
    amount = PoundsField(label="Amount", help_text="In pounds, such as 1,810,000 or 1.81m")
    share = forms.DecimalField(label="Contingency", max_value=100, required=False)
    ends = DatePartsField(label="When does it end?", called="the end date", help_text="27 3 2027")
    email = forms.EmailField(label="E-mail address")
    region = RadiosField(label="Which region?", called="a region", choices=REGIONS)
    kinds = CheckboxesField(
        label="Which advice is needed?",
        called="the advice that is needed",
        help_text="Select all that apply.",
        choices=[
            Choice("finance", "Finance"),
            Choice("legal", "Legal", hint="Always needed"),
            Choice("other", "Other", reveals="other"),
        ],
    )
    other = TextField(label="Which other advice?", called="the other advice")
    deferred = YesNoField(
        label="Is publication deferred?",
        called="whether publication is deferred",
        reveals_yes=("until", "reason"),
    )
    until = DatePartsField(label="Until when?", called="the date of publication")
    reason = LongTextField(
        label="Why?", called="the reason", max_length=200, shows=Shows(count=True)
    )
    year = SelectField(
        label="Financial year",
        choices=[("", "Choose a year"), ("24", "2024/25"), ("25", "2025/26")],
    )
    paper = forms.FileField(label="Supporting document")
    confirmed = ConfirmField("I confirm that finance was consulted", help_text="On this version.")
    token = forms.CharField(widget=forms.HiddenInput, required=False, initial="t")
    field_shows = {
        "share": Shows(width=5, suffix="%"),
        "email": Shows(width=20, autocomplete="email", spellcheck=False),
    }

    def layout(self) -> Layout:
        """Fields, a group, words between them, three buttons."""
        return Layout(
            "title",
            "markup",
            "long",
            Heading("Money and time"),
            Paragraph(MARKUP),
            Group("Money", "amount", "share", hint="What it costs"),
            "ends",
            "email",
            Hint("A quiet word between fields."),
            *("region", "kinds", "deferred", "year", "paper", "confirmed"),
            Buttons(
                Button(self.submit_label, name="then", value="continue"),
                Button("Save and return", name="then", value="return", style="secondary"),
                Button("Withdraw", name="then", value="withdraw", style="warning"),
                ButtonLink("Cancel", reverse("gallery")),
            ),
        )


class EditorForm(GovukForm):
    """A section's text."""

    submit_label = "Save"
    warns_when_left = True
    body = ProseField(label="Text of the section", called="the text", help_text="As long as needed")
    note = LongTextField(label="Note", required=False)


class DecideForm(GovukForm):
    """A short form beside a long paper."""

    submit_label = "Sign the decision"
    outcome = RadiosField(
        label="Recommendation 1",
        choices=[
            ("approved", "Approved"),
            Choice("changes", "Approved with changes", reveals="words"),
            ("no", "Not approved"),
        ],
    )
    words = LongTextField(label="The changed words", called="the changed words")
    password = forms.CharField(label="Your password", widget=forms.PasswordInput)

    def buttons(self) -> Sequence[Button]:
        """One button."""
        return (Button(self.submit_label),)


@login_not_required
@require_GET
def parts(request: HttpRequest) -> HttpResponse:
    """Every part that is not a form."""
    messages.success(request, "The paper was saved.")
    messages.info(request, f"Somebody else saved first: {MARKUP}")
    tasks = [
        Task("Title", "Completed", url="#", done=True),
        Task("Executive summary", "In progress", url="#", hint="A few paragraphs"),
        Task(LONG, "Not started", url="#", colour="grey"),
        Task("Consult", "Cannot start yet", closed=True),
    ]
    context: dict[str, Any] = {
        "long": LONG,
        "markup": MARKUP,
        "welsh": WELSH,
        "hebrew": HEBREW,
        "text": TEXT,
        "crumbs": [("Papers", "#"), (LONG, "#"), ("Title", "")],
        "rows": [
            Row("Reference", "PCD 1828"),
            Row("Title", LONG, url="#", about="the title"),
            Row(MARKUP, f"{MARKUP}\nSecond line", url="#", about=MARKUP),
        ],
        "tasks": tasks,
        "states": [
            ("draft", "Draft"),
            ("consultation", "Advice"),
            ("endorsement", "Endorsement"),
            ("decision", "Decision"),
            ("decided", "Decided"),
            ("withdrawn", "Withdrawn"),
            ("published", "Published"),
            ("approved_with_changes", "Approved with changes"),
            ("deferred", "Deferred"),
        ],
        "page_obj": Paginator(range(200), 20).get_page(3),
        "amount": Decimal(947393),
        "pence": Decimal("222415.13"),
        "millions": Decimal(3049000),
        "day": date(2021, 11, 23),
        "moment": datetime(2021, 11, 23, 17, 5, tzinfo=UTC),
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }
    return render(request, "components/gallery.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """A form with every field; sent empty, every error."""
    form = GalleryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Everything was filled in.")
    return render(request, "components/gallery_form.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: HttpRequest) -> HttpResponse:
    """The section editor, and the Markdown that the service would keep."""
    form = EditorForm(request.POST or None, initial={"body": TEXT})
    kept = form.cleaned_data["body"] if request.method == "POST" and form.is_valid() else None
    return render(request, "components/gallery_editor.html", {"form": form, "kept": kept})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """A paper with a form beside it."""
    form = DecideForm(request.POST or None)
    context = {"form": form, "paragraphs": range(1, 30)}
    return render(request, "components/gallery_columns.html", context)
