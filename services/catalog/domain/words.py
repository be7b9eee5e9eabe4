"""What codes mean, in Vietnamese and English, kept as data: a TOML file of tables, each a list of codes."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Words(BaseModel):
    """The wording of a criterion or a code."""

    model_config = ConfigDict(frozen=True)

    vi: str
    en: str


CodeList = Mapping[str, Words]


def code_lists(file: Path) -> Mapping[str, CodeList]:
    """Read the code lists of a file by name."""
    return TypeAdapter(dict[str, dict[str, Words]]).validate_python(tomllib.loads(file.read_text("utf-8")))


def in_vietnamese(codes: CodeList) -> dict[str, str]:
    """Give a code list as code to Vietnamese wording."""
    return {code: words.vi for code, words in codes.items()}
