"""What the sample holds once it is loaded: the figures of both seeds, every state, every verb."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User, today
from approvals.models import Advice, Edition, Publication, Reason
from approvals.public_files import leaks, why_cannot_approve
from approvals.sample import cast
from approvals.sample.load import load
from approvals.workflow import VERBS
from decisions.checks import findings
from decisions.drafting.begin import begin
from decisions.drafting.files import unapproved
from decisions.models import Event, FileApproval, Paper, Series, SupportingFile
from decisions.part_two.models import FrozenPartTwo, PartTwo, PartTwoFile
from decisions.register.record import PublishedFile
from decisions.states import State
from decisions.uploads import store
from tests import database, pdfs, sample_world
from tests.cast import PASSWORD
from tests.sample_world import PAPERS, SECRETS, connected, newest_record, utc, verbs

# The name of the database, and what the command said.
Sample = tuple[str, list[str]]
SIX = ("advise",) * 6
TO_DECISION = ("consult", *SIX, "submit", "endorse")


@pytest.fixture(scope="module")
def loaded(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Sample]:
    """A database with the sample in it, and what the command said."""
    name = f"{settings.TEST_DATABASE}_sample"
    with django_db_blocker.unblock():
        database.create(name, template=migrated)
    said = io.StringIO()
    with connected(name, django_db_blocker):
        call_command("make_seal_key", stdout=io.StringIO())
        call_command("load_sample_decisions", stdout=said)
    yield name, said.getvalue().splitlines()
    with django_db_blocker.unblock():
        database.drop(name)


@pytest.fixture
def sample(loaded: Sample, django_db_blocker: DjangoDbBlocker) -> Iterator[Sample]:
    """The loaded sample, connected as the staff role. Tests only read it, or roll back."""
    with connected(loaded[0], django_db_blocker):
        yield loaded


def test_one_line_is_said_of_each_paper_and_every_state_is_there(sample: Sample) -> None:
    assert sample_world.states() == PAPERS
    assert set(PAPERS.values()) == set(State)
    assert [line.split(":")[0].split(" ")[1] for line in sample[1]] == [str(n) for n in PAPERS]
    assert sample[1][-1] == "PCD 1828 ServiceNow Fit for future: awaiting decision"


def test_the_sample_uses_every_verb_of_the_table(sample: Sample) -> None:
    assert {verb for number in PAPERS for verb in verbs(number)} == set(VERBS)


@pytest.mark.parametrize(
    ("number", "life"),
    [
        (1080, (*TO_DECISION, "decide", "publish")),
        (1811, (*TO_DECISION, "decide", "publish", "correct", "publish")),
        (1812, (*TO_DECISION, "decide", "publish")),
        (1813, (*TO_DECISION, "decide", "publish")),
        (1814, ("consult", "advise", "advise", "advise", "withdraw")),
        (1815, (*TO_DECISION, "decide")),
        (1816, ("consult", *SIX, "submit")),
        (1817, ("consult", *SIX[:5], "submit", "send_back")),
        (1818, ("consult", "advise", "advise", "advise", "advise")),
        (1819, ()),
        (1828, TO_DECISION),
    ],
)
def test_each_paper_went_through_the_real_acts_in_order(
    sample: Sample, number: int, life: tuple[str, ...]
) -> None:
    assert verbs(number) == life


def test_the_chain_of_events_is_whole(sample: Sample) -> None:
    events = list(Event.objects.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.prev for event in events] == ["0" * 64, *(event.hash for event in events[:-1])]
    assert [event.hash for event in events] == [sample_world.hash_of(event) for event in events]


def test_every_paper_says_that_it_is_a_sample(sample: Sample) -> None:
    assert set(Paper.objects.values_list("sample", flat=True)) == {True}
    invented = Paper.objects.exclude(number__in=[1080, 1828])
    assert [p.title for p in invented if not p.title.startswith("Sample: ")] == []
    assert {record.sample for record, _, _ in sample_world.published(sample[0]).values()} == {True}


def test_pcd_1080_has_the_figures_and_dates_of_the_form(sample: Sample) -> None:
    record, _, moment = sample_world.published(sample[0])["pcd-1080", 1]
    assert record.reference == "PCD 1080"
    assert record.title == "MPS Business Support Services Second Generation Discovery Phase"
    assert record.lead_in == "The Deputy Mayor for Policing and Crime is recommended to:"
    assert [line.amount for line in record.funding] == [
        Decimal("321267.00"),
        Decimal("540000.00"),
        Decimal("86126.00"),
    ]
    assert [line.contingency_percent for line in record.funding] == [None, None, Decimal(10)]
    assert record.totals.net == record.recommendations[0].amount == Decimal("947393.00")
    assert [item.outcome for item in record.recommendations] == ["approved", "approved"]
    assert record.deferral is None
    assert record.chief_executive is not None
    assert record.decision is not None
    assert record.chief_executive.signed_at == utc(2021, 11, 17, 15, 5)
    assert record.decision.signed_at == utc(2021, 11, 23, 10, 40)
    assert moment == utc(2021, 11, 24, 9, 30)
    assert all(
        row.advised_on is not None and date(2021, 11, 3) <= row.advised_on < date(2021, 11, 15)
        for row in record.declarations
    )
    assert record.part_two is not None


def test_pcd_1080_has_the_sections_of_the_form(sample: Sample) -> None:
    record, _, _ = sample_world.published(sample[0])["pcd-1080", 1]
    assert [section.heading for section in record.sections] == [
        "Introduction and background",
        "Issues for consideration",
        "Financial & Commercial Comments",
        "Legal Comments",
        "GDPR and Data Privacy",
        "Equality Comments",
    ]
    numbered = [[b.number for b in section.blocks if b.number] for section in record.sections]
    assert [len(numbers) for numbers in numbered] == [4, 6, 3, 2, 4, 2]
    (table,) = (block.html for block in record.sections[2].blocks if block.kind == "table")
    assert [amount in table for amount in ("£321,267", "£540,000", "£86,126", "£947,393")] == [
        True
    ] * 4
    assert record.sections[3].blocks[0].html.startswith("Paragraph 4.8 of the MOPAC Scheme of")


def test_pcd_1828_has_the_figures_of_the_page_and_awaits_its_decision(sample: Sample) -> None:
    record = newest_record(1828)
    assert record.title == "ServiceNow Fit for future"
    assert record.lead_in == (
        "The Deputy Mayor for Policing and Crime, via the Investment Advisory and Monitoring "
        "meeting (IAM), is asked to:"
    )
    assert [(item.amount, item.kind) for item in record.recommendations] == [
        (Decimal("3049000.00"), "capital"),
        (Decimal("1810000.00"), "capital"),
    ]
    assert [line.amount for line in record.funding] == [
        Decimal("498000.00"),
        Decimal("2551000.00"),
    ]
    assert record.totals.capital == Decimal("3049000.00")
    assert [section.heading for section in record.sections] == [
        "Introduction and background",
        "Issues for consideration",
        "Financial Comments",
        "Legal Comments",
        "Commercial Issues",
        "GDPR and Data Privacy",
        "Equality Comments",
    ]
    notice = record.part_two
    assert notice is not None
    assert notice.marking == "OFFICIAL-SENSITIVE [COMMERCIAL]"
    assert [(e.article, e.section) for e in notice.exemptions] == [("2(2)(a)", "43")]
    assert notice.ends_when == "completion of the contract"
    assert record.decision is None


def test_no_figure_of_a_sample_disagrees_with_another(sample: Sample) -> None:
    found = {
        paper.number: [finding.sentence for finding in findings(paper)]
        for paper in Paper.objects.exclude(number=1819)
    }
    # The scheme's paragraph on property is not known here, and the paper does not invent one.
    missing = "The paper does not say which paragraph of the scheme of delegation it relies on."
    assert found == {number: [missing] if number == 1813 else [] for number in found}


def test_the_draft_is_half_filled(sample: Sample) -> None:
    missing = findings(Paper.objects.get(number=1819))
    assert [f.subject for f in missing if f.blocking] == [
        "section-financial",
        "section-legal",
        "section-commercial",
        "section-data_protection",
        "section-equality",
        "deferral",
        "part-two-question",
        *["declarations"] * 6,
    ]


def test_the_public_reads_what_is_published_and_due(sample: Sample) -> None:
    assert set(sample_world.published(sample[0])) == {
        ("pcd-1080", 1),
        ("pcd-1811", 1),
        ("pcd-1811", 2),
        ("pcd-1812", 1),
    }
    waiting = Publication.objects.get(edition__paper__number=1813)
    assert waiting.not_before is not None
    assert waiting.not_before.astimezone().date() >= today() + timedelta(days=29)
    assert waiting.owner is not None
    assert not Publication.objects.filter(edition__paper__number=1815).exists()


def test_outcomes_differ_and_give_their_reasons(sample: Sample) -> None:
    public = sample_world.published(sample[0])
    charging, _, _ = public["pcd-1811", 2]
    assert [item.outcome for item in charging.recommendations] == [
        "approved",
        "approved_with_changes",
        "deferred",
    ]
    assert charging.outcome == "approved_with_changes"
    assert charging.corrections[0].note.startswith("Paragraph 1.3 named ten boroughs.")
    assert "nine boroughs" in charging.sections[0].blocks[2].html
    refused, _, _ = public["pcd-1812", 1]
    assert refused.outcome == "not_approved"
    assert all(item.outcome_words for item in refused.recommendations)


def test_advice_is_in_every_condition_on_the_paper_that_is_out_for_it(sample: Sample) -> None:
    paper = Paper.objects.get(number=1818)
    given = Advice.objects.filter(consultation__paper=paper).order_by("given_at")
    assert [(a.consultation.kind, a.position, a.version.number) for a in given] == [
        ("legal", "content", 1),
        ("equalities", "content", 1),
        ("finance", "content_with_comments", 2),
        ("commercial", "content", 2),
    ]
    assert paper.versions.latest("number").number == 2


def test_reasons_are_kept_where_a_paper_was_stopped(sample: Sample) -> None:
    kept = Reason.objects.order_by("event__seq").values_list("event__verb", "event__paper__number")
    assert list(kept) == [("withdraw", 1814), ("send_back", 1817)]


def test_every_decision_has_a_sealed_document_that_says_sample(sample: Sample) -> None:
    for edition in Edition.objects.select_related("document"):
        with storages["restricted"].open(f"{edition.document.digest}.pdf") as file:
            words = pdfs.text(file.read())
        assert edition.paper.reference in words
        assert "Sample data: this is not a real decision" in words


def test_nothing_of_part_two_stands_in_what_the_public_can_read(sample: Sample) -> None:
    secrets = {part.paper.number: part.body for part in PartTwo.objects.select_related("paper")}
    assert {n: SECRETS[n] in body for n, body in secrets.items()} == dict.fromkeys(SECRETS, True)
    assert FrozenPartTwo.objects.count() >= len(SECRETS)
    for record, digest, _ in sample_world.published(sample[0]).values():
        with storages["published"].open(f"{digest}.pdf") as file:
            shown = record.to_json() + pdfs.text(file.read())
        assert [secret for secret in SECRETS.values() if secret in shown] == []


def test_the_published_decision_has_a_file_that_a_second_person_looked_at(sample: Sample) -> None:
    record, _, _ = sample_world.published(sample[0])["pcd-1080", 1]
    (listed,) = record.supporting_documents
    assert listed.title == "Discovery phase: costs and dates"
    assert isinstance(listed.file, PublishedFile)
    with storages["published"].open(f"{listed.file.digest}.pdf") as file:
        words = pdfs.text(file.read())
    for fact in ("Sample data", "£321,267", "£540,000", "£86,126", "£947,393", "September 2025"):
        assert fact in words
    row = SupportingFile.objects.get(paper__number=1080)
    assert row.public_digest == listed.file.digest
    approval = FileApproval.objects.get(digest=row.public_digest)
    assert (row.added_by.name, approval.approved_by.name) == ("Olu Adeyemi", "Saba Rahman")


def test_the_paper_out_for_advice_has_a_file_to_look_at_and_one_in_part_two(sample: Sample) -> None:
    paper = Paper.objects.get(number=1818)
    (waiting,) = unapproved(paper)
    assert waiting.title == "Buying and renting workstations compared"
    saba = User.objects.get(email="saba@countersign.example")
    assert (why_cannot_approve(waiting, saba), leaks(waiting)) == (None, False)
    assert [one.title for one in newest_record(1818).supporting_documents] == [waiting.title]
    hidden = PartTwoFile.objects.get(paper=paper)
    assert SECRETS[1818] in pdfs.text(store.read(paper.pk, hidden.digest, hidden.kind))
    public = storages["published"]
    assert public.exists(f"{SupportingFile.objects.get(paper__number=1080).public_digest}.pdf")
    for digest in (waiting.digest, waiting.public_digest, hidden.digest):
        assert not public.exists(f"{digest}.pdf")


def test_loading_again_changes_nothing(sample: Sample) -> None:
    last = Event.objects.latest("seq")
    people = dict(User.objects.values_list("email", "password"))
    kept = sorted(storages["restricted"].listdir("")[1])
    said = io.StringIO()
    call_command("load_sample_decisions", stdout=said)
    assert said.getvalue() == ""
    assert Event.objects.latest("seq") == last
    assert dict(User.objects.values_list("email", "password")) == people
    assert sample_world.states() == PAPERS
    assert (SupportingFile.objects.count(), PartTwoFile.objects.count()) == (2, 1)
    assert sorted(storages["restricted"].listdir("")[1]) == kept


def test_the_next_paper_is_pcd_1829(sample: Sample) -> None:
    officer = User.objects.get(email="olu@countersign.example")
    with transaction.atomic():
        assert begin("pcd", "The next", by=officer).reference == "PCD 1829"
        transaction.set_rollback(True)
    assert Series.objects.get(code="pcd").next_number == 1829


@pytest.mark.django_db
def test_a_paper_of_ones_own_under_a_sample_number_is_left_alone() -> None:
    people = cast.assemble(PASSWORD, next_number=1080)
    own = begin("pcd", "My own", by=people.olu)
    assert next(load(people, PASSWORD)) == (
        "PCD 1080 is a paper that somebody wrote here; it was left alone."
    )
    own.refresh_from_db()
    assert (own.title, own.sample, own.version) == ("My own", False, 1)


def test_a_loader_that_was_killed_halfway_is_finished_by_the_next(
    loaded: Sample, clone: str, tmp_path: Path
) -> None:
    assert sample_world.run(clone, tmp_path, "make_seal_key")[0] == 0
    whole = sample_world.lives(loaded[0])
    first = sample_world.command(clone, tmp_path, "load_sample_decisions")
    assert first.stdout is not None
    assert first.stdout.readline().startswith("PCD 1080 ")
    first.kill()
    first.communicate()
    halfway = sample_world.lives(clone)
    assert 1080 in halfway
    assert 1828 not in halfway
    assert {number: whole[number] for number in halfway} == halfway
    code, _, complaint = sample_world.run(clone, tmp_path, "load_sample_decisions")
    assert (code, complaint) == (0, "")
    assert sample_world.lives(clone) == whole
    assert set(sample_world.published(clone)) == set(sample_world.published(loaded[0]))
