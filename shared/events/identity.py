"""Events published by identity."""

from typing import ClassVar

from shared.events.base import Event
from shared.ids import AccountId


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
