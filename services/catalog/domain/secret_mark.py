"""Texts that say that they are secret: a mark of secrecy at the head of a line (law 117/2025/QH15, article 5).

No more than that can be seen in a text. Whether it tells a secret only its writer knows, and has to say.
"""

import re
import unicodedata

from services.catalog.domain.secrecy_errors import SecrecyUnstated, SecretMarked

# in capitals, as it is stamped: "mật ong" is honey, and "MẬT ĐỘ" density, but whoever writes that can write it small
_MARK = re.compile(r"^[\W_]*(?:ĐỘ MẬT\W*)?(TUYỆT MẬT|TỐI MẬT|MẬT)(?!\w)")


def secret_mark(text: str) -> str | None:
    """Give the mark of secrecy that a line of a text begins with, None where none does."""
    for line in unicodedata.normalize("NFC", text).splitlines():
        found = _MARK.match(" ".join(line.split()))
        if found:
            return found[1]
    return None


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
