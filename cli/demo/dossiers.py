"""Invented dossiers of an invented province: as many as are wanted, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cli.demo.chance import chance
from cli.demo.themes import Theme, phrases, themes
from shared.eark.names import path_name

KINDS = ("Tờ trình", "Công văn", "Quyết định", "Biên bản", "Báo cáo")  # in the order an affair goes through them
OF_THE_COMMITTEE = frozenset({"Công văn", "Quyết định"})
TYPED_UNTIL = 1966
FONDS: dict[str, str] = {
    name: getattr(themes().fonds, name) for name in ("code", "title", "kind", "archive_code")
}  # what the catalog is told about the fonds


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a dossier and the pages it fills, both ends included; `mark` is its number and notation."""

    kind: str
    mark: str
    author: str
    subject: str
    issued_on: date
    first_page: int
    last_page: int
    is_two_sided: bool
    is_typed: bool

    @property
    def page_count(self) -> int:
        """Give the number of its pages (trang)."""
        return self.last_page - self.first_page + 1

    @property
    def sheet_count(self) -> int:
        """Give the number of its sheets (tờ): half as many where both sides are written on."""
        return (self.page_count + 1) // 2 if self.is_two_sided else self.page_count


@dataclass(frozen=True, slots=True)
class Dossier:
    """An invented dossier with the fields of Circular 05/2025/TT-BNV that an inventory gives, and what choosing asks.

    Dates are ISO 8601, cut where only the year is known. `theme` is its row in the table of dossiers.
    """

    file_code: str
    title: str
    series: str
    series_title: str
    criteria: tuple[str, ...]
    evidence: str
    keywords: str
    languages: tuple[str, ...]
    starts_on: str
    ends_on: str
    access_level: str
    condition: str
    sign: str
    paper_file_code: str
    secrecy: str
    note: str
    documents: tuple[Document, ...]
    theme: int
    place: str
    commune: str

    @property
    def page_count(self) -> int:
        """Give the number of pages (trang)."""
        return sum(document.page_count for document in self.documents)

    @property
    def sheet_count(self) -> int:
        """Give the number of sheets (tờ)."""
        return sum(document.sheet_count for document in self.documents)

    @property
    def folder(self) -> str:
        """Give the name of its folder at a scanner station."""
        return path_name(self.file_code)

    def document_at(self, page: int) -> Document:
        """Give the document that a page belongs to; pages count from 1. Raises IndexError outside the dossier."""
        for document in self.documents:
            if document.first_page <= page <= document.last_page:
                return document
        raise IndexError(f"{self.file_code} has no page {page}")


def invent_dossiers(count: int, *, seed: int = 1, pages: int | None = None) -> list[Dossier]:
    """Invent dossiers: the themes in turn, other years and places each time; `pages` each, or 5 to 12.

    A dossier depends on the seed and its place alone: the first three of ten are the three of three.
    """
    return [invented(index, chance(seed, index), pages) for index in range(count)]


def invented(index: int, dice: Random, pages: int | None) -> Dossier:
    """Invent the dossier that stands at an index."""
    table = themes()
    number = index % len(table.theme)
    theme = table.theme[number]
    year = dice.randint(*theme.years)
    told = {"year": str(year), "place": dice.choice(table.names.places), "commune": dice.choice(table.names.communes)}
    told["province"] = table.fonds.province
    documents = invented_documents(theme, year, told, pages or dice.randint(5, 12), dice)
    two_sided = sum(document.is_two_sided for document in documents)
    dates = [document.issued_on.isoformat() for document in documents]
    known = 4 if dice.random() < 0.25 else 10  # old inventories often know the year only
    shelf = f"{1 + index // 60:02d}/{1 + index // 12 % 5:02d}/{1 + index // 4:03d}"
    return Dossier(
        file_code=f"{table.fonds.code}.{year}.{index + 1:02d}",
        title=theme.title.format_map(told),
        series=theme.sign,
        series_title=theme.series,
        criteria=tuple(code for code in theme.criteria if code != "before_1975" or year < 1975),
        evidence=theme.evidence,
        keywords=theme.keywords,
        languages=theme.languages,
        starts_on=dates[0][:known],
        ends_on=dates[-1][:known],
        access_level="02" if "notable_people" in theme.criteria else "01",
        condition=theme.condition,
        sign=theme.sign,
        paper_file_code=f"{table.fonds.archive_code}.{shelf}.{index + 1:02d}",
        secrecy=theme.secrecy,
        note=f"Có {two_sided} văn bản viết hai mặt." if two_sided else "",
        documents=documents,
        theme=number,
        place=told["place"],
        commune=told["commune"],
    )


def invented_documents(theme: Theme, year: int, told: dict[str, str], pages: int, dice: Random) -> tuple[Document, ...]:
    """Invent the 2 to 5 documents of an affair (one, where the dossier has one page), in the order of their dates."""
    count = min(pages, dice.randint(2, len(KINDS)))
    kinds = sorted(dice.sample(KINDS, count), key=KINDS.index)
    last_start = 50 if year == 1976 else 230  # the fonds ends with June 1976
    on = date(year, 1, 1) + timedelta(days=dice.randint(5, last_start))
    documents, first = [], 1
    for kind, length in zip(kinds, shares(pages, count, dice), strict=True):
        by_committee = kind in OF_THE_COMMITTEE
        mark = f"{dice.randint(4, 980)}-{phrases().kind[kind].code}/{'UB' if by_committee else theme.sign}"
        documents.append(
            Document(
                kind=kind,
                mark=mark,
                author="Ủy ban hành chính" if by_committee else theme.office,
                subject=theme.subject.format_map(told),
                issued_on=on,
                first_page=first,
                last_page=first + length - 1,
                is_two_sided=length > 1 and dice.random() < 0.5,
                is_typed=year <= TYPED_UNTIL and dice.random() < 0.6,
            )
        )
        first += length
        on += timedelta(days=dice.randint(8, 32))
    return tuple(documents)


def shares(pages: int, count: int, dice: Random) -> Sequence[int]:
    """Cut a number of pages into that many lengths, none empty."""
    cuts = sorted(dice.sample(range(1, pages), count - 1))
    return [end - begin for begin, end in zip([0, *cuts], [*cuts, pages], strict=True)]
