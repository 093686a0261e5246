"""People coming and going in tests: a second member of the secretariat, and links out of mails."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

from accounts.models import Duty, DutyKind, User, today
from approvals.notices.about_accounts import ABOUT_ACCOUNTS
from tests import post_office

NEW_PASSWORD = "harbour lantern mosaic thistle"
SET_PASSWORD = "/account/link/"


def second_secretary() -> User:
    """Another member of the secretariat, made by the tests' ambient person."""
    person = User.objects.create_user("sven@countersign.example", "Sven Okoro")
    Duty.objects.create(
        person=person, kind=DutyKind.SECRETARIAT, starts=today() - timedelta(days=9)
    )
    return person


def sent_by_mailer(database: str) -> list[EmailMessage]:
    """Have the mailer send what was written about accounts; what a mail server took."""
    with post_office.open_for_mail() as office:
        post_office.send(database, office, ABOUT_ACCOUNTS.send_due)
        return office.taken


def link_in(mail: EmailMessage) -> str:
    """The address of the link in a mail, without the host."""
    found = re.search(r"https?://[^/]+(/account/link/\S+)", mail.get_content())
    assert found, "This mail has no link."
    return found[1]
