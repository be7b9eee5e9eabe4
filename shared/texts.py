"""What users read when something goes wrong, in Vietnamese and English, kept as data beside the code that raises it."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

Language = Literal["vi", "en"]
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
    """Choose the language of an answer: Vietnamese unless English is asked for first (RFC 9110 §12.5.4)."""
    first = (accept_language or "vi").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "vi"
