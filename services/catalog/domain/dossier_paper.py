"""Papers that list dossiers in a table by groups, in the layout of Decree 30/2020/NĐ-CP: their text, page by page."""

from dataclasses import dataclass

from shared.papers.lists import Column


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a name, each with a cell for every column; a list that is not grouped has one without a name."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DossierPaper:
    """A paper's text in the order of the page; the hands that sign it from left to right, each with how it signs.

    One that lies `is_across` has room for more columns.
    """

    superior: str
    agency: str
    title: str
    subject: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    closing: tuple[str, ...]
    dated: str
    signatures: tuple[tuple[str, str], tuple[str, str]]
    is_across: bool = False
