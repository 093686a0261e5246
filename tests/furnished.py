"""A PDF with a secret in every place that a page does not show, and in each of them by itself."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.pdfs import strings
from tests.upload_corpus import action, pdf, with_picture

SECRET: Final = "Zanderquist"
Change = Callable[[pikepdf.Pdf], Any]
_SAID: Final = SECRET.encode()
_BEHIND: Final = b"% " + _SAID + b"\n/Span <</ActualText (" + _SAID + b")>> BDC "


def _page(document: pikepdf.Pdf) -> Any:
    return document.pages[0].obj


def _draw(document: pikepdf.Pdf, more: bytes) -> None:
    """Draw something more on the page."""
    before = _page(document).Contents.read_bytes()
    _page(document).Contents = document.make_stream(before + b"\n" + more)


def _resource(document: pikepdf.Pdf, kind: str, name: str, thing: Any) -> None:
    held = _page(document).Resources
    if kind not in held:
        held[kind] = Dictionary()
    held[kind][name] = thing


def _note(document: pikepdf.Pdf, **entries: Any) -> Any:
    """Put one more annotation on the page."""
    made = document.make_indirect(
        Dictionary(Type=Name.Annot, Rect=Array([10, 10, 60, 30]), **entries)
    )
    _page(document).Annots = Array([*_page(document).get("/Annots", Array()), made])
    return made


def _tag(document: pikepdf.Pdf, **entries: Any) -> Any:
    """One more tag at the root of the tags."""
    if "/StructTreeRoot" not in document.Root:
        document.Root.StructTreeRoot = document.make_indirect(
            Dictionary(Type=Name.StructTreeRoot, K=Array([]))
        )
    root = document.Root.StructTreeRoot
    made = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=root, **entries))
    root.K = Array([*root.K, made])
    return made


def _drawing(document: pikepdf.Pdf, content: bytes, **entries: Any) -> pikepdf.Stream:
    made = document.make_stream(content)
    made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def _tile(document: pikepdf.Pdf, content: bytes) -> pikepdf.Stream:
    made = document.make_stream(content)
    for key, value in {"PatternType": 1, "PaintType": 1, "TilingType": 1, "XStep": 9}.items():
        made[f"/{key}"] = value
    made.Type, made.YStep, made.BBox = Name.Pattern, 9, Array([0, 0, 9, 9])
    return made


def _drawn_font(document: pikepdf.Pdf, **letters: bytes) -> Dictionary:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 9, 9]),
        FontMatrix=Array([1, 0, 0, 1, 0, 0]),
        CharProcs=Dictionary(
            {f"/{name}": document.make_stream(drawn) for name, drawn in letters.items()}
        ),
        Encoding=Dictionary(Differences=Array([97, Name.a])),
        FirstChar=97,
        LastChar=97,
        Widths=Array([9]),
    )


# --- What the file says of itself


def author(document: pikepdf.Pdf) -> None:
    document.docinfo["/Author"] = SECRET


def description(document: pikepdf.Pdf) -> None:
    with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:creator"] = [SECRET]


def bookmark(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))


def entry_of_the_root(document: pikepdf.Pdf) -> None:
    document.Root.Program = Dictionary(Notes=String(SECRET))


def entry_of_the_trailer(document: pikepdf.Pdf) -> None:
    document.trailer.DocNotes = document.make_indirect(Dictionary(Notes=String(SECRET)))


def entry_of_the_page_tree(document: pikepdf.Pdf) -> None:
    document.Root.Pages.Notes = String(SECRET)


def label(document: pikepdf.Pdf) -> None:
    document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(SECRET), S=Name.D)]))


def tongue(document: pikepdf.Pdf) -> None:
    document.Root.Lang = String(f"{SECRET} Ltd")


# --- Pages


def private(document: pikepdf.Pdf) -> None:
    _page(document).PieceInfo = Dictionary(App=Dictionary(Private=String(SECRET)))


def entry_of_the_page(document: pikepdf.Pdf) -> None:
    _page(document).Notes = document.make_stream(_SAID)


def deleted_page(document: pikepdf.Pdf) -> None:
    """Taken from the pages, and still held by a tag."""
    document.add_blank_page()
    deleted = document.pages[-1].obj
    deleted.Contents = document.make_stream(b"BT (" + _SAID + b") Tj ET")
    _tag(document, Pg=deleted, K=0, ActualText=String(SECRET))
    del document.pages[-1]


def comment(document: pikepdf.Pdf) -> None:
    _draw(document, b"% " + _SAID + b"\n0 0 9 9 re f")


def behind_the_wording(document: pikepdf.Pdf) -> None:
    _draw(document, _BEHIND + b"0 0 9 9 re f EMC")


def behind_by_name(document: pikepdf.Pdf) -> None:
    _resource(document, "/Properties", "/Said", Dictionary(ActualText=String(SECRET)))
    _draw(document, b"/Span /Said BDC 0 0 9 9 re f EMC")


def point(document: pikepdf.Pdf) -> None:
    _draw(document, b"/" + _SAID + b" MP /Span <</Note (" + _SAID + b")>> DP")


def unknown_instruction(document: pikepdf.Pdf) -> None:
    _draw(document, b"BX (" + _SAID + b") note EX")


def operand_too_many(document: pikepdf.Pdf) -> None:
    _draw(document, b"(" + _SAID + b") 0 0 9 9 re f (" + _SAID + b") n")


def layer(document: pikepdf.Pdf) -> None:
    shown = document.make_indirect(Dictionary(Type=Name.OCG, Name=String(SECRET)))
    document.Root.OCProperties = Dictionary(OCGs=Array([shown]), D=Dictionary(ON=Array([shown])))
    _resource(document, "/Properties", "/Shown", shown)
    _draw(document, b"/OC /Shown BDC 0 0 9 9 re f EMC")


# --- What lies on pages


def note(document: pikepdf.Pdf) -> None:
    _note(document, Subtype=Name.Text, Contents=String(SECRET), T=String(SECRET))


def note_with_a_tag(document: pikepdf.Pdf) -> None:
    lying = _note(document, Subtype=Name.Text, Contents=String(SECRET))
    _tag(document, Pg=_page(document), K=Dictionary(Type=Name.OBJR, Obj=lying))


def field(document: pikepdf.Pdf) -> None:
    lying = _note(document, Subtype=Name.Widget, FT=Name.Tx, V=String(SECRET))
    lying.AP = Dictionary(N=_drawing(document, b"BT (" + _SAID + b") Tj ET"))
    document.Root.AcroForm = Dictionary(Fields=Array([lying]))


def link(document: pikepdf.Pdf) -> None:
    leading = action("/URI", URI=String("https://www.gov.uk/"), Notes=String(SECRET))
    leading.Next = action("/GoTo", D=String(SECRET))
    _note(document, Subtype=Name.Link, A=leading, NM=String(SECRET), T=String(SECRET))


def link_inside(document: pikepdf.Pdf) -> None:
    _note(document, Subtype=Name.Link, Dest=String(SECRET), Contents=String(SECRET))


# --- Resources


def entry_of_resources(document: pikepdf.Pdf) -> None:
    _resource(document, "/MyData", "/X", String(SECRET))


def entry_of_a_font(document: pikepdf.Pdf) -> None:
    _page(document).Resources.Font.F1.Note = String(SECRET)


def drawing_that_nobody_sees(document: pikepdf.Pdf) -> None:
    unseen = _drawing(document, b"BT /F1 12 Tf (" + _SAID + b") Tj ET")
    _resource(document, "/XObject", "/Unseen", unseen)


def drawing_in_a_drawing_that_nobody_sees(document: pikepdf.Pdf) -> None:
    unseen = _drawing(document, b"BT (" + _SAID + b") Tj ET")
    seen = _drawing(
        document,
        b"% " + _SAID + b"\n0 0 9 9 re f",
        Resources=Dictionary(XObject=Dictionary(Unseen=unseen)),
        Private=String(SECRET),
    )
    _resource(document, "/XObject", "/Seen", seen)
    _draw(document, b"/Seen Do")


def picture_that_nobody_sees(document: pikepdf.Pdf) -> None:
    picture = document.make_stream(_SAID + b"\0" * 25)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 6, 6, 8
    picture.ColorSpace = Name.DeviceGray
    _resource(document, "/XObject", "/Picture", picture)


def font_that_writes_nothing(document: pikepdf.Pdf) -> None:
    unused = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{SECRET}"))
    _resource(document, "/Font", "/F9", unused)


def pattern(document: pikepdf.Pdf) -> None:
    _resource(document, "/Pattern", "/P1", _tile(document, _BEHIND + b"0 0 5 5 re f EMC"))
    _resource(document, "/Pattern", "/P2", _tile(document, b"BT (" + _SAID + b") Tj ET"))
    _draw(document, b"/Pattern cs /P1 scn 0 0 30 30 re f")


def drawn_letter(document: pikepdf.Pdf) -> None:
    font = _drawn_font(
        document, a=b"9 0 d0 " + _BEHIND + b"0 0 9 9 re f EMC", b=b"9 0 d0 (" + _SAID + b") Tj"
    )
    _resource(document, "/Font", "/T3", font)
    _draw(document, b"BT /T3 1 Tf 9 9 Td (a) Tj ET")


def see_through(document: pikepdf.Pdf) -> None:
    drawn = _drawing(document, _BEHIND + b"0 0 9 9 re f EMC", Group=Dictionary(S=Name.Transparency))
    mask = Dictionary(Type=Name.Mask, S=Name.Luminosity, G=drawn, Notes=String(SECRET))
    _resource(document, "/ExtGState", "/Through", Dictionary(SMask=mask, Notes=String(SECRET)))
    _draw(document, b"q /Through gs 0 0 9 9 re f Q")


def colour(document: pikepdf.Pdf) -> None:
    program = document.make_stream(b"{ % " + _SAID + b"\n}")
    program.FunctionType, program.Domain = 4, Array([0, 1])
    program.Range, program.Notes = Array([0, 1]), String(SECRET)
    ink = Array([Name.Separation, Name.Spot, Name.DeviceGray, program])
    _resource(document, "/ColorSpace", "/Ink", ink)
    _draw(document, b"/Ink cs 0.5 scn 0 0 9 9 re f")


def letters(document: pikepdf.Pdf) -> None:
    table = b"% " + _SAID + b"\n1 beginbfchar <54> <0054> endbfchar"
    _page(document).Resources.Font.F1.ToUnicode = document.make_stream(table)


# --- Pictures


def photograph(document: pikepdf.Pdf) -> None:
    beside = b"\xff\xe1\x00\x13Exif\0\0" + _SAID + b"\xff\xfe\x00\x0d" + _SAID
    with_picture(_SMALL[:2] + beside + _SMALL[2:] + _SAID + b"\xff\xd9")(document)


def photograph_among_the_instructions(document: pikepdf.Pdf) -> None:
    said = _SMALL[:2] + b"\xff\xfe\x00\x0d" + _SAID + _SMALL[2:]
    entries = b"/W 1 /H 1 /BPC 8 /CS /G /F /DCT /Note (" + _SAID + b")"
    _draw(document, b"q BI " + entries + b" ID " + said + b"\nEI Q")


def below_the_edge(document: pikepdf.Pdf) -> None:
    picture = document.make_stream(b"\0\x80\xff\x80" + _SAID)
    picture.Type, picture.Subtype, picture.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
    picture.Width, picture.Height, picture.BitsPerComponent = 2, 2, 8
    picture.Metadata = document.make_stream(_SAID)
    _resource(document, "/XObject", "/Cut", picture)
    _draw(document, b"q 9 0 0 9 0 0 cm /Cut Do Q")


def _grey(document: pikepdf.Pdf, dots: bytes, **entries: Any) -> pikepdf.Stream:
    """A picture of one line of grey dots."""
    made = document.make_stream(dots)
    made.Type, made.Subtype, made.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
    made.Width, made.Height, made.BitsPerComponent = len(dots), 1, 8
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def mask_of_a_mask(document: pikepdf.Pdf) -> None:
    unseen = _grey(document, _SAID)
    mask = _grey(document, b"\x80", SMask=unseen, Mask=unseen)
    _resource(document, "/XObject", "/Seen", _grey(document, b"\x80", SMask=mask))
    _draw(document, b"q 9 0 0 9 0 0 cm /Seen Do Q")


# A picture of one grey dot.
_SMALL: Final = bytes.fromhex(
    "ffd8ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e27"
    "20222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f0000"
    "010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504"
    "040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a16"
    "1718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a7374757677"
    "78797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8"
    "c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00d8a2bfff"
    "d9"
)


# --- Tags


def tag_of_nothing(document: pikepdf.Pdf) -> None:
    _tag(document, Pg=_page(document), K=77, ActualText=String(SECRET), Alt=String(SECRET))
    _tag(document, S_=String(SECRET), K=Array([]), Alt=String(SECRET), T=String(SECRET))


def tag_with_more(document: pikepdf.Pdf) -> None:
    made = _tag(
        document,
        Pg=_page(document),
        K=Dictionary(Type=Name.MCR, Pg=_page(document), MCID=0, Notes=String(SECRET)),
        T=String(SECRET),
        ID=String(SECRET),
        R=String(SECRET),
        A=Dictionary(O=Name.UserProperties, P=Array([Dictionary(N=String(SECRET))])),
        C=Name.Told,
    )
    made.Lang = String(f"{SECRET} Ltd")
    document.Root.StructTreeRoot.ClassMap = Dictionary(
        Told=Dictionary(O=Name.Layout, Y=String(SECRET)), Other=Dictionary(Y=String(SECRET))
    )
    document.Root.StructTreeRoot.RoleMap = Dictionary({f"/{SECRET}": Name.P})
    document.Root.StructTreeRoot.IDTree = Dictionary(Names=Array([String(SECRET), made]))
    document.Root.StructTreeRoot.Notes = String(SECRET)
    _draw(document, b"/P <</MCID 0>> BDC 0 0 9 9 re f EMC")


PLACES: Final[dict[str, Change]] = {
    made.__name__.replace("_", " "): made
    for made in (
        *(author, description, bookmark, entry_of_the_root, entry_of_the_trailer),
        *(entry_of_the_page_tree, label, tongue, private, entry_of_the_page, deleted_page),
        *(comment, behind_the_wording, behind_by_name, point, unknown_instruction),
        *(operand_too_many, layer, note, note_with_a_tag, field, link, link_inside),
        *(entry_of_resources, entry_of_a_font, drawing_that_nobody_sees),
        *(drawing_in_a_drawing_that_nobody_sees, picture_that_nobody_sees),
        *(font_that_writes_nothing, pattern, drawn_letter, see_through, colour, letters),
        *(photograph, photograph_among_the_instructions, below_the_edge, tag_of_nothing),
        *(tag_with_more, mask_of_a_mask),
    )
}


def furnished(*places: str, **options: Any) -> bytes:
    """A PDF with the secret in these places, or in all of them."""

    def change(document: pikepdf.Pdf) -> None:
        for place in places or PLACES:
            PLACES[place](document)

    return pdf(change, **options)


def everything(file: bytes) -> str:
    """All that a PDF holds, unpacked: in its objects, beside them, and as the bytes stand."""
    with pikepdf.open(BytesIO(file)) as document:
        beside = repr(document.trailer)
    return "\n".join([strings(file), beside, file.decode("latin-1")])
