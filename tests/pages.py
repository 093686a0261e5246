"""Reading and sending pages as a person does: what a page says, what a form holds, the next page.

A form is sent with everything that the page put into it, as a browser would, and with what the
person typed on top.
"""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client

from accounts.models import User
from decisions.models import Paper


def signed_in(person: User) -> Client:
    """The browser of somebody who has signed in."""
    client = Client()
    client.force_login(person)
    return client


def soup(page: Any) -> BeautifulSoup:
    """A page to look into."""
    return BeautifulSoup(page.content, "html.parser")


def words(page: Any) -> str:
    """What a page says, one space between words; hidden words for screen readers included."""
    main = soup(page).find("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def form_of(page: Any, button: str) -> Tag:
    """The form that has this button."""
    for form in soup(page).find_all("form"):
        if any(
            " ".join(b.get_text(" ").split()).startswith(button) for b in form.find_all("button")
        ):
            return form
    raise AssertionError(f"No form on the page has a button “{button}”.")


def fields_of(form: Tag) -> dict[str, Any]:
    """What a browser would send of a form that nobody has touched, without its buttons."""
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = str(field.get("name") or ""), str(field.get("type") or "")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if field.name == "textarea":
            sent[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            sent[name] = chosen.get("value", "") if chosen else ""
        elif kind in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                sent.setdefault(name, []).append(field.get("value", "on"))
        else:
            sent[name] = field.get("value", "")
    return sent


def send(client: Client, address: str, button: str = "Save", /, **typed: Any) -> Any:
    """Open a page, type into its form, press the button; the answer is not followed."""
    page = client.get(address)
    assert page.status_code == 200, words(page)
    return press(client, address, page, button, **typed)


def press(client: Client, address: str, page: Any, button: str, /, **typed: Any) -> Any:
    """Type into a form of a page that is already open, and press the button."""
    sent = {**fields_of(form_of(page, button)), **typed}
    return client.post(address, {name: text for name, text in sent.items() if text is not None})


def errors(page: Any) -> list[str]:
    """The sentences of the error summary."""
    summary = soup(page).select_one(".govuk-error-summary")
    return (
        [" ".join(line.get_text(" ").split()) for line in summary.select("li")] if summary else []
    )


def notices(client: Client, page: Any) -> list[str]:
    """The sentences that the page after a redirect would say."""
    followed = client.get(page["Location"])
    found = soup(followed).select(".govuk-notification-banner__content")
    return [" ".join(line.get_text(" ").split()) for line in found]


def save_page(paper: Paper, subject: str) -> str:
    """The address of a subject's page."""
    return f"/papers/{paper.slug}/save/{subject}/"
