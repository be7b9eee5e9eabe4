"""Receipts in a file, a line each: what a receiver answered, or answers without a network.

`saoluu pull` keeps one beside the manifest of what it answered; `saoluu verify --receipts` writes one to be carried to
the centre. Lines are canonical JSON, so that a damaged one is seen. Who writes a file passes over a last line that was
cut off, and writes it again; who is brought one may not: a receipt would be lost.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.delivery.canonical import canonical
from shared.delivery.manifest import Line, Sha256
from shared.delivery.receipt import LONGEST
from shared.storage.tree import sync_folder

FILE = "receipts.jsonl"
LONGEST_LINE = 2 * LONGEST  # the reasons, and once more in the signature


class ReceiptsRefused(Exception):
    """This is no file of receipts, or was changed; the text says where."""

    code = "receipts_refused"


class ReceiptsCut(ReceiptsRefused):
    """The last line of a file that was brought is cut off; the text says which it is."""

    code = "receipts_cut"


class ReceiptsEmpty(ReceiptsRefused):
    """A file that was brought has no receipt."""

    code = "receipts_empty"


class GivenReason(BaseModel):
    """A reason as it was given."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: Annotated[str, Field(max_length=100)]
    note: Annotated[str, Field(max_length=2000)] = ""


class ReceiptLine(Line):
    """A receipt: which package of which delivery, the answer, the digest of the bytes that were looked at, why."""

    format: Literal["saoluu.receipt.v1"] = "saoluu.receipt.v1"
    delivery_id: UUID
    package_id: UUID
    objid: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,200}$")]
    answer: Literal["accepted", "rejected"]
    sha256: Sha256
    reasons: Annotated[tuple[GivenReason, ...], Field(max_length=1000)] = ()
    signature: Annotated[str, Field(max_length=600_000)] = ""

    @property
    def told(self) -> list[dict[str, str]]:
        """Give the reasons as they are signed."""
        return [{"code": each.code, "note": each.note} for each in self.reasons]


def receipts_in(path: Path) -> Iterator[ReceiptLine]:
    """Give the receipts of one's own file; a last line that was cut off is none. Raises ReceiptsRefused, OSError."""
    for number, line in lines_of(path):
        if line.endswith(b"\n"):
            yield receipt_of(number, line)


def receipts_brought(path: Path) -> list[ReceiptLine]:
    """Give the receipts of a file that was brought, to the last line, ended or not.

    Raises ReceiptsRefused, ReceiptsCut, ReceiptsEmpty, OSError.
    """
    found = []
    for number, line in lines_of(path):
        try:
            found.append(receipt_of(number, line if line.endswith(b"\n") else line + b"\n"))
        except ReceiptsRefused as wrong:
            if line.endswith(b"\n"):
                raise
            raise ReceiptsCut(str(wrong)) from wrong
    if not found:
        raise ReceiptsEmpty("0 receipts")
    return found


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a file with their numbers; only the last can be without its end. Raises ReceiptsRefused."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if not line.endswith(b"\n") and file.read(1):
                raise ReceiptsRefused(f"line {number}: {line[:80]!r}")
            yield number, line


def receipt_of(number: int, line: bytes) -> ReceiptLine:
    """Read a line. Raises ReceiptsRefused."""
    try:
        if canonical(json.loads(line)) + b"\n" != line:
            raise ValueError("not spelt canonically")
        return ReceiptLine.model_validate_json(line)
    except (ValueError, ValidationError, RecursionError) as wrong:
        raise ReceiptsRefused(f"line {number}: {line[:80]!r}") from wrong


def append(path: Path, receipts: Sequence[ReceiptLine]) -> None:
    """Add receipts to a file, durably; what a cut left of a line goes first."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    with os.fdopen(descriptor, "r+b") as file:
        whole = sum(len(line) for line in file if line.endswith(b"\n"))
        file.truncate(whole)
        file.seek(whole)
        for each in receipts:
            file.write(each.to_bytes())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)  # the file may be new


def replace(path: Path, receipts: Sequence[ReceiptLine]) -> None:
    """Put receipts in place of those of the same packages, the file whole at any moment; the others stay as they are.

    Raises ReceiptsRefused, OSError.
    """
    newer = {each.package_id: each for each in receipts}
    descriptor, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for each in receipts_in(path):
                file.write(newer.get(each.package_id, each).to_bytes())
            file.flush()
            os.fchmod(descriptor, path.stat().st_mode & 0o777)
            os.fsync(descriptor)
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink()
        raise
    sync_folder(path.parent)
