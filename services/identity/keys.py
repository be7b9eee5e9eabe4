"""The signing key: made at the first start, kept in the database, published as a JWK set (RFC 7517)."""

import asyncio
import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from joserfc.jwk import KeySet, OKPKey
from sqlalchemy.exc import IntegrityError

from services.identity.models import SigningKey
from shared.database import Database

KEY_ID = "tokens"


class KeyRing:
    """Holds the key that signs access tokens.

    `published_at` is where the other services look for the public keys: a file: URL is written at the start, any
    other is answered by `GET /identity/keys`.
    """

    def __init__(self, published_at: str) -> None:
        self._published_at = urlsplit(published_at)
        self._key: OKPKey | None = None

    async def open(self, database: Database) -> None:
        """Fetch the key, or make it at the very first start, and publish its public half."""
        try:
            jwk = await fetch_or_make(database)
        except IntegrityError:  # another process started at the same moment and was first
            jwk = await fetch_or_make(database)
        self._key = OKPKey.import_key(json.loads(jwk))
        if self._published_at.scheme == "file":
            await asyncio.to_thread(write_file, Path(unquote(self._published_at.path)), self.public_keys())

    @property
    def key(self) -> OKPKey:
        """Give the signing key; the ring must be open."""
        if self._key is None:
            raise RuntimeError("the key ring is not open")
        return self._key

    def public_keys(self) -> dict[str, object]:
        """Give the public keys as a JWK set."""
        return dict(KeySet([self.key]).as_dict(private=False))


async def fetch_or_make(database: Database) -> str:
    """Give the private JWK as JSON. Raises IntegrityError when another process makes one at the same moment."""
    async with database.writing() as uow:
        row = await uow.session.get(SigningKey, KEY_ID)
        if row is None:
            made = OKPKey.generate_key("Ed25519", auto_kid=True)
            row = SigningKey(id=KEY_ID, jwk=json.dumps(made.as_dict(private=True)))
            uow.session.add(row)
            uow.record("signing_key.made", None, kid=made.kid)
    return row.jwk


def write_file(path: Path, keys: dict[str, object]) -> None:
    """Write the public keys, readable by everybody, so that a reader never sees half of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(keys, file)
        os.fchmod(file.fileno(), 0o644)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
