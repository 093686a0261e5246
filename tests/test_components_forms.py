"""The GOV.UK form parts: escaped, described, and each error link at a control."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from crispy_forms.layout import Fieldset, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from components.fields import (
    CheckboxesField,
    Choice,
    ConfirmField,
    DatePartsField,
    LongTextField,
    ProseField,
    RadiosField,
    SelectField,
    Shows,
    TextField,
    YesNoField,
)
from components.forms import GovukForm
from components.gallery import MARKUP, GalleryForm
from components.layout import Button, Buttons, Group, Heading, Hint, Layout, Paragraph

TOO_LONG = (
    "The text must be {} characters or fewer. It has {}. Move some of it to a supporting document"
)


def drawn(form: forms.BaseForm) -> BeautifulSoup:
    """The form as {% crispy form %} draws it."""
    return BeautifulSoup(render_crispy_form(form), "html.parser")


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    """The one element that a selector finds."""
    found = soup.select(selector)
    assert len(found) == 1, (selector, found)
    return found[0]


def said(tag: Tag) -> str:
    """The words of an element."""
    return " ".join(tag.get_text(" ").split())


def test_every_line_of_the_summary_leads_to_a_control() -> None:
    form = GalleryForm(QueryDict("deferred=yes&kinds=other&amount=1,0"))
    soup = drawn(form)
    links = form.error_links()
    assert len(links) == 11
    for text, href in links:
        assert one(soup, href).name in {"input", "select", "textarea"}, (text, href)
    assert dict(links)["Select a region"] == "#id_region_0"
    assert dict(links)["Enter the other advice"] == "#id_other"
    assert dict(links)["Enter the date of publication"] == "#id_until_day"
    assert dict(links)["Choose the supporting document"] == "#id_paper"


def test_the_summary_follows_the_order_of_the_page() -> None:
    form = GalleryForm({"deferred": "yes"})
    hrefs = [href for _, href in form.error_links()]
    assert hrefs.index("#id_until_day") < hrefs.index("#id_reason") < hrefs.index("#id_year")


@pytest.mark.parametrize("data", [None, {}])
def test_every_description_that_a_control_names_exists(data: dict[str, str] | None) -> None:
    soup = drawn(GalleryForm(data))
    described = [
        (tag, name)
        for tag in soup.select("[aria-describedby]")
        for name in str(tag["aria-describedby"]).split()
    ]
    assert len(described) > 5
    for tag, name in described:
        assert soup.find(id=name) is not None, (tag, name)
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    for label in soup.select("label"):
        assert soup.find(id=label["for"]) is not None, label


def test_hint_and_error_describe_the_control_as_django_names_them() -> None:
    soup = drawn(GalleryForm({}))
    title = one(soup, "#id_title")
    assert title["aria-describedby"] == "id_title_helptext id_title_error"
    assert title["aria-invalid"] == "true"
    assert "govuk-input--error" in title["class"]
    assert said(one(soup, "#id_title_error")) == "Error: Enter the title"
    group = one(soup, "fieldset:has(#id_kinds_0)")
    assert group["aria-describedby"] == "id_kinds_helptext id_kinds_error"


def test_nothing_that_a_user_wrote_is_markup() -> None:
    class HostileForm(GovukForm):
        text = TextField(label=MARKUP, help_text=MARKUP)
        long = LongTextField(label=MARKUP, help_text=MARKUP)
        pick = RadiosField(
            label=MARKUP, help_text=MARKUP, choices=[Choice(MARKUP, MARKUP, hint=MARKUP)]
        )
        more = CheckboxesField(
            label=MARKUP,
            choices=[Choice(MARKUP, MARKUP, hint=MARKUP, divider_before=MARKUP)],
        )
        one = SelectField(label=MARKUP, choices=[(MARKUP, MARKUP)])
        tick = ConfirmField(MARKUP, help_text=MARKUP)
        day = DatePartsField(label=MARKUP, help_text=MARKUP)
        body = ProseField(label=MARKUP, help_text=MARKUP)
        file = forms.FileField(label=MARKUP)

        def layout(self) -> Layout:
            return Layout(
                Heading(MARKUP),
                Paragraph(MARKUP),
                Hint(MARKUP),
                Group(MARKUP, *self.fields, hint=MARKUP),
                Buttons(Button(MARKUP, name="a", value=MARKUP)),
            )

    typed = dict.fromkeys(("text", "long", "pick", "one", "day_day", "body"), MARKUP)
    for data in (None, {}, typed):
        form = HostileForm(data)
        if data is not None:
            form.add_error("text", MARKUP)
        soup = drawn(form)
        assert MARKUP in soup.get_text()
        assert soup.find("b") is None
        assert [script.get_text() for script in soup.find_all("script")] == [""]


def test_words_in_a_layout_are_never_read_as_a_template() -> None:
    class TrickyForm(GovukForm):
        text = TextField(label="{{ secret }}", required=False)

        def layout(self) -> Layout:
            return Layout(Group("{{ secret }}{% now 'Y' %}", "text"), Button("{{ secret }}"))

    html = render_crispy_form(TrickyForm(), context={"secret": "s3cret"})
    assert "s3cret" not in html
    assert html.count("{{ secret }}") == 3


def test_crispy_forms_own_parts_are_escaped_by_our_pack() -> None:
    class TheirForm(GovukForm):
        text = TextField(label="Text", required=False)

        def layout(self) -> Layout:
            return Layout(Fieldset(MARKUP, "text"), Submit("go", MARKUP), Buttons())

    soup = drawn(TheirForm())
    assert soup.find("script") is None
    assert one(soup, "legend").get_text() == MARKUP
    assert one(soup, "button")["value"] == MARKUP


def test_no_text_is_cut_off_by_the_browser() -> None:
    class LimitedForm(GovukForm):
        title = forms.CharField(max_length=10)
        reason = LongTextField(label="Reason", max_length=10, shows=Shows(count=True))

    soup = drawn(LimitedForm())
    assert soup.select("[maxlength]") == []
    counted = one(soup, "[data-module=govuk-character-count]")
    assert counted["data-maxlength"] == "10"
    # A count without a hint was a crash elsewhere.
    assert one(soup, "textarea")["aria-describedby"] == "id_reason-info"
    assert said(one(soup, "#id_reason-info")) == "You can enter up to 10 characters"
    refused = LimitedForm({"title": "A title of many words", "reason": "five\r\nlines\r\n"})
    assert refused.errors == {
        "title": ["The title must be 10 characters or fewer. It has 21"],
    }
    assert refused["title"].value() == "A title of many words"
    assert refused.cleaned_data["reason"] == "five\nlines"


class DeferralForm(GovukForm):
    """A question whose answer asks for more."""

    deferred = YesNoField(
        label="Deferred?", called="whether it is deferred", reveals_yes="until reason"
    )
    until = DatePartsField(label="Until when?", called="the last day")
    reason = LongTextField(label="Reason")


def test_a_revealed_field_stands_inside_its_option_and_counts_only_when_it_is_chosen() -> None:
    soup = drawn(DeferralForm())
    inside = one(soup, "#id_deferred_0_reveals")
    assert [box["id"] for box in inside.select("input, textarea")] == [
        "id_until_day",
        "id_until_month",
        "id_until_year",
        "id_reason",
    ]
    assert one(soup, "#id_deferred_0")["data-aria-controls"] == "id_deferred_0_reveals"
    assert len(soup.select("#id_reason")) == 1

    chosen = DeferralForm({"deferred": "yes", "reason": "x"})
    assert chosen.errors == {"until": ["Enter the last day"]}
    other = DeferralForm({"deferred": "no", "until_day": "99", "reason": "left over"})
    assert other.is_valid()
    assert other.cleaned_data == {"deferred": False, "until": None, "reason": ""}
    neither = DeferralForm({"until_day": "99"})
    assert neither.errors == {"deferred": ["Select whether it is deferred"]}


def test_inline_and_small_options_keep_their_base_class() -> None:
    class InlineForm(GovukForm):
        pick = RadiosField(label="Pick", choices=["ab", "cd"], shows=Shows(inline=True, small=True))

    assert one(drawn(InlineForm()), "[data-module=govuk-radios]")["class"] == [
        "govuk-radios",
        "govuk-radios--inline",
        "govuk-radios--small",
    ]


def test_django_fields_speak_plain_english_too() -> None:
    class DjangoForm(GovukForm):
        email = forms.EmailField(label="E-mail address")
        web = forms.URLField(label="Web address", assume_scheme="https")
        many = forms.IntegerField(label="Number of people", min_value=1)
        share = forms.DecimalField(label="Share (%)", max_value=100)
        pick = forms.ChoiceField(label="Who decides?", choices=[("a", "A")])
        own = forms.CharField(error_messages={"required": "Write something"})

    wrong = {"email": "x", "web": "x y", "many": "1.5", "share": "101", "pick": "z", "own": "\0"}
    assert {name: errors[0] for name, errors in DjangoForm(wrong).errors.items()} == {
        "email": "Enter the e-mail address in the form name@example.com",
        "web": "Enter the web address like https://www.example.gov.uk/paper",
        "many": "The number of people must be a whole number, like 15",
        "share": "The share ( per cent) must be 100 or less",
        "pick": "An answer to “Who decides?” must be one of those listed",
        "own": "The own holds a character that cannot be stored. Type it again",
    }
    empty = {name: errors[0] for name, errors in DjangoForm({}).errors.items()}
    assert empty["pick"] == "Select an answer to “Who decides?”"
    assert empty["many"] == "Enter the number of people"
    assert empty["own"] == "Write something"


def test_prose_from_the_editor_wins_over_the_plain_box_and_both_are_kept_on_error() -> None:
    class BodyForm(GovukForm):
        body = ProseField(label="Text", max_length=60)

    plain = BodyForm({"body": "typed **here**\r\n"})
    assert plain.is_valid()
    assert plain.cleaned_data["body"] == "typed **here**"
    edited = BodyForm({"body": "old", "body_html": "<h3>New</h3><p>text<script>x</script></p>"})
    assert edited.is_valid()
    assert edited.cleaned_data["body"] == "### New\n\ntext"
    emptied = BodyForm({"body": "old", "body_html": "<p></p>"})
    assert emptied.errors == {"body": ["Enter the text"]}

    long = "word " * 20
    refused = BodyForm({"body": "old", "body_html": f"<p>{long}</p>"})
    assert refused.errors["body"] == [TOO_LONG.format("60", "99")]
    soup = drawn(refused)
    assert one(soup, "textarea").get_text().strip() == long.strip()
    assert said(one(soup, "template")) == long.strip()


def test_200_kilobytes_of_prose_fit_and_one_character_more_is_a_sentence() -> None:
    class BodyForm(GovukForm):
        body = ProseField(label="Text")

    assert BodyForm({"body": "a" * 200_000}).is_valid()
    assert BodyForm({"body": "a" * 200_001}).errors["body"] == [
        TOO_LONG.format("200,000", "200,001")
    ]


def test_buttons_send_their_name_once_and_a_file_makes_the_form_multipart() -> None:
    soup = drawn(GalleryForm())
    form = one(soup, "form")
    assert form["method"] == "post"
    assert form["enctype"] == "multipart/form-data"
    assert form.has_attr("novalidate")
    assert form.has_attr("data-warns-when-left")
    buttons = soup.select("button[type=submit]")
    assert [(b["name"], b["value"]) for b in buttons] == [
        ("then", "continue"),
        ("then", "return"),
        ("then", "withdraw"),
    ]
    assert {b["data-prevent-double-click"] for b in buttons} == {"true"}
    assert one(soup, "input[name=token]")["type"] == "hidden"


def test_a_field_that_no_layout_draws_is_noticed() -> None:
    class ForgetfulForm(GovukForm):
        drawn = TextField(label="Drawn")
        forgotten = TextField(label="Forgotten")

        def layout(self) -> Layout:
            return Layout("drawn")

    with pytest.raises(ImproperlyConfigured, match="ForgetfulForm draws no forgotten"):
        drawn(ForgetfulForm())


def test_a_page_with_errors_says_so_first_in_its_title() -> None:
    page = Template("{% load components %}{% error_prefix %}|{% error_summary %}")
    request = RequestFactory().get("/")

    def shown(**context: Any) -> str:
        return page.render(Context({"request": request, **context}))

    assert shown().strip() == "|"
    assert shown(form=DeferralForm()).strip() == "|"
    form = DeferralForm({})
    form.add_error(None, MARKUP)
    html = shown(form=form, forms=[form])
    assert html.startswith("Error: |")
    soup = BeautifulSoup(html, "html.parser")
    assert [said(line) for line in soup.select("li")] == [MARKUP, "Select whether it is deferred"]
    assert [link["href"] for link in soup.select("a")] == ["#id_deferred_0"]


def test_a_formset_gives_its_errors_to_the_summary() -> None:
    rows = forms.formset_factory(DeferralForm, extra=2)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-1-deferred": "yes"}
    page = Template("{% load components %}{% error_summary %}")
    html = page.render(Context({"forms": [rows(data)]}))
    links = [a["href"] for a in BeautifulSoup(html, "html.parser").select("a")]
    assert links == ["#id_form-1-until_day", "#id_form-1-reason"]


def test_the_query_of_a_page_keeps_what_was_asked() -> None:
    request = RequestFactory().get("/?q=fleet&page=2")
    page = Template("{% load components %}{% query page=3 year='' %}")
    assert page.render(Context({"request": request})) == "?q=fleet&amp;page=3"
    assert QueryDict("q=fleet&page=3").urlencode() == "q=fleet&page=3"
