"""The visible mark of a signature: the agency's name and the time, as a page of its own with its face inside."""

import json
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf

from services.ingest.errors import CertificateUnusable
from shared.clock import VIETNAM

FACES = ("Times New Roman", "Tinos", "Liberation Serif")  # the decree's face, and two of the same widths
TEMPLATE = Path(__file__).with_name("mark.typ")


def set_mark(to: Path, agency: str, at: datetime, fonts: str, width: float) -> None:
    """Set the mark as PDF, so many points wide. Raises CertificateUnusable without a face to set it in."""
    import typst  # takes 7 MB, and few installations sign

    found = typst.Fonts(include_system_fonts=False, font_paths=[fonts])
    face = next((each for each in FACES if each in found.families()), None)
    if face is None:
        raise CertificateUnusable(f"nothing can be shown of a signature: none of {', '.join(FACES)} in {fonts}")
    told = {"agency": agency, "at": shown_time(at), "font": face, "width": width}
    compiler = typst.Compiler(
        TEMPLATE,
        font_paths=found,
        ignore_system_fonts=True,
        sys_inputs={"mark": json.dumps(told, ensure_ascii=False)},
    )
    made, warnings = compiler.compile_with_warnings(format="pdf", timestamp=int(at.timestamp()), pdf_standards="a-2b")
    if warnings or not isinstance(made, bytes):
        raise CertificateUnusable(f"the mark cannot be set: {'; '.join(each.message for each in warnings)}")
    with pikepdf.open(BytesIO(made)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary) and "/CIDSet" in each:
                del each["/CIDSet"]  # may be left out in PDF/A-2, and nothing here could check that it is right
        pdf.save(to)


def shown_time(at: datetime) -> str:
    """Write a time as it is shown: ISO 8601 with Vietnam's zone, to the second."""
    return at.astimezone(VIETNAM).isoformat(timespec="seconds")
