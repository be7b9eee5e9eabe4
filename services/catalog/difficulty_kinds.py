"""The kinds of difficulties in Vietnamese and English, kept as data."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("difficulties.toml")


@cache
def kinds() -> dict[str, dict[str, str]]:
    """Give the words of each kind, by language."""
    return tomllib.loads(FILE.read_text("utf-8"))
