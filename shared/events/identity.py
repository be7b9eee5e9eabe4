"""Events published by identity."""

from typing import ClassVar

from shared.events.base import Event
from shared.ids import AccountId


class AccountGranted(Event):
    """An account was made, or given anew on the host: these are its name, kind and roles from now on."""

    name: ClassVar[str] = "identity.account.granted.v1"
    subject: ClassVar[str] = "account_id"

    account_id: AccountId
    account_name: str
    kind: str
    roles: tuple[str, ...]


class AccountDisabled(Event):
    """An account may do nothing any more; tokens it still holds are refused everywhere at once."""

    name: ClassVar[str] = "identity.account.disabled.v1"
    subject: ClassVar[str] = "account_id"

    account_id: AccountId


class AccountEnabled(Event):
    """A disabled account may act again."""

    name: ClassVar[str] = "identity.account.enabled.v1"
    subject: ClassVar[str] = "account_id"

    account_id: AccountId
