"""What a password must be like, and the one spelling in which it is compared."""

import unicodedata

from services.identity.domain.duties import Kind
from services.identity.errors import PasswordMisplaced, PasswordTooWeak

SHORTEST = 12


def spelled(password: str) -> str:
    """Give a password as it is hashed: composed, so that the same Vietnamese keys match from every keyboard.

    Nothing is trimmed: a blank belongs to the password (NIST SP 800-63B §3.1.1.2).
    """
    return unicodedata.normalize("NFKC", password)


def demand_strong(password: str, name: str) -> None:
    """Raise PasswordTooWeak for fewer than 12 characters, for the name itself, or for one character repeated.

    Length instead of four kinds of character (NIST SP 800-63B §3.1.1.2): a sentence is stronger, and remembered.
    """
    folded = spelled(password).casefold()
    if len(folded) < SHORTEST or len(set(folded)) < 4 or folded == spelled(name).casefold():
        raise PasswordTooWeak


def demand_person(kind: Kind) -> None:
    """Raise PasswordMisplaced for a machine: it has a credential, which nobody can guess."""
    if kind != Kind.PERSON:
        raise PasswordMisplaced
