"""What a sender left out of a medium: a line for each package that was kept back when it was written.

Nobody signs this file, so it makes nothing good: it only tells why a package is missing.
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, ValidationError

from shared.delivery.canonical import canonical
from shared.delivery.manifest import LONGEST_LINE, Line

FILE = "left-out.jsonl"
MOST_READ = 100_000  # lines; whatever a medium brings, it does not fill the memory


class LeftOut(Line):
    """A package that is not on a medium: the ZIP that it would be, its id, and the code of what keeps it back."""

    format: Literal["saoluu.left-out.v1"] = "saoluu.left-out.v1"
    file: Annotated[str, Field(max_length=204)]
    package_id: UUID
    code: Annotated[str, Field(pattern=r"^[a-z0-9_.]{1,100}$")]


def left_out_in(folder: Path) -> dict[UUID, LeftOut]:
    """Give what a delivery's folder says was left out; a line that cannot be read says nothing. Raises OSError."""
    place = folder / FILE
    if not place.is_file() or place.is_symlink():
        return {}
    return {each.package_id: each for each in islice(read(place), MOST_READ)}


def read(place: Path) -> Iterator[LeftOut]:
    """Give the lines that can be read."""
    with place.open("rb") as file:
        while line := file.readline(LONGEST_LINE + 1):
            try:
                if canonical(json.loads(line)) + b"\n" == line:
                    yield LeftOut.model_validate_json(line)
            except (ValueError, ValidationError, RecursionError):
                continue
