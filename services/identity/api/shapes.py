"""Shapes that several resources of identity share."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from services.identity.domain.duties import Kind
from services.identity.models import Account
from shared.auth.roles import Role
from shared.wire import Out

# never trimmed: a blank at its end belongs to a password
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]

# a name that no account can have must be refused like one that no account has
TriedName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class AccountOut(Out):
    """An account, without any secret."""

    id: UUID
    name: str
    kind: Kind
    roles: list[Role]
    is_disabled: bool
    created_at: datetime


class CredentialOut(Out):
    """A credential; the secret is shown this once."""

    account_id: UUID
    secret: str


class NewAccountOut(Out):
    """An account that was just made, with its credential."""

    account: AccountOut
    credential: CredentialOut

    @classmethod
    def of(cls, account: Account, secret: str) -> "NewAccountOut":
        """Show a new account with its credential."""
        return cls(
            account=AccountOut.model_validate(account), credential=CredentialOut(account_id=account.id, secret=secret)
        )
