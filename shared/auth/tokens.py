"""Access tokens: JWTs of ten minutes, signed by identity (Ed25519), which each service checks by itself (RFC 7519)."""

import asyncio
import json
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.util import urlsafe_b64decode

from shared.auth.roles import Role
from shared.errors import Unauthenticated, Unavailable
from shared.uow import Caller

ISSUER = "saoluu-identity"
AUDIENCE = "saoluu"
LIFETIME_SECONDS = 600
LEEWAY_SECONDS = 30
LONGEST_TOKEN = 4096
ALGORITHM = "Ed25519"
KEYS_LIVE_SECONDS = 5.0
OUTAGE_SECONDS = 1.0

_CLAIMS = jwt.JWTClaimsRegistry(
    leeway=LEEWAY_SECONDS,
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    exp={"essential": True},
    sub={"essential": True},
)


class TokenRefused(Unauthenticated):
    """The token is expired, forged, or not meant for us."""

    code = "token_refused"


def sign_token(key: OKPKey, account_id: UUID, name: str, roles: frozenset[str]) -> str:
    """Sign a token for an account; it lives for LIFETIME_SECONDS."""
    moment = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(account_id),
        "name": name,
        "roles": sorted(roles),
        "iat": moment,
        "exp": moment + LIFETIME_SECONDS,
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


class TokenChecker:
    """Checks tokens against identity's public keys, which it fetches when it meets a key it does not know."""

    def __init__(self, keys_url: str) -> None:
        self._keys_url = keys_url
        self._keys = KeySet([])
        self._ask_again_at = float("-inf")
        self._asking = asyncio.Lock()
        self._checked: dict[str, tuple[float, Caller]] = {}

    async def check(self, token: str) -> Caller:
        """Give the caller a token speaks for. Raises TokenRefused; Unavailable when the keys cannot be had."""
        known = self._checked.get(token)
        if known is not None and time.time() < known[0]:
            return known[1]
        if len(token) > LONGEST_TOKEN:
            raise TokenRefused
        keys = await self._key_set(key_id(token))
        try:
            claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
            _CLAIMS.validate(claims)
            caller = Caller(str(claims["name"]), UUID(claims["sub"]), frozenset(Role(role) for role in claims["roles"]))
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise TokenRefused from refused
        self._remember(token, float(claims["exp"]), caller)
        return caller

    def _remember(self, token: str, until: float, caller: Caller) -> None:
        if len(self._checked) >= 10_000:
            self._checked.clear()
        self._checked[token] = (until, caller)

    async def _key_set(self, kid: str) -> KeySet:
        """Give the known keys, and ask for newer ones first when this one is not among them.

        That is done at most once in KEYS_LIVE_SECONDS, so that forgeries cost us nothing, and while identity is away
        once in OUTAGE_SECONDS. Raises Unavailable when there are no keys at all.
        """
        if not self._knows(kid):
            async with self._asking:
                if not self._knows(kid) and time.monotonic() > self._ask_again_at:
                    self._ask_again_at = time.monotonic() + OUTAGE_SECONDS
                    self._keys = KeySet.import_key_set(json.loads(await fetch_keys(self._keys_url)))
                    self._ask_again_at = time.monotonic() + KEYS_LIVE_SECONDS
        if not self._keys.keys:
            raise Unavailable("identity has not answered with its keys yet")
        return self._keys

    def _knows(self, kid: str) -> bool:
        return any(key.kid == kid for key in self._keys.keys)


def key_id(token: str) -> str:
    """Read the key id a token names, unchecked: it only tells whether newer keys are wanted. Raises TokenRefused."""
    try:
        header = json.loads(urlsafe_b64decode(token.partition(".")[0].encode()))
    except (ValueError, RecursionError) as malformed:
        raise TokenRefused from malformed
    if not isinstance(header, dict) or not isinstance(header.get("kid"), str):
        raise TokenRefused
    return str(header["kid"])


async def fetch_keys(url: str) -> bytes:
    """Read identity's public keys from `file:///...` or over HTTP."""
    if url.startswith("file://"):
        try:
            return await asyncio.to_thread(Path(unquote(urlsplit(url).path)).read_bytes)
        except OSError as missing:
            raise Unavailable("identity has not published its keys yet") from missing
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.get(url)
            answer.raise_for_status()
            return answer.content
    except httpx.HTTPError as outage:
        raise Unavailable("identity does not answer") from outage
