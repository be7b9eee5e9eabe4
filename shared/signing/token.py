"""A certificate whose key never leaves a token or an HSM (PKCS#11), named by a URI (RFC 7512).

`pkcs11:token=Saoluu;object=seal?module-path=/usr/lib/x.so`: the token by its label or serial, certificate and key by
their label or id; the module is the library that the token's maker ships. The PIN is in a file, never in the URI.
"""

import asyncio
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Self
from urllib.parse import unquote, unquote_to_bytes

from asn1crypto.x509 import Certificate
from pkcs11 import Session
from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from shared.signing.certificate import IN_HARDWARE, CertificateRefused

KNOWN = {"token", "serial", "object", "id", "type", "module-path"}


@dataclass(frozen=True)
class TokenAddress:
    """Where a key lies: the maker's library, the token, the object in it."""

    module: str
    token: str | None
    serial: str | None
    label: str | None
    key_id: bytes | None

    @classmethod
    def of(cls, uri: str) -> Self:
        """Read a URI. Raises CertificateRefused."""
        path, _, query = uri.removeprefix(IN_HARDWARE).partition("?")
        parts = [each.partition("=") for each in (*path.split(";"), *query.split("&")) if each]
        told = {name: value for name, _, value in parts}
        if strange := sorted(set(told) - KNOWN):  # a PIN in the address would be in every log of it
            raise CertificateRefused(f"{', '.join(strange)}: not understood here; a PIN belongs into its file")
        if not told.get("module-path") or not (told.get("object") or told.get("id")):
            raise CertificateRefused("the address of a key names module-path, and object or id")
        named = {name: unquote(told[name]) if told.get(name) else None for name in ("token", "serial", "object")}
        key_id = unquote_to_bytes(told["id"]) if told.get("id") else None
        return cls(unquote(told["module-path"]), named["token"], named["serial"], named["object"], key_id)


class Tokens:
    """The sessions with tokens, one each: a program signs in to a token once, whoever in it signs."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._open: dict[tuple[str, str | None, str | None], Session] = {}

    def session(self, address: TokenAddress, pin: str | None) -> Session:
        """Give the session with a token, opened when there is none. Raises PKCS11Error."""
        place = address.module, address.token, address.serial
        with self._turn:
            if place not in self._open:
                serial = address.serial.encode() if address.serial else None
                criteria = TokenCriteria(label=address.token, serial=serial)
                self._open[place] = open_pkcs11_session(address.module, token_criteria=criteria, user_pin=pin)
            return self._open[place]

    def forget(self, session: Session) -> None:
        """Let go of a session that went wrong: its token may have been pulled out and put back."""
        with self._turn:
            self._open = {place: kept for place, kept in self._open.items() if kept is not session}
        try:
            session.close()
        except PKCS11Error:
            return  # closed by the token's going

    def forget_all(self) -> None:
        """Let go of every session."""
        for session in list(self._open.values()):
            self.forget(session)


TOKENS = Tokens()


class TokenSigner(Signer):
    """Signs with the key in a token, one signature at a time; a token that was away meanwhile is opened anew."""

    def __init__(self, address: TokenAddress, pin: str | None) -> None:
        self._address, self._pin = address, pin
        self._turn = threading.Lock()
        inner = self._inner
        own: Certificate = inner.signing_cert
        others = [each for each in inner.cert_registry if each.sha256 != own.sha256]  # or it would be embedded twice
        store = SimpleCertificateStore.from_certs(others)  # type: ignore[no-untyped-call]
        super().__init__(signing_cert=own, cert_registry=store)

    @classmethod
    def open(cls, uri: str, pin: str | None) -> tuple[Self, Certificate]:
        """Open the key that a URI names; gives its certificate too. Raises CertificateRefused."""
        try:
            made = cls(TokenAddress.of(uri), pin)
        except (PKCS11Error, RuntimeError, OSError) as failure:
            raise CertificateRefused(said(failure)) from failure
        certificate = made.signing_cert
        if certificate is None:
            raise CertificateRefused("no certificate beside the key")
        return made, certificate

    @cached_property
    def _inner(self) -> PKCS11Signer:
        return PKCS11Signer(
            TOKENS.session(self._address, self._pin),
            cert_label=self._address.label,
            cert_id=self._address.key_id,
            other_certs_to_pull=None,  # all: who verifies wants those in between
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign with the token. Raises CertificateRefused."""
        if dry_run:
            return b"0" * self._inner.estimate_raw_signature_size_bytes()
        await asyncio.to_thread(self._turn.acquire)
        try:
            try:
                return await self._sign(data, digest_algorithm)
            except PKCS11Error:
                TOKENS.forget(self._inner.pkcs11_session)
                del self._inner
                return await self._sign(data, digest_algorithm)
        except PKCS11Error as failure:
            raise CertificateRefused(said(failure)) from failure
        finally:
            self._turn.release()

    async def _sign(self, data: bytes, digest_algorithm: str) -> bytes:
        inner = await asyncio.to_thread(lambda: self._inner)
        return bytes(await inner.async_sign_raw(data, digest_algorithm))


def said(failure: Exception) -> str:
    """Say what a token refused: its library often gives a name and no words."""
    return f"{type(failure).__name__}: {failure}".removesuffix(": ")
