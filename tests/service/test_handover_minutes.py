"""The minutes of a delivery go on to a second page in one piece with their signatures."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document

from services.handover.api.papers import MINUTES
from services.handover.domain.minutes import minutes_of
from services.handover.domain.papers import DeliveredDossier, Handover
from services.handover.papers.document import document_of
from tests.harness import Bench
from tests.service.conftest import Set, in_one_mode
from tests.service.test_handover_papers import said_by


@in_one_mode
async def test_hands_never_stand_on_a_page_without_the_sentence_above_them(at_work: Set, tmp_path: Path) -> None:
    async with at_work("handover") as system:
        await demand_together(system, tmp_path)


async def demand_together(system: Bench, tmp_path: Path) -> None:
    context: Any = system.services["handover"].context
    told = handed(1)
    turned = 0
    for count in range(14):  # the text grows line by line, until the hands are on the second page and further
        minutes = minutes_of(told, context.office)
        minutes = replace(minutes, contents=(*minutes.contents[:-1], *["Dòng thêm."] * count, minutes.contents[-1]))
        place = tmp_path / f"{count}.pdf"
        place.write_bytes(await context.press.print(MINUTES, {**asdict(minutes), "at": ""}, minutes.at))
        pages = (await said_by("pdftotext", "-layout", place, "-")).split("\f")
        (signed,) = [each for each in pages if "ĐẠI DIỆN BÊN GIAO" in each]
        assert "mỗi bên giữ 01 bản" in signed, f"with {count} more lines"
        turned += signed is pages[1]
    assert 0 < turned < 14
    written = Document(BytesIO(document_of(minutes_of(told, context.office))))
    assert [line.text[-12:] for line in written.paragraphs if line.paragraph_format.keep_with_next] == [
        "giữ 01 bản./."[-12:]
    ]


def handed(number: int) -> Handover:
    """Give a delivery of one dossier, as its papers tell it."""
    dossier = DeliveredDossier(
        number=1,
        part=1,
        objid="uuid-1",
        file_code="H49.2001.00001",
        title="Hồ sơ",
        document_count=2,
        page_count=2,
        a4_count=2,
        byte_count=2_099_694,
        sha256="ab" * 32,
        fonds_code="P01",
        fonds_title="Ủy ban",
    )
    then = datetime(2026, 11, 25, 3, tzinfo=UTC)
    return Handover(number, "P01", "Cục", "01/TT", date(2026, 11, 24), "", then, (dossier,))
