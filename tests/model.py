"""A model of a paper's life that is played at random, through pages and through raw SQL.

The machine begins with a paper at some stage and lets anybody try anything, in any order. It knows
little: which texts were accepted, and what must hold whatever happens. Those sentences are checked
after every step, by reading the database and not by asking the code under test.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from unicodedata import normalize

from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.models import Appointment, Office, User, today
from approvals.models import Act, Advice, Edition, Outcome, Publication, Signature
from approvals.sample.cast import CAST
from approvals.workflow import VERBS
from decisions.models import Contributor, Paper, Version
from decisions.register.models import Decision, Embargo, Live
from decisions.states import EDITABLE, State
from tests import stages, verb_pages
from tests.cast import Cast, assemble
from tests.pages import fields_of, form_of, save_page, signed_in, soup, words

SUBJECT: Final = "summary"
PEOPLE: Final = tuple(CAST)
STAGES: Final[dict[str, Callable[..., Paper]]] = {
    "draft": stages.draft,
    "consultation": stages.consultation,
    "advised": stages.advised,
    "endorsement": stages.endorsement,
    "decision": stages.decision,
    "decided": stages.decided,
    "sealed": stages.sealed,
    "published": stages.published,
}
# A row of the register as its own text would have it, of a text that stands in `said`.
_PLACED: Final = """
  (reference, slug, edition, title, office, decision_maker, date_signed, outcome, summary, capital,
   revenue, income, sample, content, digest, pdf_digest, pdf_size{column})
