"""Secrets: random ones kept as SHA-256, passwords as argon2id."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from services.identity.domain.password import spelled

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# few at a time because each takes 64 MiB, and in threads of their own so that files are never kept waiting
_HANDS = ThreadPoolExecutor(4, "argon2")


def new_secret() -> str:
    """Make a random secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Give the digest a random secret is kept as."""
    return sha256(secret.encode()).hexdigest()


def is_same(secret: str, digest: str) -> bool:
    """Compare a secret with a digest, in a time that tells nothing."""
    return secrets.compare_digest(digest_of(secret), digest)


@cache
def nobodys_hash() -> str:
    """Give a hash that no password matches, to do the same work for names that do not exist."""
    return _HASHER.hash(new_secret())


async def hashed(password: str) -> str:
    """Hash a password with argon2id (RFC 9106 §4, second recommended option)."""
    return await asyncio.get_running_loop().run_in_executor(_HANDS, _HASHER.hash, spelled(password))


async def matches(password: str, password_hash: str | None) -> bool:
    """Say whether a password is right; the same work is done when there is none to compare with."""
    return await asyncio.get_running_loop().run_in_executor(_HANDS, _matches, spelled(password), password_hash)


def _matches(password: str, password_hash: str | None) -> bool:
    try:
        _HASHER.verify(nobodys_hash() if password_hash is None else password_hash, password)
    except VerificationError:
        return False
    return password_hash is not None
