"""The manifest of a delivery: a line of canonical JSON about the delivery, then a line about each of its packages."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.delivery.canonical import canonical

FILE, SIGNATURE = "manifest.jsonl", "manifest.jsonl.p7s"
MEDIA_TYPE, SIGNATURE_MEDIA_TYPE = "application/x-ndjson", "application/pkcs7-signature"
LARGEST_NUMBER = 1_000_000
LONGEST_LINE = 1 << 16

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Amount = Annotated[int, Field(strict=True, ge=0, lt=1 << 62)]
Number = Annotated[int, Field(strict=True, ge=1, le=LARGEST_NUMBER)]


class Line(BaseModel):
    """A line of a manifest."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    longest: ClassVar[int] = LONGEST_LINE

    def to_bytes(self) -> bytes:
        """Spell the line, its line feed included."""
        return canonical(self.model_dump(mode="json")) + b"\n"


class AgreedTerms(BaseModel):
    """The agreement that a delivery is made under."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    reference: str
    agreed_on: str
    profile: str
    with_masters: bool
    document_sha256: str


class ManifestHead(Line):
    """The first line: which delivery, to whom, and what all its packages come to.

    `page_count` is of its dossiers, as in papers and parts: masters that go along beside a dossier are the same pages
    once more. Manifests of older programs counted those twice.
    """

    format: Literal["saoluu.delivery.v1"] = "saoluu.delivery.v1"
    delivery_id: UUID
    fonds_code: str
    number: Number
    receiver_id: UUID
    receiver: str
    agreement: AgreedTerms
    frozen_at: datetime
    package_count: Amount
    page_count: Amount
    byte_count: Amount
    part_count: Amount
    part_size: Amount


class ManifestEntry(Line):
    """A package: `number` is its place in the delivery, `part` the part it lies in, the rest is of its ZIP.

    `file` is the ZIP's name; how a package is named is a matter of its profile. `a4_equivalents` is how many A4 pages
    its pages count for, null where nobody told. `holds` says whether the dossier's reading forms, its masters or both
    are in it, `sibling_of` names by OBJID the package beside which it brings the masters, `predecessor` the one that it
    follows on. Manifests of older programs do not tell what it holds.
    """

    number: Number
    part: Number
    package_id: UUID
    objid: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,200}$")]
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}\.zip$")]
    file_code: str
    size: Amount
    sha256: Sha256
    page_count: Amount
    document_count: Amount | None = None
    a4_equivalents: Amount | None = None
    predecessor: str | None = None
    holds: str | None = None
    sibling_of: str | None = None

    @property
    def dossier_pages(self) -> int:
        """Give how many pages of the delivery's dossiers it brings: none where it goes along beside another one."""
        return 0 if self.sibling_of else self.page_count


def lines(head: ManifestHead, entries: Iterable[ManifestEntry]) -> Iterator[bytes]:
    """Write a manifest, line by line."""
    yield head.to_bytes()
    for entry in entries:
        yield entry.to_bytes()
