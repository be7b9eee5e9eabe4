"""A dossier of 100,000 files described as a package, in a process of its own."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from bench.packages.apart import apart, counters
from shared.eark.build import build_package, reading_path
from shared.eark.description import DOCUMENTS, PAGES, READINGS, DossierContent, ReadingFile
from shared.eark.kept import Kept
from shared.eark.layout import page_path
from shared.eark.package import Makers, PackageDescription, PackageFile, PackagePage
from shared.eark.profile import PackageForm, profile_named
from shared.events.catalog import DocumentDescription, DossierDescription, FondsDescription
from shared.ids import FondsId

FILES = 100_000
MOMENT = datetime(2026, 6, 12, 4, 45, 37, tzinfo=UTC)
MADE = UUID(int=7)
KINDS = {
    "masters, not itemised": ("csip-2.2", False),
    "masters, a document a page": ("csip-2.2", True),
    "the circular's SIP, a document a page, so twice as many files": ("tt05-2025", True),
}


async def measure_describing(_folder: Path, files: int = FILES) -> list[str]:
    """Give the figures of a package of masters and of one of reading forms."""
    lines = []
    for kind, (profile, itemised) in KINDS.items():
        cost = await apart(describe, profile, files, itemised=itemised)
        size, known = cost.told
        lines.append(
            f"describing {files} pages as {kind}: {size / 1e6:.0f} MB in {cost.worked:.1f} s of a processor "
            f"(wanted under 20), {cost.seconds:.1f} s; {cost.peak:.0f} MB at most (wanted under 150), "
            f"{known:.0f} of them taken by what is known of the dossier before"
        )
    return lines


def describe(profile: str, files: int, *, itemised: bool) -> tuple[int, float]:
    """Make a package; gives the bytes that describe it, and the MB in use when that began."""
    form = profile_named(profile).sip
    content = content_of(form, files, itemised=itemised)
    known = counters("status")["VmHWM"] / 1e3
    makers = Makers("Saoluu", "1", agency="H49", fonds="P01", file_code=content.dossier.file_code)
    described = PackageDescription(f"uuid-{MADE}".upper(), content.dossier.title, form, MOMENT, makers, copies=2)
    return sum(each.file.size for each in build_package(described, content)), known


def content_of(form: PackageForm, files: int, *, itemised: bool) -> DossierContent:
    """Make up a dossier of so many pages, each one a document where it is itemised."""
    code = "H49.2001.001"
    dossier = DossierDescription(file_code=code, title="Hồ sơ mẫu", retention="01", access_level="01", page_count=files)
    numbers = range(1, files + 1)
    spans = [(each, each) for each in numbers] if itemised else [(1, files)]
    documents = (
        DocumentDescription(number=number, title=f"Quyết định số {number} về việc giao đất", first_page=a, last_page=b)
        for number, (a, b) in enumerate(spans, 1)
    )
    pages = (PackagePage(each, 1, stored(page_path(each, "image/jpeg"), each), f"{each}.jpg") for each in numbers)
    read = range(1, len(spans) + 1) if form.is_simpledc else ()
    readings = (ReadingFile(each, 1, stored(reading_path(form, code, each), each)) for each in read)
    fonds = FondsDescription(id=FondsId(MADE), code="P01", title="Phông mẫu", kind="fonds", archive_code="H49")
    return DossierContent(
        fonds,
        dossier,
        Kept(DOCUMENTS, documents),
        Kept(PAGES, pages),
        readings=Kept(READINGS, readings),
    )


def stored(path: str, number: int) -> PackageFile:
    """Name a file by sums that are not its own."""
    media_type = "application/pdf" if path.endswith(".pdf") else "image/jpeg"
    return PackageFile(path, 2_000_000 + number, f"{number:064x}", number, media_type, MOMENT)
