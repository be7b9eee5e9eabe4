"""Which folder is which dossier: by the name that the order gives, else by the file code as people write it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from shared.eark.names import LIKE_DIGEST


@dataclass(frozen=True, slots=True)
class ScanOrder:
    """A dossier that may be scanned, as the archive tells it."""

    dossier_id: str
    file_code: str
    folder_name: str
    title: str
    state: str
    expected_count: int
    scanned_count: int
    verified_copies: int

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Read an order out of an answer, which may say more."""
        return cls(**{name: told[name] for name in cls.__slots__})

    @property
    def is_open(self) -> bool:
        """Say whether new pages may be sent."""
        return self.state == "open"

    def names(self) -> tuple[str, ...]:
        """Give the folder names that mean this dossier, the surest first."""
        code = unicodedata.normalize("NFC", self.file_code)
        plain = self.folder_name if self.folder_name == code else LIKE_DIGEST.sub("", self.folder_name)
        return (self.folder_name, code, plain)


@dataclass
class Matched:
    """Folders with their orders, and folders that mean no dossier or more than one."""

    folders: list[tuple[Path, ScanOrder]] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)
    ambiguous: list[tuple[Path, list[ScanOrder]]] = field(default_factory=list)


def match(folders: Sequence[Path], orders: Sequence[ScanOrder]) -> Matched:
    """Give each folder its dossier.

    A name that could mean two dossiers means none, and so do two folders that are sure in the same degree of the same
    dossier; a surer folder keeps its dossier to itself.
    """
    matched = Matched()
    claims: dict[str, list[tuple[int, Path]]] = {}
    meanings = meanings_of(orders)
    for folder in folders:
        name = unicodedata.normalize("NFC", folder.name)
        degree, meant = next(((degree, each[name]) for degree, each in enumerate(meanings) if name in each), (0, []))
        if len(meant) == 1:
            claims.setdefault(meant[0].dossier_id, []).append((degree, folder))
        elif meant:
            matched.ambiguous.append((folder, meant))
        else:
            matched.unknown.append(folder)
    by_id = {order.dossier_id: order for order in orders}
    for dossier_id, claimed in claims.items():
        surest = min(degree for degree, _ in claimed)
        is_one = sum(degree == surest for degree, _ in claimed) == 1
        for degree, folder in claimed:
            if is_one and degree == surest:
                matched.folders.append((folder, by_id[dossier_id]))
            else:
                matched.ambiguous.append((folder, [by_id[dossier_id]]))
    return matched


def meanings_of(orders: Sequence[ScanOrder]) -> list[dict[str, list[ScanOrder]]]:
    """Give what each name means, in its surest sense first."""
    meanings: list[dict[str, list[ScanOrder]]] = [{}, {}, {}]
    for order in orders:
        for meaning, name in zip(meanings, order.names(), strict=True):
            meaning.setdefault(name, []).append(order)
    return meanings
