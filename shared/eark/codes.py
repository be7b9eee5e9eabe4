"""The circular's code lists, and codes made of what the catalog tells."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files


@cache
def code_lists() -> dict[str, dict[str, str]]:
    """Give every list: code to label."""
    lists: dict[str, dict[str, str]] = tomllib.loads((files("shared.eark") / "codes.toml").read_text("utf-8"))
    return lists


def language_code(languages: Sequence[str], separator: str) -> str:
    """Give one code where two languages have one together, else the codes in their order; empty when none is told."""
    together = code_lists()["both_languages"].get(" ".join(sorted(languages)))
    return together or separator.join(languages)


def label_of(element: str, code: str) -> str:
    """Give the label of a code, or the code where the list does not know it."""
    return code_lists()[element].get(code, code)
