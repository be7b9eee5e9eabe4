"""What is wrong with a field of a request, in the reader's language."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.texts import Language

WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("fields.toml").read_text("utf-8"))


def words_for(wrong: Mapping[str, Any], language: Language) -> str:
    """Tell one of the errors that pydantic found; one without Vietnamese words is told as pydantic says it."""
    told = wrong.get("ctx", {})
    if wrong["type"] == "value_error":
        rule = str(told.get("error", wrong["msg"]))
        return WORDS["rules"].get(rule, rule) if language == "vi" else rule
    form = WORDS["kinds"].get(wrong["type"]) if language == "vi" else None
    if form is None:
        return str(wrong["msg"])
    return form.format_map({**told, "expected": str(told.get("expected")).replace(" or ", " hoặc ")})
