"""What a look at an object says of it, and which dossiers an hour reads: rules without any store."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.domain.fixity import CopyState, Finding, Named, Outcome, state_of
from services.ingest.domain.share import AIM, DAY, HOUR, Waiting, share_of
from shared.storage.port import Fixity

BODY, OTHER = b"right bytes", b"other bytes"
PERIOD = timedelta(days=10)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def found(body: bytes) -> Fixity:
    return Fixity(len(body), sha256(body).hexdigest(), 0, ())


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        (BODY, None),
        (None, Finding.MISSING),
        (b"wrong bytes", Finding.DAMAGED),
        (BODY[:-1], Finding.TRUNCATED),
        (b"", Finding.TRUNCATED),
        (BODY + b"x", Finding.OVERLONG),
        (OTHER, Finding.SWAPPED),
    ],
)
def test_each_kind_of_damage_has_its_code(body: bytes | None, finding: Finding | None) -> None:
    named = Named("k", len(BODY), sha256(BODY).hexdigest())
    sums = {named.sha256, sha256(OTHER).hexdigest()}
    assert named.finding(None if body is None else found(body), sums) == finding


def test_a_manifest_of_unknown_length_is_right_or_damaged() -> None:
    named = Named("k", None, sha256(BODY).hexdigest())
    assert named.finding(found(BODY), ()) is None
    assert named.finding(found(BODY[:-1]), ()) == Finding.DAMAGED


def test_a_copy_is_whole_again_once_it_is_repaired_and_never_when_it_is_not() -> None:
    states = {outcome: state_of(outcome) for outcome in Outcome}
    assert [outcome for outcome, state in states.items() if state == CopyState.WHOLE] == ["whole", "repaired"]


def dossier(number: int, age: timedelta, size: int) -> Waiting:
    return Waiting(UUID(int=number), BEGUN - age, size)


sizes = st.lists(st.integers(1, 50), min_size=1, max_size=40)


class Archive:
    """Dossiers that are read hour by hour as the rule says, and how that went."""

    def __init__(self, ages_and_sizes: Sequence[tuple[timedelta, int]]) -> None:
        self.sizes = {UUID(int=number): size for number, (_, size) in enumerate(ages_and_sizes)}
        self.checked = {UUID(int=number): BEGUN - age for number, (age, _) in enumerate(ages_and_sizes)}
        self.readings: list[tuple[datetime, UUID]] = []
        self.oldest = timedelta(0)
        self.paid: datetime | None = None

    def live(self, hours: int, begun: datetime = BEGUN) -> None:
        for hour in range(hours):
            moment = begun + hour * HOUR
            self.oldest = max(self.oldest, moment - min(self.checked.values()))
            waiting = [Waiting(each, self.checked[each], self.sizes[each]) for each in self.checked]
            share, self.paid = share_of(waiting, self.paid, moment, PERIOD)
            for each in share:
                self.checked[each.dossier_id] = moment
                self.readings.append((moment, each.dossier_id))

    def busiest(self, span: timedelta) -> int:
        """Give the most bytes that were read in a span of time."""
        return max(
            sum(self.sizes[each] for at, each in self.readings if moment <= at < moment + span)
            for moment, _ in self.readings
        )


@settings(max_examples=60, deadline=None)
@given(sizes)
def test_what_was_sealed_in_one_day_is_read_evenly_within_each_period(sizes: list[int]) -> None:
    archive = Archive([(timedelta(0), size) for size in sizes])
    archive.live(30 * 24)
    assert archive.oldest <= PERIOD
    total, largest = sum(sizes), max(sizes)
    assert archive.busiest(DAY) <= total * ((DAY + HOUR) / (PERIOD * AIM)) + largest
    for each in archive.checked:
        times = sum(read == each for _, read in archive.readings)
        assert times <= 30 / (PERIOD * AIM).days + 2, "no dossier comes more often because it is small or alone"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9 * 24 - 1), st.integers(1, 50)), min_size=1, max_size=40))
def test_nothing_grows_older_than_the_period_however_old_it_was(told: list[tuple[int, int]]) -> None:
    archive = Archive([(hours * HOUR, size) for hours, size in told])
    archive.live(25 * 24)
    assert archive.oldest <= PERIOD


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 50)), max_size=40), st.integers(-100, 100))
def test_the_oldest_come_first(told: list[tuple[int, int]], paid: int) -> None:
    waiting = [dossier(number, age * HOUR, size) for number, (age, size) in enumerate(told)]
    share, until = share_of(waiting, BEGUN + paid * HOUR, BEGUN, PERIOD)
    in_order = sorted(waiting, key=lambda each: (each.checked_at, each.dossier_id))
    assert share == in_order[: len(share)]
    assert until >= BEGUN - DAY


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=20, max_size=20))
def test_an_archive_that_grows_every_day_keeps_up(sizes: list[int]) -> None:
    archive = Archive([(timedelta(0), sizes[0])])
    for day, size in enumerate(sizes[1:], 1):
        archive.live(24, BEGUN + (day - 1) * DAY)
        archive.sizes[UUID(int=day)], archive.checked[UUID(int=day)] = size, BEGUN + day * DAY
    archive.live(20 * 24, BEGUN + 20 * DAY)
    assert archive.oldest <= PERIOD


def test_after_an_outage_only_what_is_overdue_is_read_at_once() -> None:
    archive = Archive([(timedelta(0), 1)] * 100)
    archive.live(5 * 24)
    before = len(archive.readings)
    archive.live(1, BEGUN + 8 * DAY)
    assert len(archive.readings) - before <= 100 * (DAY + HOUR) / (PERIOD * AIM) + 1
    archive.live(1, BEGUN + 30 * DAY)
    assert len(archive.readings) - before >= 100


def test_an_empty_archive_has_nothing_to_read() -> None:
    assert share_of([], None, BEGUN, PERIOD)[0] == []
