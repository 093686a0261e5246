"""Word documents and Excel workbooks: only what such a file needs, and nothing that hides or acts.

Both are zip files of XML parts. Every part is read through: XML for what it hides, pictures for
whether they are any. Where a part's name, its type and the link to it could differ, all count.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from lxml import etree

from decisions.uploads import declared, links, media
from decisions.uploads.archive import Archive
from decisions.uploads.kinds import Kind, Unfit
from decisions.uploads.parts import refuse_in_any, refuse_in_word, refuse_in_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROOT_LINKS: Final = "_rels/.rels"
# The encodings that Office reads; another one might be read here and not there.
_ENCODINGS: Final = frozenset({"", "utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})


def check(file: bytes) -> Kind:
    """Whether a zip is a Word document or an Excel workbook, and fit. Raises Unfit."""
    try:
        return _check(Archive(file))
    except (zipfile.BadZipFile, zlib.error, struct.error, etree.XMLSyntaxError, EOFError) as error:
        raise Unfit("The file is damaged. Save it again and upload the new file.") from error
    except (zipfile.LargeZipFile, RuntimeError, OverflowError, ValueError, OSError) as error:
        raise Unfit("The file cannot be read. Save it again and upload the new file.") from error


def _check(archive: Archive) -> Kind:
    if declared.NAME not in archive.names:
        raise Unfit(
            "The file is a zip, but neither a Word document nor an Excel workbook. Upload the "
            "documents in it one by one."
        )
    types = declared.Types(_xml(archive.read(declared.NAME)))
    kinds = {name: types.of(name) for name in archive.names if _is_part(name)}
    for name, kind in kinds.items():
        declared.check_part(name, kind)
    for name in archive.names:
        if not _is_part(name):
            archive.read(name)
    mains = {
        name.lower(): declared.MAIN[kind] for name, kind in kinds.items() if kind in declared.MAIN
    }
    if len(mains) != 1:
        raise Unfit(
            "The file is neither a Word document nor an Excel workbook. Save it as .docx or .xlsx "
            "and upload it again."
        )
    ((main, judged),) = mains.items()
    opened = set()
    for name in kinds:
        opened |= set(_check_part(archive.read(name), name, kinds, judged))
    if opened != {main}:
        raise Unfit(
            "The file does not say which of its parts is the document. Save it again as .docx or "
            ".xlsx and upload the new file."
        )
    return judged


def _is_part(name: str) -> bool:
    return name != declared.NAME and not name.endswith("/")


def _check_part(part: bytes, name: str, kinds: dict[str, str], judged: Kind) -> Iterable[str]:
    """Look into one part. Gives the names of the parts that Office opens the file with."""
    kind = kinds[name]
    if kind in media.PICTURES:
        media.check_picture(part)
    elif kind in media.PRINTER:
        media.check_printer(part)
    elif not declared.is_xml(kind):
        if part:  # what says that there are signatures is empty
            raise Unfit("The file is damaged. Save it again and upload the new file.")
    else:
        root = _xml(part)
        if kind == declared.LINKS:
            return _check_links(root, name.lower(), kinds)
        refuse_in_any(root)
        if kind == media.SVG:
            media.refuse_in_drawing(root)
        elif judged == Kind.WORD:
            refuse_in_word(root)
        else:
            refuse_in_workbook(root)
    return ()


def _check_links(root: etree._Element, name: str, kinds: dict[str, str]) -> Iterable[str]:
    small = {part.lower(): kind for part, kind in kinds.items()}
    opened = []
    for link in links.links(root, name):
        declared.refuse(link.name)
        links.check_name(link.name)
        kind = small.get(link.target, "")
        is_picture = kind in media.PICTURES or kind == media.SVG
        if kind and is_picture != link.is_picture:
            raise Unfit(
                "The file calls a part a picture that is none, or the other way about. Save it "
                "again in Word or Excel and upload the new file."
            )
        if link.name == links.DOCUMENT:
            opened.append(link.target if name == _ROOT_LINKS else "")
    return opened


def _xml(part: bytes) -> etree._Element:
    """A part as XML, with nothing declared, expanded or fetched, and no remarks between words."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(part, parser)
    about = root.getroottree().docinfo
    if about.doctype:
        raise Unfit("The file declares what no document needs to, so it is not let in.")
    if (about.encoding or "").lower() not in _ENCODINGS:
        raise Unfit("The file is damaged. Save it again and upload the new file.")
    return root
