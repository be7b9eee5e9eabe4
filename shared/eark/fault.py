"""What a check finds wrong with a package."""

from dataclasses import dataclass
from typing import Self

LONGEST, LONGEST_LINE = 300, 4000


def printable(text: str, longest: int = LONGEST) -> str:
    """Make text from a stranger fit for one line of a terminal: no controls, no line ends, not endless."""
    shown = "".join(sign if sign.isprintable() else escaped(sign) for sign in text[:longest])
    return shown if len(text) <= longest else f"{shown}..."


def escaped(sign: str) -> str:
    """Spell a sign that a terminal would act on; also a byte that is no text (a lone surrogate)."""
    return sign.encode("unicode_escape").decode()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a stable code (words in `faults.toml`), the file, and the particulars.

    `path` is relative to the package folder, empty for the package as a whole; `path` and `detail` are safe to print.
    """

    code: str
    path: str
    detail: str = ""

    @classmethod
    def of(cls, code: str, path: str = "", detail: str = "") -> Self:
        """Note a fault whose path and particulars come out of the package itself."""
        return cls(code, printable(path), printable(detail))


class Damaged(Exception):
    """The bytes of a file, or of a whole package, cannot be trusted; carries the fault."""

    def __init__(self, code: str, path: str = "", detail: str = "") -> None:
        super().__init__(code)
        self.fault = Fault.of(code, path, detail)
