"""Prove that a reading form is PDF/A-2b, before it is kept and again when it is signed.

The checker knows every rule but those for form fields, of which a signature is one. So a signed file is checked with
its mark drawn on the page instead, and the few rules for fields (ISO 19005-2 §6.3, §6.4) are checked here.
"""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name

from services.ingest.domain.proof import Proof
from services.ingest.errors import NotPdfA
from shared.clock import now

FLAVOUR = "2b"
CHECKER = "pikepdf"
TOLD = 5
PRINT, UNSEEN = 1 << 2, 1 << 0 | 1 << 1 | 1 << 5 | 1 << 8  # invisible, hidden, no view, toggled: never seen


def prove(path: Path) -> Proof:
    """Prove a file without fields. Raises NotPdfA with what is wrong."""
    return demanded(pikepdf.pdfa.validate_written(path, FLAVOUR))


def prove_signed(path: Path) -> Proof:
    """Prove a file with one signature. Raises NotPdfA with what is wrong."""
    with pikepdf.open(path, inherit_page_attributes=False) as pdf:
        if wrong := list(faults_of_fields(pdf, path.stat().st_size)):
            raise NotPdfA("; ".join(wrong), is_signed=True)
        draw_mark(pdf)
        return demanded(pikepdf.pdfa.check(pdf, FLAVOUR), is_signed=True)


def demanded(report: pikepdf.pdfa.Report, *, is_signed: bool = False) -> Proof:
    """Give the proof that a report is. Raises NotPdfA unless it says that all is well."""
    if not report.passed:
        raise NotPdfA("; ".join(str(each) for each in report.findings[:TOLD]), is_signed=is_signed)
    return proof_now(is_signed=is_signed)


def proof_now(*, is_signed: bool, fault: str = "") -> Proof:
    """Write down what the checker has just said."""
    return Proof(
        at=now(),
        checker=CHECKER,
        checker_version=version(CHECKER),
        profile=f"PDF/A-{FLAVOUR}",
        program=version("saoluu"),
        is_signed=is_signed,
        fault=fault,
    )


def faults_of_fields(pdf: pikepdf.Pdf, size: int) -> Iterator[str]:
    """Say what is wrong with the form of a signed file, its one field, and the signature in it."""
    form = pdf.Root.get("/AcroForm", Dictionary())
    fields = list(form.get("/Fields", []))
    if len(fields) != 1 or fields[0].get("/FT") != Name.Sig:
        yield "not one signature field"
        return
    field = fields[0]
    if set(form.keys()) - {"/Fields", "/SigFlags"}:
        yield "a form with more than a signature"
    if field.get("/A") is not None or field.get("/AA") is not None:
        yield "a field that acts"
    flags = int(field.get("/F", 0))
    if not flags & PRINT or flags & UNSEEN:
        yield "a mark that is not always seen"
    looks = field.get("/AP", Dictionary())
    if set(looks.keys()) != {"/N"} or not isinstance(looks.N, pikepdf.Stream):
        yield "a mark with other looks than one"
    if [each.objgen for each in pdf.pages[0].get("/Annots", [])] != [field.objgen]:
        yield "other annotations than the mark"
    *_, begin, length = (int(number) for number in field.V.ByteRange)
    if begin + length != size:
        yield "a signature that does not reach to the end"


def draw_mark(pdf: pikepdf.Pdf) -> None:
    """Draw what the field shows on the page itself, and take the field away; in memory only."""
    page, looks = pdf.pages[0], pdf.Root.AcroForm.Fields[0].AP.N
    page.add_resource(looks, Name.XObject, Name("/Mark"))
    page.contents_add(b"q /Mark Do Q")
    del page.Annots
    del pdf.Root.AcroForm
    if "/Extensions" in pdf.Root:
        del pdf.Root.Extensions
