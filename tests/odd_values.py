"""What no person types: half characters, hidden ones, markup, numbers out of range, a megabyte."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

# A word that stands in every odd text, to be looked for in the answer.
MARKER: Final = "Zeugma"
MEGABYTE: Final = f"{MARKER} " + "lorem ipsum " * 87_400
ODD: Final = (
    f"{MARKER}\x00 cut",
    f"{MARKER} \ud800 alone",
    f"{MARKER} \u202egnp.exe \u2066 inside \u2069",
    f"{MARKER}\u200b\u200d\ufeff\u00ad",
    f"\u0420\u0421D 1829 {MARKER}",  # Cyrillic letters that look like those of a reference
    f"{MARKER} <script>alert(1)</script> {{{{ 7 }}}} {{% now %}}",
    f"{MARKER} '; DROP TABLE decisions_paper; --",
    f"{MARKER}\r\nSet-Cookie: a=b",
    f"{MARKER} \U0010ffff \ufffe e\u0301\u0301\u0301\u0301",
)
NUMBERS: Final = (
    *("-1", "0", "1e309", "NaN", "-Infinity", "9" * 400, "0x10", "1_000", "٣", "½", "1,2,3.4.5"),
    *("2147483648", "9223372036854775808", "31", "30.2.2027", "0000", "99999", "-0"),
)
_text = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=80)
values = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from(NUMBERS),
    _text.map(lambda said: f"{MARKER} {said}"),
    st.just(""),
)
