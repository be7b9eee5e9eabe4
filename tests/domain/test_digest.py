"""The sums of a stream, however it is cut."""

import zlib
from collections.abc import AsyncIterator
from hashlib import sha256
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.digest import Hasher, fixity_of, joined_crc32, streamed
from shared.storage.port import MIB, Fixity

SIZES = [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 5 * MIB + 3]


def hashed(content: bytes, cuts: list[int]) -> Fixity:
    hasher = Hasher()
    for start, end in pairwise([0, *sorted(cuts), len(content)]):
        hasher.update(memoryview(content)[start:end])
    return hasher.fixity()


def test_known_sums_come_out() -> None:
    fixity = hashed(b"123456789", [])
    assert fixity.crc32 == 0xCBF43926  # the check value of CRC-32
    assert fixity.mib_crc32 == (0xCBF43926,)
    assert (
        hashed(b"abc", [1]).sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )  # FIPS 180-2


def test_nothing_has_the_sums_of_nothing() -> None:
    assert hashed(b"", []) == Fixity(0, sha256(b"").hexdigest(), 0, ())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(4))
def test_cuts_change_no_sum(size: int, seed: int) -> None:
    random = Random(seed)
    content = random.randbytes(size)
    fixity = hashed(content, [random.randint(0, size) for _ in range(random.randint(0, 20))])
    parts = [content[start : start + MIB] for start in range(0, size, MIB)]
    assert fixity.size == size
    assert fixity.sha256 == sha256(content).hexdigest()
    assert fixity.crc32 == zlib.crc32(content)
    assert fixity.mib_crc32 == tuple(zlib.crc32(part) for part in parts)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_the_sum_of_two_runs_follows_from_their_own(left: bytes, right: bytes) -> None:
    assert joined_crc32(zlib.crc32(left), zlib.crc32(right), len(right)) == zlib.crc32(left + right)


def test_sums_can_be_asked_for_on_the_way() -> None:
    hasher = Hasher()
    hasher.update(b"ab")
    assert hasher.fixity() == hashed(b"ab", [])
    hasher.update(b"c")
    assert hasher.fixity() == hashed(b"abc", [])


async def test_a_stream_is_summed_to_its_end() -> None:
    content = Random(1).randbytes(MIB + 5)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 70_000):
            yield content[start : start + 70_000]

    assert await fixity_of(chunks()) == hashed(content, []) == await fixity_of(streamed(content))
