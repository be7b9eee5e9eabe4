"""Page receipts, so that a station can prove a page was taken over, and protocols of drills: what ingest signs."""

import json
from datetime import datetime
from uuid import UUID

from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy.exc import IntegrityError

from services.ingest.models import ReceiptKey
from shared.database import Database

ALGORITHM = "Ed25519"
KEY_ID = "receipts"


class ReceiptBook:
    """Signs receipts with a key that lives in ingest's database, the same for every process of the service."""

    def __init__(self) -> None:
        self._key: OKPKey | None = None

    async def open(self, database: Database) -> None:
        """Fetch the key, or make it at the very first start."""
        try:
            await self._fetch(database)
        except IntegrityError:  # another process made it at this very moment
            await self._fetch(database)

    async def _fetch(self, database: Database) -> None:
        async with database.writing() as uow:
            row = await uow.session.get(ReceiptKey, KEY_ID, with_for_update=True)
            if row is None:
                made = OKPKey.generate_key("Ed25519", auto_kid=True)
                row = ReceiptKey(id=KEY_ID, jwk=json.dumps(made.as_dict(private=True)))
                uow.session.add(row)
                uow.record("receipt_key.made", None, kid=made.kid)
            self._key = OKPKey.import_key(json.loads(row.jwk))

    @property
    def key(self) -> OKPKey:
        """Give the signing key; the book must be open."""
        if self._key is None:
            raise RuntimeError("the receipt book is not open")
        return self._key

    def public_key(self) -> dict[str, object]:
        """Give the public key as a JWK (RFC 8037), for stations that check their receipts."""
        return dict(self.key.as_dict(private=False))

    def sign_drill(self, protocol: bytes) -> str:
        """Sign the protocol of a restore drill; the public key goes with it, for the private one is never copied."""
        public = self.key.as_dict(private=False)
        header = {"alg": ALGORITHM, "kid": self.key.kid, "typ": "drill-protocol+jws", "jwk": public}
        return jws.serialize_compact(header, protocol, self.key, algorithms=[ALGORITHM])

    def sign(self, page_id: UUID, version: int, sha256: str, size: int, stored_at: datetime) -> str:
        """Sign what was taken over, as a compact JWS (RFC 7515)."""
        said = {
            "page_id": str(page_id),
            "version": version,
            "sha256": sha256,
            "size": size,
            "stored_at": stored_at.isoformat(),
        }
        header = {"alg": ALGORITHM, "kid": self.key.kid, "typ": "page-receipt+jws"}
        return jws.serialize_compact(header, json.dumps(said).encode(), self.key, algorithms=[ALGORITHM])
