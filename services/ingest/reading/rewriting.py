"""Write a reading form anew from pages of older ones: their images and their words as they are, and its own metadata.

What is made is another file, and the older ones stay; a signature and its mark are of the file that was signed, so
they are left behind with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from services.ingest.domain.proof import Proof
from services.ingest.reading.book import opened, saved
from services.ingest.reading.xmp import About


@dataclass(frozen=True, slots=True)
class Leaves:
    """Pages of a file, by their places in it from 1, both ends included."""

    path: Path
    first: int
    last: int


def write_anew(leaves: Sequence[Leaves], about: About, to: Path) -> Proof:
    """Write pages into a new file under its own metadata; gives the proof of it. Raises NotPdfA, OSError."""
    joined = to.with_name("joined.pdf")
    told = [word for each in leaves for word in (str(each.path), f"{each.first}-{each.last}")]
    pikepdf.Job(["qpdf", "--empty", "--pages", *told, "--", str(joined)]).run()
    with opened(joined) as pdf:
        leave_signatures(pdf)
        proof = saved(pdf, about, to)
    joined.unlink()
    return proof


def leave_signatures(pdf: pikepdf.Pdf) -> None:
    """Take away what the signing of older files added: the mark's field is the only annotation that a form has."""
    for page in pdf.pages:
        if "/Annots" in page:
            del page.Annots
    if "/AcroForm" in pdf.Root:
        del pdf.Root.AcroForm
