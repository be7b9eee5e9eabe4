"""Names of accounts: spelled one way, and no two alike to the eye."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from services.identity.errors import MalformedName

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class AccountName:
    """A name as it is shown, and the key by which it is unique.

    Vietnamese letters reach us composed or with separate accents, depending on the keyboard; shown and key are
    composed. The key ignores case and width (NFKC): the audit log names people, so `lan` must not pass for `Lan`.
    """

    shown: str
    key: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Parse a name of 1 to 100 printable characters. Raises MalformedName."""
        shown = re.sub(r" +", " ", unicodedata.normalize("NFC", text).strip())
        if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
            raise MalformedName
        return cls(shown, unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", shown).casefold()))
