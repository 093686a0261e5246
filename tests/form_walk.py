"""Every form of the staff pages, found by walking from page to page as somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import Tag
from django.urls import Resolver404, resolve

from tests.matrix_world import Standing, undone
from tests.pages import soup

TYPED: Final = frozenset({"text", "textarea", "email", "url", "search", "tel", "number"})
# Pages that make a document or end the session, and the developer's gallery.
_NOT_WALKED: Final = (".pdf", "/logout/", "/components/", "/static/", "/document/")


@dataclass(frozen=True)
class Field:
    """One field as it stands on a page: what kind of control, and what it would send."""

    name: str
    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A form on a page that somebody opened."""

    person: str
    page: str
    action: str
    method: str
    fields: tuple[Field, ...]

    @property
    def route(self) -> str:
        """The name of the address that it is sent to."""
        return str(resolve(urlsplit(self.action).path).url_name)

    @property
    def shape(self) -> tuple[Any, ...]:
        """What makes it another form than the last: where it goes and what it asks."""
        return (self.route, self.method, tuple((one.name, one.kind) for one in self.fields))

    def filled(self) -> dict[str, list[str]]:
        """What a browser would send of it untouched."""
        return {one.name: list(one.values) for one in self.fields}


def forms_for(standing: Standing, person: str, starts: Iterable[str]) -> Iterator[Form]:
    """Every form on every page that this person reaches from here, without sending any."""
    client = standing.client(person)
    waiting, seen = list(starts), set[str]()
    while waiting:
        address = waiting.pop(0)
        if address in seen or any(part in address for part in _NOT_WALKED):
            continue
        seen.add(address)
        with undone():
            page = client.get(address)
        if page.status_code != 200 or "html" not in page["Content-Type"]:
            continue
        body = soup(page)
        for found in body.find_all("form"):
            yield _form(found, person, address)
        waiting += [link for link in _links(body, address) if _below(link, address)]


def one_of_each(forms: Iterable[Form]) -> list[Form]:
    """The first form of each shape, in the order of their addresses."""
    kept: dict[tuple[Any, ...], Form] = {}
    for form in forms:
        kept.setdefault(form.shape, form)
    return sorted(kept.values(), key=lambda form: (form.route, form.page, form.shape))


def _links(body: Tag, address: str) -> Iterator[str]:
    for link in body.find_all("a", href=True):
        whole = urldefrag(urljoin(address, str(link["href"]))).url
        if not urlsplit(whole).netloc:
            yield whole


def _below(link: str, address: str) -> bool:
    """Stay with the paper, the person or the pages that one began with."""
    root = "/".join(address.split("/")[:3]) + "/"
    if not link.startswith(root) or root == "/papers/":
        return False
    try:
        resolve(urlsplit(link).path)
    except Resolver404:
        return False
    return True


def _form(found: Tag, person: str, address: str) -> Form:
    fields = tuple(_fields(found))
    action = urljoin(address, str(found.get("action") or address))
    return Form(person, address, action, str(found.get("method") or "get").lower(), fields)


def _fields(form: Tag) -> Iterator[Field]:
    groups: dict[str, list[tuple[str, bool]]] = {}
    kinds: dict[str, str] = {}
    for control in form.find_all(["input", "textarea", "select"]):
        name, kind = str(control.get("name") or ""), str(control.get("type") or control.name)
        if not name or name == "csrfmiddlewaretoken":
            continue
        kinds.setdefault(name, kind)
        if control.name == "textarea":
            groups.setdefault(name, []).append((control.get_text().removeprefix("\n"), True))
        elif control.name == "select":
            for option in control.find_all("option"):
                chosen = option.has_attr("selected")
                groups.setdefault(name, []).append((str(option.get("value", "")), chosen))
        elif kind in {"checkbox", "radio"}:
            is_chosen = control.has_attr("checked")
            groups.setdefault(name, []).append((str(control.get("value", "on")), is_chosen))
        else:
            groups.setdefault(name, []).append((str(control.get("value", "")), True))
    for name, group in groups.items():
        picked = [value for value, marked in group if marked]
        # Where nothing is chosen yet, the first choice, so that what hangs on it is looked at too.
        usual = picked or [value for value, _ in group if value][:1]
        yield Field(name, kinds[name], tuple(usual))