SELECT said ->> 'reference', said ->> 'slug', (said ->> 'edition')::int, said ->> 'title',
  said #>> '{{decision,office}}', said #>> '{{decision,name}}',
  ((said #>> '{{decision,signed_at}}')::timestamptz AT TIME ZONE 'Europe/London')::date,
  'approved', '', 0, 0, 0, (said ->> 'sample')::boolean, said::text,
  encode(sha256(convert_to(said::text, 'UTF8')), 'hex'), pdf, size{value}
FROM (
  SELECT {said} AS said, d.digest AS pdf, d.size
  FROM approvals_edition e JOIN approvals_sealeddocument d ON d.edition_id = e.id
  WHERE e.paper_id = {{paper}}) AS row
"""
_INVENTED: Final = 'e.content::jsonb || \'{{"reference": "PCD 9999", "slug": "pcd-9999"}}\''
# Each would break a promise. `{paper}` is the paper's number in the database.
ATTACKS: Final = (
    "UPDATE decisions_paper SET state = 'decided', version = version + 1 WHERE id = {paper}",
    "UPDATE decisions_paper SET state = 'decision', version = version + 1 WHERE id = {paper}",
    "UPDATE decisions_paper SET executive_summary = 'Overwritten' WHERE id = {paper}",
    (
        "UPDATE decisions_paper SET version = version + 1, office_id = (SELECT id "
        "FROM accounts_office WHERE code = 'chief_executive') WHERE id = {paper}"
    ),
    "UPDATE decisions_version SET content = '{{}}' WHERE paper_id = {paper}",
    "UPDATE approvals_signature SET signer_id = signer_id WHERE paper_id = {paper}",
    "DELETE FROM decisions_event WHERE paper_id = {paper}",
    "DELETE FROM decisions_contributor WHERE paper_id = {paper}",
    "DELETE FROM approvals_advice",
    "DELETE FROM approvals_publication",
    "TRUNCATE decisions_section CASCADE",
    "ALTER TABLE approvals_signature DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "UPDATE register.register_embargo SET not_before = now() - interval '1 day'",
    "INSERT INTO register.register_live SELECT * FROM register.register_embargo",
    "DELETE FROM conf.part_two WHERE paper_id = {paper}",
    *(
        f"INSERT INTO register.register_{shelf}"
        + _PLACED.replace("{said}", said)
        .replace("{column}", f", {moment}")
        .replace("{value}", f", now() - interval '{ago}'")
        .replace("{{paper}}", "{paper}")
        for shelf, moment in (("live", "published_at"), ("embargo", "not_before"))
        for said, ago in ((_INVENTED, "0"), ("e.content::json", "0"), ("e.content::json", "1 day"))
    ),
    (
        "INSERT INTO approvals_edition (paper_id, number, signature_id, content, digest, note, "
        "made_by_id, made_at) SELECT paper_id, 2, id, '{{}}', "
        "encode(sha256('{{}}'), 'hex'), 'x', signer_id, now() FROM approvals_signature "
        "WHERE act = 'decide' AND paper_id = {paper}"
    ),
)

words_of_officers = st.text(
    alphabet=st.characters(codec="utf-8", categories=("L", "N", "Zs", "P", "S", "M")), max_size=60
)
person = st.sampled_from(PEOPLE)
# Those who may write, more often than the others, or nobody would ever meet anybody.
writer = st.sampled_from(("olu", "saba", *PEOPLE[::4]))


class LifeOfAPaper(RuleBasedStateMachine):
    """One paper, and everybody of the cast doing as they please with it."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        # Going back to before a life does not always take back how it had constraints asked.
        connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
        self.cast: Cast = assemble()
        self.opened: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        """Nothing stays for the next life."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(
        stage=st.sampled_from(sorted(STAGES)), part_two=st.booleans(), deferred=st.booleans()
    )
    def begin(self, stage: str, part_two: bool, deferred: bool) -> None:
        """Begin at some stage, with the summary that stands there, perhaps to be held back."""
        self.deferred = deferred and stage != "published"
        until = today() + timedelta(days=30) if self.deferred else None
        self.paper = STAGES[stage](self.cast, part_two=part_two, deferred_until=until)
        self.text = stages.fresh(self.paper).executive_summary

    # What people do.

    @rule(who=writer)
    def open_the_summary(self, who: str) -> None:
        """Open the page, and leave it open."""
        client, address = self._browser(who), save_page(self.paper, SUBJECT)
        page = client.get(address)
        if page.status_code == 200 and soup(page).select_one("main form"):
            self.opened[who] = fields_of(form_of(page, "Save"))

    @rule(who=writer, text=words_of_officers)
    def save_the_summary(self, who: str, text: str) -> None:
        """Save from a page that was opened at some time: it is taken whole, or shown again."""
        if who not in self.opened:
            return
        before = stages.fresh(self.paper)
        sent = self.opened[who] | {"executive_summary": text}
        answer = self._browser(who).post(save_page(self.paper, SUBJECT), sent)
        after = stages.fresh(self.paper).executive_summary
        assert answer.status_code in {200, 302, 403, 404, 409, 422}, answer.status_code
        if answer.status_code == 302:
            assert before.state in EDITABLE
            seen, stood = self.opened[who]["executive_summary"], before.executive_summary
            assert _plain(stood) in {_plain(seen), _plain(text)}, "A text not seen was replaced."
            self.text = after
            assert _plain(after) == _plain(text)
        else:
            assert after == self.text, "A refused save changed the paper."
            if answer.status_code != 404:
                assert _plain(text) in _typed(answer), "What was typed is gone."

    @rule(who=person, verb=st.sampled_from(sorted(VERBS)), sure=st.booleans())
    def try_a_verb(self, who: str, verb: str, sure: bool) -> None:
        """Fill in a verb's form as well as one can, or send it without ever having opened it."""
        client, address = self._browser(who), f"/papers/{self.paper.slug}/{verb}/"
        page = client.get(address)
        assert page.status_code in {200, 403, 404, 409}, page.status_code
        opened = page.status_code == 200 and soup(page).select_one("main form")
        sent = verb_pages.answers(page) if sure and opened else {}
        sent |= self._answers(who, verb)
        answer = client.post(address, sent)
        assert answer.status_code in {200, 302, 403, 404, 409, 422, 429}, answer.status_code

    @rule(who=person, office=st.sampled_from(["chief_executive", "dmpc"]))
    def appoint(self, who: str, office: str) -> None:
        """Somebody begins to act in an office, whoever they are to this paper."""
        if Appointment.objects.filter(acting=True, office__code=office).exists():
            return
        Appointment.objects.create(
            office=Office.objects.get(code=office),
            person=self._person(who),
            acting=True,
            legal_basis="A letter of the Mayor",
        )

    @rule()
    def make_the_document(self) -> None:
        """The worker makes the document of the newest edition, where one waits."""
        edition = Edition.objects.filter(paper=self.paper).order_by("-number").first()
        if edition is not None and not hasattr(edition, "document"):
            stages.seal(self.paper, self.cast.saba)

    @rule(attack=st.sampled_from(ATTACKS))
    def attack(self, attack: str) -> None:
        """Raw SQL as the staff process could send it: refused, or without any effect."""
        before = _everything(self.paper)
        try:
            with transaction.atomic():
                connection.cursor().execute(attack.format(paper=self.paper.pk))
                connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError:
            pass
        connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
        assert _everything(self.paper) == before, attack

    @rule(text=words_of_officers, other=words_of_officers)
    def meet_over_the_summary(self, text: str, other: str) -> None:
        """Two open the same page, and each saves it."""
        for who in ("olu", "saba"):
            self.open_the_summary(who)
        self.save_the_summary("saba", text)
        self.save_the_summary("olu", other)

    # What must hold, whatever happened.

    @invariant()
    def no_text_is_lost(self) -> None:
        """What stands is what somebody saved last."""
        if hasattr(self, "paper"):
            assert stages.fresh(self.paper).executive_summary == self.text

    @invariant()
    def nothing_is_decided_without_its_signatures(self) -> None:
        """Each state is earned by signatures of this round on the newest version."""
        if not hasattr(self, "paper"):
            return
        paper = stages.fresh(self.paper)
        wanted = {State.DECISION: {Act.ENDORSE}, State.DECIDED: {Act.ENDORSE, Act.DECIDE}}
        newest = Version.objects.filter(paper=paper).order_by("-number").first()
        signed = Signature.objects.filter(paper=paper, round=paper.round)
        given = {Act(s.act) for s in signed if newest and s.digest == newest.digest}
        assert wanted.get(State(paper.state), set()) <= given
        if paper.state == State.DECIDED:
            decided = signed.get(act=Act.DECIDE)
            asked = {each.number for each in decided.version.record.recommendations}
            assert {o.number for o in Outcome.objects.filter(signature=decided)} == asked

    @invariant()
    def nobody_signs_their_own_paper(self) -> None:
        """No signer of this round wrote, changed or advised on it, or signed its other act."""
        if not hasattr(self, "paper"):
            return
        paper = stages.fresh(self.paper)
        signed = Signature.objects.filter(paper=paper, round=paper.round)
        signers = [signature.signer_id for signature in signed]
        advice = Advice.objects.filter(consultation__paper=paper, consultation__round=paper.round)
        own = {paper.officer_id}
        own |= set(Contributor.objects.filter(paper=paper).values_list("person_id", flat=True))
        own |= set(advice.values_list("adviser_id", flat=True))
        assert not own & set(signers)
        assert len(signers) == len(set(signers)), "One person signed both acts."

    @invariant()
    def nothing_is_published_early_or_unsigned(self) -> None:
        """Every row in the register is of a decided paper, with its document, and due."""
        if not hasattr(self, "paper"):
            return
        slug = self.paper.slug
        shown = list(Live.objects.filter(slug=slug)) + list(Embargo.objects.filter(slug=slug))
        paper = stages.fresh(self.paper)
        assert not shown or paper.state == State.DECIDED
        if self.deferred:
            assert not Live.objects.filter(slug=slug).exists()
            assert not Decision.objects.filter(slug=slug).exists()
        assert len(shown) <= Publication.objects.filter(edition__paper=paper).count()
        for row in shown:
            edition = Edition.objects.get(paper=paper, number=row.edition)
            assert edition.signature.act == Act.DECIDE
            assert row.pdf_digest == edition.document.digest

    # How it is done.

    def _person(self, who: str) -> User:
        return User.objects.get(pk=self.cast.everybody[who].pk)

    def _browser(self, who: str) -> Client:
        return signed_in(self._person(who))

    def _answers(self, who: str, verb: str) -> dict[str, Any]:
        version = Version.objects.filter(paper=self.paper).order_by("-number").first()
        common = {
            "reason": "Because of the figures.",
            "position": "content",
            "statement": "Read.",
            "has_interest": "no",
            "outcome_1": "approved",
            "outcome_2": "not_approved",
            "when": "later" if self.deferred and len(who) % 2 else "now",
            "note": "A note.",
            "passage": "summary",
            "text_summary": "Other words.",
            "mark": version.mark if version else "",
        }
        signs = verb_pages.signs(self._person(who)) if verb in {"endorse", "decide"} else {}
        return common | signs


def _plain(text: str) -> str:
    """A text as it is kept: letters composed; where its lines break does not matter here."""
    return " ".join(normalize("NFC", text).split())


def _typed(answer: Any) -> str:
    fields = " ".join(
        str(value) for form in soup(answer).find_all("form") for value in fields_of(form).values()
    )
    return _plain(f"{fields} {words(answer)}")


def _everything(paper: Paper) -> tuple[Any, ...]:
    """What an attack could have changed that is not for any save to change."""
    now = stages.fresh(paper)
    return (
        *(now.state, now.round, now.executive_summary, now.office_id),
        *(
            tuple(model.objects.order_by("pk").values_list())
            for model in (
                Version,
                Signature,
                Contributor,
                Publication,
                Outcome,
                Edition,
                Live,
                Embargo,
            )
        ),
    )
