"""Evidence for criteria: what counts as some, and its cell in a row.

The cell has one text for all criteria, or a text for each, begun by the criterion in brackets.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

BEGINS = re.compile(r"^\[([a-z0-9_]+)\] ?", re.MULTILINE)


def evidenced(texts: Iterable[str]) -> int:
    """Count the criteria that have evidence; spaces and line ends are none."""
    return sum(bool(each.strip()) for each in texts)


def marks_in(criteria: Sequence[str], evidence: str) -> dict[str, str]:
    """Give the evidence of each criterion."""
    return apart(criteria, evidence) or dict.fromkeys(criteria, evidence)


def evidence_in(marks: Mapping[str, str]) -> str:
    """Give the cell that says what marks say."""
    texts = list(marks.values())
    if len(set(texts)) <= 1 and not apart(list(marks), texts[0] if texts else ""):
        return texts[0] if texts else ""
    return "\n".join(f"[{criterion}] {text}" for criterion, text in marks.items())


def apart(criteria: Sequence[str], evidence: str) -> dict[str, str] | None:
    """Give the text for each criterion where the cell tells them apart, each once, nothing before them; else None."""
    _before, *parts = BEGINS.split(evidence)
    if _before or not parts or sorted(parts[::2]) != sorted(criteria):
        return None
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}
