"""Everything that can go wrong with accounts and signing in.

ArchiveError
├── SignInRefused       401  unknown name or wrong secret; which of both is not told
├── SetupOver           403  there is an administrator already, or the link is used up or too old
├── AccountUnknown      404
├── NameTaken           409
├── LastAdmin           409  nobody could let anyone in any more
├── MalformedName       422
├── RolesClash          422  duties that one account may not have together
├── PasswordTooWeak     422
├── PasswordMisplaced   422
└── TooManyAttempts     429
"""

from shared.errors import Conflict, Forbidden, NotFound, TooMany, Unauthenticated, Unprocessable


class SignInRefused(Unauthenticated):
    """The name or the secret is wrong, or the session is over."""

    code = "identity.sign_in_refused"


class SetupOver(Forbidden):
    """The setup link is used up, too old, or not ours."""

    code = "identity.setup_over"


class AccountUnknown(NotFound):
    """There is no such account."""

    code = "identity.account_unknown"


class NameTaken(Conflict):
    """Another account has this name, or one that looks the same."""

    code = "identity.name_taken"


class LastAdmin(Conflict):
    """The last administrator cannot be shut out, and nobody shuts out himself."""

    code = "identity.last_admin"


class MalformedName(Unprocessable):
    """A name has 1 to 100 printable characters."""

    code = "identity.malformed_name"


class RolesClash(Unprocessable):
    """These roles may not be held by one account."""

    code = "identity.roles_clash"


class PasswordTooWeak(Unprocessable):
    """A password has at least twelve characters, four different ones among them, and is not the account's name."""

    code = "identity.password_too_weak"


class PasswordMisplaced(Unprocessable):
    """A machine has no password; it signs in with its credential."""

    code = "identity.password_misplaced"


class TooManyAttempts(TooMany):
    """Too many failed attempts for this account from this place; wait a minute."""

    code = "identity.too_many_attempts"
