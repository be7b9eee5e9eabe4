"""A list of dossiers as its template takes it, whole or in parts."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.catalog.domain.dossier_paper import DossierPaper
from shared.papers.press import spelled

TEMPLATE = Path(__file__).with_name("dossier_list.typ")


def printable(
    paper: DossierPaper, *, first_page: int = 1, is_first: bool = True, is_last: bool = True
) -> dict[str, Any]:
    """Give a paper with places to break in its long words: its columns are narrow. Of a part, tell which it is."""
    groups = [
        {"name": group.name, "rows": [[spelled(cell, 0) for cell in row] for row in group.rows]}
        for group in paper.groups
    ]
    return {**asdict(paper), "groups": groups, "first_page": first_page, "is_first": is_first, "is_last": is_last}
