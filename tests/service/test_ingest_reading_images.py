"""Every kind of image becomes a page as it looks, and every document a form of its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from PIL import Image

from tests.facts import approved
from tests.grounds import Ground
from tests.service.conftest import in_one_mode
from tests.service.reading_room import accepted, drawn, encoded, form, page, reading_desk, rows
from tests.service.sealing_desk import SealingDesk
from tests.service.test_ingest_pages import put


@pytest.fixture
async def silent(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    """Give a desk that reads nothing, which is faster."""
    async with reading_desk(tmp_path, ground.empty_database_url("ingest"), ingest_reader="none") as made:
        yield made


@in_one_mode
@pytest.mark.parametrize(
    ("mode", "kind", "how", "guessed"),
    [
        ("RGB", "TIFF", {"compression": "tiff_lzw"}, None),
        ("1", "TIFF", {"compression": "group4"}, None),
        ("L", "PNG", {}, None),
        ("CMYK", "JPEG", {}, None),
        ("RGB", "JPEG", {"dpi": None}, "estimated"),
    ],
)
async def test_other_images_are_printed_as_they_look(
    silent: SealingDesk, tmp_path: Path, mode: str, kind: str, how: dict[str, Any], guessed: str | None
) -> None:
    image = Image.new("RGB", (1654, 2339), "white")
    image.paste((10, 10, 10), (0, 0, 827, 2339))
    body = encoded(image.convert(mode), kind=kind, **how)
    dossier = await scanned_as(silent, body, f"image/{kind.lower()}")
    await silent.accepted(dossier, {1: (1, body)})
    await silent.work()
    seen = drawn(await form(silent, dossier, tmp_path / "form.pdf"), dpi=50)
    assert seen.size == pytest.approx((413, 585), abs=2)
    for place, tone in (((100, 300), 10), ((300, 300), 255)):
        found = seen.getpixel(place)
        assert isinstance(found, tuple)
        assert max(abs(each - tone) for each in found) < 25
    (row,) = await rows(silent, dossier)
    assert row.guessed_pages == ("[]" if guessed is None else f'[{{"page": 1, "source": "{guessed}"}}]')


@in_one_mode
async def test_a_page_that_its_exif_turns_is_shown_upright(silent: SealingDesk, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    image = Image.new("RGB", (600, 400), "white")
    image.paste("black", (0, 0, 300, 400))
    dossier = await accepted(silent, [encoded(image, exif=exif.tobytes())])
    await silent.work()
    seen = drawn(await form(silent, dossier, tmp_path / "form.pdf"), dpi=100)
    assert seen.height > seen.width
    assert seen.getpixel((seen.width // 2, 20)) == (0, 0, 0)


@in_one_mode
async def test_an_itemised_dossier_has_a_form_of_each_document(silent: SealingDesk, tmp_path: Path) -> None:
    bodies = [page(number) for number in (1, 2, 3)]
    dossier, ids = await silent.scanned(bodies)
    documents = [
        {"number": 1, "title": 'Tờ trình <&">', "first_page": 1, "last_page": 2},
        {"number": 2, "title": "Quyết định", "first_page": 3, "last_page": 3},
    ]
    closing = {"scanned_count": 3, "documents": documents}
    assert (await silent.station.post(f"/ingest/dossiers/{dossier}/closing", json=closing)).status_code == 200
    await silent.accepted(dossier, {1: (1, bodies[0]), 3: (1, bodies[2])}, (2, ids[1]))
    await silent.work()
    made = await rows(silent, dossier)
    assert [(each.document, each.page_count) for each in made] == [(1, 1), (2, 1)]
    with pikepdf.open(await form(silent, dossier, tmp_path / "form.pdf")) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.docinfo["/Title"]) == 'Tờ trình <&">'


async def scanned_as(desk: SealingDesk, body: bytes, media_type: str) -> UUID:
    """Send a dossier of one page of some kind."""
    event = approved(pages=1)
    await desk.system.tell("ingest", [event])
    answer = await put(desk.station, event.dossier_id, 1, body, **{"Content-Type": media_type})
    assert answer.status_code == 201, answer.text
    return event.dossier_id
