"""Texts that say that they are secret: a mark of secrecy at the head of a line (law 117/2025/QH15, article 5).

No more than that can be seen in a text. Whether it tells a secret only its writer knows, and has to say. What counts
as a mark is told in `secret-marks.toml`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.catalog.domain.legacy_text import MARKED, from_tcvn3, from_vni
from services.catalog.domain.secrecy_errors import SecrecyUnstated, SecretMarked

MARKS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("secret-marks.toml").read_text("utf-8"))
WORDS: dict[str, list[str]] = MARKS["words"]
HEAD = 200  # characters of a line, in which a mark stands at its head
BETWEEN = r"[\W_]*"
# every degree ends in "mật", however that is typed; most texts hold nothing like it
LIKELY = re.compile(
    r"[mM\N{FULLWIDTH LATIN SMALL LETTER M}\N{FULLWIDTH LATIN CAPITAL LETTER M}]\D{1,8}"
    r"[tT\N{FULLWIDTH LATIN SMALL LETTER T}\N{FULLWIDTH LATIN CAPITAL LETTER T}]"
)
SPACED = re.compile(r"(?<!\w)(\w) +(?=\w(?!\w))")  # T Ố I  M Ậ T
# a dash inside a word is no end of it: old papers write "mật-độ"
APART = r"(?=\s*(?:$|[:;.|/\])}>»])|\s+[-\N{EN DASH}\N{EM DASH}]|[-\N{EN DASH}\N{EM DASH}]+(?:\s|$))"


def any_of(spellings: Iterable[str]) -> str:
    """Match one of some spellings, whatever stands between their words."""
    longest = sorted(spellings, key=len, reverse=True)
    return "(?:" + "|".join(BETWEEN.join(map(re.escape, each.split())) for each in longest) + ")"


def stamped(spelling: str) -> str:
    """Match a spelling in capitals; letters with tones may be small, which old fonts could not tell."""
    each = [f"[{sign}{sign.upper()}]" if not sign.isascii() else sign.upper() for sign in spelling]
    return "".join(BETWEEN if sign == " " else sign for sign in each)


ASKED, CALLED = any_of(WORDS["asked"]), any_of(WORDS["called"])
INNOCENT = "|".join(each.upper() for each in WORDS["innocent"])
IN_CAPITALS = [
    (degree, re.compile(rf"{BETWEEN}(?:(?i:{ASKED}){BETWEEN})?{stamped(each)}(?!\w)(?![ -](?:{INNOCENT})(?!\w))"))
    for degree, spellings in MARKS["degrees"].items()
    for each in spellings
]
SET_APART = [
    (
        degree,
        re.compile(
            rf"{BETWEEN}(?:(?:{ASKED}|{CALLED}){BETWEEN})?{any_of(spellings)}"
            rf"(?!\w)(?:{APART}{'|(?=,)' if ' ' in degree else ''})",
            re.IGNORECASE,
        ),
    )
    for degree, spellings in MARKS["degrees"].items()
]


def secret_mark(text: str) -> str | None:
    """Give the mark of secrecy that a line of a text begins with, None where none does."""
    heads = (line.strip()[:HEAD] for line in text.splitlines())
    return next((found for head in heads if LIKELY.search(head) and (found := mark_of(head))), None)


@lru_cache(maxsize=1 << 13)
def mark_of(head: str) -> str | None:
    """Give the mark that the head of a line bears; many cells of an inventory say the same."""
    for read in readings(head):
        for degree, pattern in (*IN_CAPITALS, *SET_APART):
            if pattern.match(read):
                return str(degree).upper()
    return None


def readings(line: str) -> Iterator[str]:
    """Give what a line may say: as it stands, and as it was typed in an old font if it has a letter of those."""
    yield plainly(line)
    composed = unicodedata.normalize("NFC", line)
    if MARKED.search(composed):
        yield plainly(from_tcvn3(composed))
        yield plainly(from_vni(composed))


def plainly(text: str) -> str:
    """Give text without what nobody sees, in one width and composed, with single spaces, letters set apart joined."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Cn"))
        plain = unicodedata.normalize("NFC", plain)
    return SPACED.sub(r"\1", " ".join(plain.split()))


def demand_open(*, is_stated: bool, secrets_allowed: bool, **texts: str) -> None:
    """Let texts through that their writer says hold no state secret, and that bear no mark of one.

    Where secrets may be kept nothing is asked. Raises SecretMarked, SecrecyUnstated, neither with any of the text.
    """
    if secrets_allowed:
        return
    demand_unmarked(secrets_allowed=secrets_allowed, **texts)
    if not is_stated:
        raise SecrecyUnstated


def demand_unmarked(*, secrets_allowed: bool, **texts: str) -> None:
    """Raise SecretMarked for a text with a mark of secrecy at its head, unless secrets may be kept."""
    for field, text in texts.items():
        mark = None if secrets_allowed else secret_mark(text)
        if mark is not None:
            raise SecretMarked(field=field, mark=mark)
