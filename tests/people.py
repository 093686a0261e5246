"""People coming and going in tests: a second member of the secretariat, and links out of mails."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from io import StringIO

from django.core.management import call_command

from accounts.models import Duty, DutyKind, User, today
from approvals.notices.about_accounts import ABOUT_ACCOUNTS
from config import env
from tests import database, post_office

NEW_PASSWORD = "harbour lantern mosaic thistle"
SET_PASSWORD = "/account/link/"


def second_secretary() -> User:
    """Another member of the secretariat, made by the tests' ambient person."""
    person = User.objects.create_user("sven@countersign.example", "Sven Okoro")
    Duty.objects.create(
        person=person, kind=DutyKind.SECRETARIAT, starts=today() - timedelta(days=9)
    )
    return person


def run(name: str, *args: str, **options: object) -> str:
    """Run a command; what it printed."""
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def as_operator(clone: str) -> None:
    """Use the owner's login from here on, with nobody acting."""
    database.connect("default", env.OWNER, clone)


def sent_by_mailer(name: str) -> list[EmailMessage]:
    """Have the mailer send what was written about accounts; what a mail server took."""
    with post_office.open_for_mail() as office:
        post_office.send(name, office, ABOUT_ACCOUNTS.send_due)
        return office.taken


def link_in(mail: EmailMessage) -> str:
    """The address of the link in a mail, without the host."""
    found = re.search(r"https?://[^/]+(/account/link/\S+)", mail.get_content())
    assert found, "This mail has no link."
    return found[1]
