"""Ways in which files break: cut off, overwritten, bits turned, bytes lost or put in, something hung on."""

from collections.abc import Callable
from random import Random

from bench.qc.header_damage import (
    another_depth,
    another_place,
    another_size,
    another_table,
    directory_circle,
    packed_again,
)

SECTOR = 512
HEADERS = 600  # damage that is to hit image data stays behind so many bytes

Damage = Callable[[bytes, Random], bytes]


def place(content: bytes, chance: Random, size: int = 0) -> int:
    """Choose a place behind the headers."""
    low = min(HEADERS, len(content) // 3)
    return chance.randrange(low, max(low + 1, len(content) - size - 2))


def cut(content: bytes, chance: Random) -> bytes:
    """Cut off anything from almost all to a tenth."""
    return content[: int(len(content) * chance.uniform(0.01, 0.9))]


def cut_tail(content: bytes, chance: Random) -> bytes:
    """Cut off the last one to 200 bytes."""
    return content[: -chance.randint(1, 200)]


def hole(size: int) -> Damage:
    """Overwrite a stretch with zeros, where a disk's sectors begin."""

    def damage(content: bytes, chance: Random) -> bytes:
        at = place(content, chance, size) // SECTOR * SECTOR
        at = at + SECTOR if at < HEADERS else at
        return content[:at] + bytes(min(size, len(content) - at)) + content[at + size :]

    return damage


def garbage(content: bytes, chance: Random) -> bytes:
    """Overwrite a sector with noise."""
    at = place(content, chance, SECTOR)
    return content[:at] + chance.randbytes(SECTOR) + content[at + SECTOR :]


def flips(count: int) -> Damage:
    """Turn so many bits."""

    def damage(content: bytes, chance: Random) -> bytes:
        changed = bytearray(content)
        for _ in range(count):
            changed[place(content, chance)] ^= 1 << chance.randrange(8)
        return bytes(changed)

    return damage


def lost_bytes(content: bytes, chance: Random) -> bytes:
    """Leave out 1 to 64 bytes."""
    size = chance.randint(1, 64)
    at = place(content, chance, size)
    return content[:at] + content[at + size :]


def inserted_bytes(content: bytes, chance: Random) -> bytes:
    """Put in 1 to 64 bytes of noise."""
    at = place(content, chance)
    return content[:at] + chance.randbytes(chance.randint(1, 64)) + content[at:]


def swapped(content: bytes, chance: Random) -> bytes:
    """Exchange two stretches of 4096 bytes."""
    size = min(4096, len(content) // 8)
    one, other = sorted((place(content, chance, 2 * size), place(content, chance, 2 * size)))
    other = max(other, one + size)
    return (
        content[:one]
        + content[other : other + size]
        + content[one + size : other]
        + (content[one : one + size] + content[other + size :])
    )


def junk(content: bytes, chance: Random) -> bytes:
    """Hang 20 to 5000 bytes of noise behind it."""
    return content + chance.randbytes(chance.randint(20, 5000))


def glued(content: bytes, _chance: Random) -> bytes:
    """Hang the same file behind it once more."""
    return content + content


DAMAGES: dict[str, Damage] = {
    "cut to 1-90 %": cut,
    "last 1-200 bytes cut": cut_tail,
    "512 zeros": hole(512),
    "4096 zeros": hole(4096),
    "512 bytes noise": garbage,
    "20 bits turned": flips(20),
    "1 bit turned": flips(1),
    "bytes lost": lost_bytes,
    "bytes put in": inserted_bytes,
    "stretches exchanged": swapped,
    "bytes behind": junk,
    "two glued": glued,
    "another size": another_size,
    "another depth": another_depth,
    "another place or length": another_place,
    "bit turned in tables": another_table,
    "directories in a circle": directory_circle,
    "bit turned, sum mended": packed_again,
}
