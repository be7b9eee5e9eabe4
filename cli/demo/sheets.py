"""A page as it lies on the scanner: its words, and how the sheet was inked, turned, punched and stamped."""

from datetime import timedelta
from math import radians, tan
from random import Random
from typing import Any

from cli.demo.chance import chance
from cli.demo.dossiers import Document, Dossier
from cli.demo.themes import phrases, themes
from cli.demo.wording import pages_of

Sheet = dict[str, Any]  # what page.typ takes; lengths in millimetres, angles in degrees

INKS = ("#1f1d1b", "#2b2826", "#35302d", "#332c42", "#2a3152")  # black, faded black, purple and blue carbon copies
MOST_SKEW = 1.5
PAPER = (210.0, 297.0)
STAMPED = frozenset({"Công văn", "Tờ trình"})


def sheet_of(dossier: Dossier, page: int) -> Sheet:
    """Lay a page of a dossier on the scanner; pages count from 1. Raises IndexError outside the dossier."""
    document = dossier.document_at(page)
    number = page - document.first_page + 1
    dice = chance(dossier.file_code, page, "sheet")
    of_document = chance(dossier.file_code, document.first_page, "ink")
    skew = round(dice.triangular(-MOST_SKEW, MOST_SKEW, 0.0), 2)
    return {
        "blocks": pages_of(dossier, document)[number - 1],
        "hand": "typewriter" if document.is_typed else "print",
        "ink": of_document.choice(INKS),
        "number": number,
        "folio": folio_of(dossier, document, number),
        "holes": holes_of(dossier, document, number),
        "stamp": incoming_stamp(document, dice) if number == 1 and document.kind in STAMPED else None,
        "seal": f"{document.author} {themes().fonds.province}".upper(),
        "disclaimer": phrases().common.sample,
        "skew": skew,
        "tilt": round(dice.uniform(-9, 9), 1),
        "lid": lid_beyond(skew, dice),
    }


def verso_of(dossier: Dossier, page: int) -> int | None:
    """Give the page on the other side of a page's sheet, or None when it is empty."""
    document = dossier.document_at(page)
    other = page + 1 if (page - document.first_page) % 2 == 0 else page - 1
    return other if document.is_two_sided and other <= document.last_page else None


def folio_of(dossier: Dossier, document: Document, number: int) -> int | None:
    """Give the number of a sheet within the dossier, pencilled on its front only."""
    before = sum(each.sheet_count for each in dossier.documents if each.last_page < document.first_page)
    if not document.is_two_sided:
        return before + number
    return before + (number + 1) // 2 if number % 2 else None


def holes_of(dossier: Dossier, document: Document, number: int) -> list[list[float]]:
    """Punch all sheets of half of the dossiers in their left margin; on the back of a sheet that is the right one."""
    if chance(dossier.file_code, "holes").random() < 0.5:
        return []
    x = 165.0 if document.is_two_sided and number % 2 == 0 else -21.0  # from the left margin
    return [[x, 88.0], [x, 168.0]]


def incoming_stamp(document: Document, dice: Random) -> list[Any] | None:
    """Stamp some letters as received: running number, day and month, height on the sheet."""
    if dice.random() < 0.4:
        return None
    arrived_on = document.issued_on + timedelta(days=dice.randint(1, 4))
    return [dice.randint(20, 900), f"{arrived_on:%d/%m}", round(dice.uniform(33, 40), 1)]


def lid_beyond(skew: float, dice: Random) -> list[list[list[float]]]:
    """Show the scanner's lid beyond an edge of a sheet that lies askew, as polygons in the frame of the page."""
    width, height = PAPER
    reach = width * tan(radians(abs(skew))) * dice.uniform(0.3, 0.9)
    if dice.random() < 0.5:
        return []
    near, far = (0.0, reach) if skew > 0 else (reach, 0.0)
    if dice.random() < 0.5:
        return [[[0.0, 0.0], [width, 0.0], [width, far], [0.0, near]]]
    return [[[0.0, height], [width, height], [width, height - near], [0.0, height - far]]]
