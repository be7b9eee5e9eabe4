"""Tables of the identity database; secrets are kept as digests only, but for the signing key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Index, Text, cast
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col

from shared.auth.roles import Role
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id
from shared.plumbing import Plumbing


class Table(SQLModel, registry=registry()):
    """Base of every table in this database; keeps its metadata apart from the other services."""


plumbing = Plumbing.under(Table)


class Account(Table, table=True):
    """A person or a machine. `credential_sha256` is of a random secret, `password_hash` is argon2id.

    `name` is as people see it; `name_key` is what it is unique by (see domain/account_name.py).
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    name_key: str = Field(unique=True)
    kind: str
    roles: list[str] = Field(sa_type=JSON)
    is_disabled: bool = False
    credential_sha256: str
    password_hash: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Session(Table, table=True):
    """A person signed in with a browser; the cookie's value is kept as a digest."""

    sha256: str = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    begun_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    used_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class Attempt(Table, table=True):
    """A sign-in that was tried and has not succeeded: digests of the name or id that was tried, and from where."""

    __table_args__ = (Index("ix_attempt_subject_at", "subject", "at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject: str
    source: str = ""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class SetupToken(Table, table=True):
    """The one-time token of the first start, as a digest."""

    __tablename__ = "setup_token"

    sha256: str = Field(primary_key=True)
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class SigningKey(Table, table=True):
    """The key that signs access tokens (a private JWK)."""

    __tablename__ = "signing_key"

    id: str = Field(primary_key=True)
    jwk: str = Field(sa_type=Text)


def has_role(role: Role) -> ColumnElement[bool]:
    """Give the condition that an account has a role; read in the JSON's text, which both databases can search."""
    return cast(col(Account.roles), Text).contains(f'"{role}"')
