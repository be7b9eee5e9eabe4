"""What a dossier is made of: kind, carrier, damage and paper sizes, as codes with their words in both languages."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.catalog.domain.words import code_lists

_LISTS = code_lists(Path(__file__).with_suffix(".toml"))
KIND, CARRIER, CONDITION, SIZE = (_LISTS[name] for name in ("kind", "carrier", "condition", "size"))
_SIZED = re.compile(r"(?P<size>\w+)\s*[:=]\s*(?P<count>[0-9]{1,6})")
_SPELLED = {code.casefold(): code for code in SIZE}


def sizes_in(text: str) -> dict[str, int]:
    """Read counts by paper size, such as `A4: 120; A3: 4`, in the order of the sizes. Raises ValueError."""
    counts: dict[str, int] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        found = _SIZED.fullmatch(part)
        size = _SPELLED.get(found["size"].casefold()) if found else None
        if found is None or size is None or size in counts:
            raise ValueError(f"{part!r} is no count of a paper size")
        counts[size] = int(found["count"])
    return in_order(counts)


def sizes_told(counts: Mapping[str, int]) -> str:
    """Write counts by paper size as they are read."""
    return "; ".join(f"{size}: {count}" for size, count in in_order(counts).items())


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Give counts in the order of the sizes; what is no size comes last, to be found wrong."""
    return {size: counts[size] for size in (*SIZE, *(counts.keys() - SIZE.keys())) if size in counts}


def tuples_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what JSON kept as lists as the tuples that values have."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
