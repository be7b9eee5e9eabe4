"""What users read when something goes wrong, in Vietnamese and English, kept as data beside the code that raises it."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

Language = Literal["vi", "en"]
WEIGHT = re.compile(r"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)")
SHARED = Path(__file__).parent / "errors.toml"


class Texts:
    """Error texts by code: files hold one table per code with `vi` and `en`."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._by_code: dict[str, dict[str, str]] = {}
        for file in files:
            for code, words in tomllib.loads(file.read_text("utf-8")).items():
                self._by_code[code] = words

    @classmethod
    def of_service(cls, folder: Path) -> "Texts":
        """Load the shared texts and those of one service."""
        own = folder / "errors.toml"
        return cls([SHARED, own] if own.exists() else [SHARED])

    def say(self, code: str, language: Language) -> str:
        """Give the words for a code; a code without words speaks for itself."""
        return self._by_code.get(code, {}).get(language, code)

    @property
    def codes(self) -> frozenset[str]:
        """Give every code that has words."""
        return frozenset(self._by_code)


def preferred(accept_language: str | None) -> Language:
    """Choose the language of an answer: Vietnamese unless English weighs more (RFC 9110 §12.5.4)."""
    weights: dict[str, float] = {}
    for asked in (accept_language or "").lower().split(","):
        tag, *parameters = asked.split(";")
        language = tag.strip().split("-")[0]
        weights[language] = max(weights.get(language, 0), weight_of(parameters))
    any_other = weights.get("*", 0)
    return "en" if weights.get("en", any_other) > weights.get("vi", any_other) else "vi"


def weight_of(parameters: Sequence[str]) -> float:
    """Give the weight among the parameters of a language: 1 when there is none, 0 for one that cannot be read."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if WEIGHT.fullmatch(value := value.strip()) else 0
    return 1
