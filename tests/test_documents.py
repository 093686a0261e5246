"""What a person reads in the decision document, whatever became of the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from approvals import documents
from approvals.documents.check import in_groups
from tests import awkward_records, records
from tests.pdfs import in_order, pages, rendered, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from decisions.register.record import Record

SAMPLE = "Sample data: this is not a real decision"


def test_the_document_follows_the_form_from_the_header_to_the_last_page() -> None:
    wanted = (
        "DMPC Decision – PCD 1080",
        "MPS Business Support Services Second Generation Discovery Phase",
        "Executive summary",
        "The contract under which SSCL provides",
        "Recommendations",
        "The Deputy Mayor for Policing and Crime is recommended to:",
        "1. Approve funding of £947,393 from existing MPS Transformation budgets",
        "Outcome: Approved.",
        "2. Approve the use of the Bloom Managed Service contract",
        "Outcome: Approved.",
        "Deputy Mayor for Policing and Crime",
        "I confirm I have considered whether or not I have any personal or prejudicial interest",
        "Interests recorded: None.",
        "The above request has my approval.",
        "Signed Dominic Vale",
        "Office Deputy Mayor for Policing and Crime",
        "Date and time 23 November 2021 at 10:42am",
        "Part 1 – Non-confidential facts and advice to the DMPC",
        "1. Introduction and background",
        "1.1 Since October 2015 Shared Services Connected Limited (SSCL) has run",
        "1.4 It should also name the benefits",
        "• time saved",
        "2.3 A team of",
        "3. Financial & Commercial Comments",
        "3.3 Professional services",
        "Funding (all revenue)",
        "Contingent labour fees £321,267",
        "Consultancy fees £540,000",
        "Contingency (10%) £86,126",
        "Total £947,393",
        "4. Legal Comments",
        "Public access to information",
        "Part 1 deferral",
        "Is the publication of Part 1 of this approval to be deferred? No",
        "Part 2 confidentiality",
        "Is there a Part 2 form? Yes",
        "OFFICIAL-SENSITIVE [COMMERCIAL]",
        "article 2(2)(a) of the Elected Local Policing Bodies (Specified Information) Order 2011",
        "and section 43 of the Freedom of Information Act 2000",
        "Event that ends the exemption: Completion of the contract.",
        "Originating officer declaration",
        "Financial Advice The Strategic Finance",
        "Confirmed Farah Malik 9 November 2021",
        "Chief Executive Officer",
        "I have been consulted about the proposal",
        "Signed Celia Marsh",
        "Date and time 17 November 2021 at 3:05pm",
        "How to check this document",
        "http://127.0.0.1:8001/decisions/pcd-1080/",
        "http://127.0.0.1:8001/decisions/pcd-1080/editions/1.json",
    )
    assert in_order(rendered(records.pcd_1080), *wanted) == list(wanted)


def test_every_page_bears_reference_marking_number_and_the_warning_of_sample_data() -> None:
    found = pages(rendered(records.pcd_1080))
    assert len(found) > 3
    for number, page in enumerate(found, 1):
        assert "DMPC Decision – PCD 1080" in page
        assert "Part 1: for publication" in page
        assert SAMPLE in page
        assert f"Page {number} of {len(found)}" in page


def test_a_real_decision_says_nothing_of_sample_data() -> None:
    pdf = rendered(awkward_records.without_funding)
    assert "Sample data" not in text(pdf)


def test_the_document_carries_the_digests_that_outsiders_compare() -> None:
    record = records.pcd_1080()
    found = text(rendered(records.pcd_1080))
    assert f"Digest of this edition {in_groups(record.digest)}" in found
    assert found.count(f"Digest of the text signed {in_groups(record.signed_digest)}") == 2
    assert record.digest != record.signed_digest


@pytest.mark.parametrize(
    ("build", "line", "sentence"),
    [
        (records.pcd_1080, "Approved on 23 November 2021", "The above request has my approval."),
        (
            records.refused,
            "Not approved on 23 November 2021",
            "The above request does not have my approval. My reasons are given above.",
        ),
        (
            records.partly_approved,
            "Approved in part on 23 November 2021",
            (
                "Only part of the above request has my approval. Each recommendation above shows "
                "what I have decided on it."
            ),
        ),
        (
            records.decision_deferred,
            "Decision deferred on 23 November 2021",
            (
                "I have deferred my decision on the above request. It does not have my approval "
                "unless a later decision gives it."
            ),
        ),
    ],
)
def test_what_stands_above_the_signature_is_true_of_the_outcome(
    build: Callable[[], Record], line: str, sentence: str
) -> None:
    found = text(rendered(build))
    assert line in found
    assert f"{sentence} Signature of the decision maker" in found


def test_only_an_approval_says_that_the_request_has_approval() -> None:
    said = "The above request has my approval"
    builds = (records.refused, records.partly_approved, records.decision_deferred)
    assert said in text(rendered(records.pcd_1080))
    assert [said in text(rendered(build)) for build in builds] == [False, False, False]


def test_changed_words_reasons_and_interests_are_printed() -> None:
    found = text(rendered(records.partly_approved))
    assert (
        "Outcome: Approved with changes. The words approved are: Approve funding of up to £600,000 "
        "for a four-month discovery phase." in found
    )
    assert "Outcome: Not approved. Reason: The MPS’s own framework is to be used instead." in found
    assert "Interests recorded: My sister is employed by one of the firms" in found


def test_acting_signatories_sign_for_the_office() -> None:
    found = text(rendered(records.acting_signatories))
    assert "Signed Robin Teal Office Director of Strategy, for the Chief Executive Officer" in found
    assert (
        "Signed Ada Finch Office Deputy Mayor for Fire, for the Deputy Mayor for Policing and Crime"
        in found
    )


def test_an_acting_signatory_without_another_office_signs_for_the_office_alone() -> None:
    record = records.signed(records.draft_of_pcd_1080(), acting_for=records.OFFICE)
    record = records.with_outcomes(record, ("approved", ""), ("approved", ""))
    found = text(documents.render(record))
    assert "Office for the Deputy Mayor for Policing and Crime" in found


def test_a_corrected_edition_says_what_it_replaces_and_what_changed() -> None:
    found = text(rendered(records.corrected))
    replaces = "It replaces the edition of 23 November 2021, edition 1, of PCD 1080."
    assert f"This is edition 2. {replaces}" in found
    assert "Edition 2, corrected on 14 January 2022: Paragraph 3.2 named the wrong" in found
    assert "What edition 2 changed" in found
    assert "falls in the financial years 2020/21 and 2021/22" in found
    assert "Edition Edition 2, which replaces edition 1 of 23 November 2021" in found
    assert "replaces" not in text(rendered(records.pcd_1080)).replace("has replaced it", "")


def test_a_deferred_publication_gives_the_date_and_the_reason() -> None:
    pdf = rendered(records.publication_deferred)
    found = text(pdf)
    assert "to be deferred? Yes Part 1 is public from 1 March 2022." in found
    assert "Reason: The tender must close before the budget is known." in found
    assert all("Part 1: for publication from 1 March 2022" in page for page in pages(pdf))


def test_a_decision_without_money_or_part_two_says_so() -> None:
    found = text(rendered(awkward_records.without_funding))
    assert "Funding" not in found
    assert "Is there a Part 2 form? No" in found
    assert "exempt from publication under" not in found
    assert "• Business case • Minutes of the board, kept on paper • A file of ours" in found


def test_funding_of_several_kinds_is_totalled_by_kind_and_net_of_income() -> None:
    wanted = (
        "Item Kind Financial year Source VAT Amount",
        "Servers and storage Capital 2024/25 DDaT capital plan ex VAT £1,500,000",
        "Servers and storage Capital 2025/26 DDaT capital plan ex VAT £310,000.50",
        "Support Revenue 2025/26 Existing MPS budgets ex VAT £320,000",
        "Grant received Income 2024/25 Home Office £200,000.25",
        "Total capital £1,810,000.50",
        "Total revenue £320,000",
        "Total cost £2,130,000.50",
        "Less income £200,000.25",
        "Net cost £1,930,000.25",
    )
    assert in_order(rendered(awkward_records.mixed_funding), *wanted) == list(wanted)


def test_lists_tables_links_and_signs_of_the_editor_are_printed_in_order() -> None:
    wanted = (
        "1. Options & <choices>",
        "1.1 Three ways were weighed; see the options paper.",
        "How they were weighed",
        "3. third • below it • and again 1. deepest 4. fourth, in a paragraph with a second one",
        "What they cost",
        "Option Cost Standing Do nothing £0 Rejected Discovery £947,393 Preferred",
        "1.2 Costs of ≤ £1m, ± 5%, at ½ rate: “quoted” – naïve café, Tŷ’r Siarter, 2 × 3 → 6 ✓",
        "Funding Funding (all revenue)",
    )
    assert in_order(rendered(awkward_records.rich_text), *wanted) == list(wanted)


def test_a_draft_says_on_every_page_that_nobody_signed() -> None:
    pdf = rendered(records.draft_of_pcd_1080, draft=True)
    assert all(f"Draft, not signed. {SAMPLE}" in page for page in pages(pdf))
    found = text(pdf)
    assert "The decision maker has not signed." in found
    assert "The Chief Executive Officer has not signed." in found
    assert "nobody may rely on it" in found
    assert "my approval" not in found
    assert "Digest" not in found


def test_a_paper_opened_a_minute_ago_can_be_previewed() -> None:
    found = text(rendered(awkward_records.empty_draft, draft=True))
    assert "No title yet" in found
    assert "No recommendation has been written yet." in found


def test_an_unsigned_record_gives_a_draft_only() -> None:
    with pytest.raises(documents.RenderingError) as refusal:
        documents.render(records.draft_of_pcd_1080())
    assert refusal.value.sentence == (
        "PCD 1080 has not been signed by its decision maker, so that only a draft of the document "
        "can be made."
    )


def test_a_recommendation_without_an_outcome_gives_a_draft_only() -> None:
    with pytest.raises(documents.RenderingError) as refusal:
        documents.render(records.signed(records.draft_of_pcd_1080()))
    assert refusal.value.sentence == (
        "PCD 1080 has a recommendation without an outcome, so that only a draft of the document "
        "can be made."
    )


def test_long_words_stay_on_the_page() -> None:
    # A reader drops the hyphen at the end of a line, so both sides go without.
    found = "".join(char for char in text(rendered(awkward_records.long_words)) if char.isalpha())
    assert awkward_records.LONG_WORD * 6 in found
    assert "averylongpath" * 12 in found


@pytest.mark.parametrize("columns", [5, 8, 12, 40])
def test_every_cell_of_a_wide_table_is_printed(columns: int) -> None:
    found = text(documents.render(awkward_records.wide_table(columns)))
    cells = "".join(f" £{1000 + at * 37:,}" for at in range(1, columns))
    assert f"Borough command unit 1{cells} Borough" in found.replace("£ ", "£")
    assert found.index("1.1 The table gives the profile.") < found.index("Borough command unit 1")
    assert found.index("Borough command unit 8") < found.index("1.2 No year exceeds the cap.")


def test_markup_in_plain_fields_is_printed_as_it_was_typed() -> None:
    record = msgspec.structs.replace(records.pcd_1080(), title="<b>Bold</b> & {{ settings }}")
    assert "<b>Bold</b> & {{ settings }}" in text(documents.render(record))
