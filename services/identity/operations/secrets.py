"""Secrets: random ones kept as SHA-256, passwords as argon2id, few at a time because each takes 64 MiB."""

import asyncio
import secrets
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_AT_ONCE = asyncio.Semaphore(4)


def new_secret() -> str:
    """Make a random secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Give the digest a random secret is kept as."""
    return sha256(secret.encode()).hexdigest()


@cache
def nobodys_hash() -> str:
    """Give a hash that no password matches, to do the same work for names that do not exist."""
    return _HASHER.hash(new_secret())


async def hashed(password: str) -> str:
    """Hash a password with argon2id (RFC 9106, second recommended option)."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_HASHER.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Say whether a password is right; the same work is done when there is none to compare with."""
    async with _AT_ONCE:
        expected = await asyncio.to_thread(nobodys_hash) if password_hash is None else password_hash
        try:
            await asyncio.to_thread(_HASHER.verify, expected, password)
        except VerificationError:
            return False
    return password_hash is not None
