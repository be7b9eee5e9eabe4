"""What is wrong with a field is told in Vietnamese, in words that name the limit."""

import re
from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core._pydantic_core import list_all_errors

from shared.field_words import WORDS, words_for
from shared.wire import without_nul


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=3), AfterValidator(without_nul)]
    pages: Annotated[int, Field(ge=1, le=9)] = 1
    kind: Literal["fonds", "work"] = "fonds"


@pytest.mark.parametrize(
    ("told", "vi"),
    [
        ({}, "Thiếu trường này."),
        ({"title": ""}, "Phải có ít nhất 1 ký tự."),
        ({"title": "bốn chữ"}, "Không được quá 3 ký tự."),
        ({"title": "\0"}, "Không được có ký tự NUL."),
        ({"title": 1}, "Phải là chữ."),
        ({"title": "a", "pages": "x"}, "Phải là số nguyên."),
        ({"title": "a", "pages": 10}, "Không được quá 9."),
        ({"title": "a", "kind": "kho"}, "Phải là một trong: 'fonds' hoặc 'work'."),
        ({"title": "a", "pagse": 1}, "Không có trường nào mang tên này."),
    ],
)
def test_a_wrong_field_is_told_in_vietnamese(told: dict[str, object], vi: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(told)
    (wrong,) = refused.value.errors()
    assert words_for(wrong, "vi") == vi
    assert words_for(wrong, "en") == str(wrong["msg"]).removeprefix("Value error, ")


def test_a_kind_without_words_is_told_as_it_is() -> None:
    assert "url_parsing" not in WORDS["kinds"]
    assert words_for({"type": "url_parsing", "msg": "no address"}, "vi") == "no address"


def test_words_name_only_what_their_kind_tells() -> None:
    tells: dict[str, set[str]] = {each["type"]: set(each.get("example_context") or {}) for each in list_all_errors()}
    assert WORDS["kinds"].keys() <= tells.keys()
    beyond = {kind: set(re.findall(r"\{(\w+)\}", form)) - tells[kind] for kind, form in WORDS["kinds"].items()}
    assert not any(beyond.values()), beyond
