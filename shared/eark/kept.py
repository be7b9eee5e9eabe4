"""Values of one kind kept as bytes and made anew when they are looked at, so that many take no more memory than few."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Generic, TypeVar, overload

from pydantic import TypeAdapter

from shared.eark.body import Body, Part

T = TypeVar("T")
BLOCK = 256  # values that are written and read together


class Kept(Sequence[T], Generic[T]):
    """A sequence that holds one block of its values at a time; the others lie in a body. For one thread at a time.

    `form` is how a block is written and read.
    """

    def __init__(self, form: TypeAdapter[tuple[T, ...]], values: Iterable[T]) -> None:
        self._form = form
        self._body = Body()
        self._blocks: list[Part] = []
        self._count = 0
        self._at_hand: tuple[int, tuple[T, ...]] = (-1, ())
        rest = iter(values)
        while block := tuple(islice(rest, BLOCK)):
            self._blocks.append(self._body.keep(self._form.dump_json(block)))
            self._count += len(block)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        for block in self._blocks:
            yield from self._read(block)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        places = range(self._count)[place]
        return self._value(places) if isinstance(places, int) else tuple(map(self._value, places))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != self._count:
            return NotImplemented
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment] # it equals a tuple of the same values and cannot hash as one

    def _value(self, place: int) -> T:
        number, inside = divmod(place, BLOCK)
        if self._at_hand[0] != number:
            self._at_hand = number, self._read(self._blocks[number])
        return self._at_hand[1][inside]

    def _read(self, block: Part) -> tuple[T, ...]:
        return self._form.validate_json(b"".join(block.chunks()))
