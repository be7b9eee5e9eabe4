"""The signing key: made at the first start, kept in the database, published as a JWK set (RFC 7517)."""

import asyncio
import json
import os
from pathlib import Path

from joserfc.jwk import KeySet, OKPKey

from services.identity.models import SigningKey
from shared.database import Database

KEY_ID = "tokens"


class KeyRing:
    """Holds the key that signs access tokens. `published_at` is a file: URL to write the public keys to, or not."""

    def __init__(self, published_at: str) -> None:
        self._published_at = published_at
        self._key: OKPKey | None = None

    async def open(self, database: Database) -> None:
        """Fetch the key, or make it at the very first start, and publish its public half."""
        async with database.writing() as uow:
            row = await uow.session.get(SigningKey, KEY_ID, with_for_update=True)
            if row is None:
                made = OKPKey.generate_key("Ed25519", auto_kid=True)
                row = SigningKey(id=KEY_ID, jwk=json.dumps(made.as_dict(private=True)))
                uow.session.add(row)
                uow.record("signing_key.made", None, kid=made.kid)
            self._key = OKPKey.import_key(json.loads(row.jwk))
        if self._published_at.startswith("file://"):
            await asyncio.to_thread(write_file, Path(self._published_at.removeprefix("file://")), self.public_keys())

    @property
    def key(self) -> OKPKey:
        """Give the signing key; the ring must be open."""
        if self._key is None:
            raise RuntimeError("the key ring is not open")
        return self._key

    def public_keys(self) -> dict[str, object]:
        """Give the public keys as a JWK set."""
        return dict(KeySet([self.key]).as_dict(private=False))


def write_file(path: Path, keys: dict[str, object]) -> None:
    """Write the public keys so that a reader never sees half of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(keys))
    os.replace(temporary, path)  # noqa: PTH105 - the name says what is promised
