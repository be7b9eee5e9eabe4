"""Rules of identity: names, duties, passwords, sessions."""

import unicodedata
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.account_name import AccountName
from services.identity.domain.duties import ALONE, MACHINE_ROLES, Kind, demand_compatible, kind_for
from services.identity.domain.password import demand_person, demand_strong
from services.identity.domain.patience import may_try, neighbourhood, pause_after
from services.identity.domain.session_life import is_over
from services.identity.errors import MalformedName, PasswordMisplaced, PasswordTooWeak, RolesClash
from shared.auth.roles import Role

MORNING = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)


def fits(kind: Kind, *roles: Role) -> bool:
    try:
        demand_compatible(kind, frozenset(roles))
    except RolesClash:
        return False
    return True


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_be_held_by_exactly_one_kind_of_account(role: Role) -> None:
    assert [kind for kind in Kind if fits(kind, role)] == [kind_for(frozenset({role}))]


@pytest.mark.parametrize(("one", "other"), list(combinations(Role, 2)))
def test_two_roles_go_together_when_both_are_content_work_of_people(one: Role, other: Role) -> None:
    apart = ALONE | MACHINE_ROLES
    assert fits(Kind.PERSON, one, other) == (one not in apart and other not in apart)
    assert not fits(Kind.MACHINE, one, other)


def test_an_account_has_a_role() -> None:
    assert not any(fits(kind) for kind in Kind)


@pytest.mark.parametrize("text", ["Lan", "trần thị lan", "Cục Văn thư và Lưu trữ nhà nước", "x" * 100, "Ｌａｎ"])  # noqa: RUF001
def test_a_name_is_kept_as_it_is_written(text: str) -> None:
    assert AccountName.of(f" {text} ").shown == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 101, "a\tb", "a\nb", "a\x00b", "a\u202eb", "a\u200bb", "a\xa0b", "\ud800"]
)
def test_a_name_with_anything_unseen_is_malformed(text: str) -> None:
    with pytest.raises(MalformedName):
        AccountName.of(text)


@given(st.text(min_size=1, max_size=40))
def test_a_key_is_the_same_for_every_spelling_of_a_name(text: str) -> None:
    try:
        name = AccountName.of(text)
    except MalformedName:
        return
    for spelling in (name.shown, unicodedata.normalize("NFD", text), f" {text}"):
        assert AccountName.of(spelling).key == name.key


@pytest.mark.parametrize("password", ["mười hai chữ", "correct horse battery", "123456789abc"])
def test_twelve_characters_make_a_password(password: str) -> None:
    demand_strong(password, "Lan")


@pytest.mark.parametrize(
    "password", ["", "Ab1!Ab1!", "mười hai ch", "aaaaaaaaaaaa", "ababababababab", "TRẦN THỊ LAN 1"]
)
def test_a_short_or_monotonous_password_or_the_name_itself_is_weak(password: str) -> None:
    with pytest.raises(PasswordTooWeak):
        demand_strong(password, "Trần Thị Lan 1")


def test_accents_written_apart_do_not_make_a_password_longer() -> None:
    with pytest.raises(PasswordTooWeak):
        demand_strong(unicodedata.normalize("NFD", "ữữựựừừ"), "Lan")


def test_only_people_have_passwords() -> None:
    demand_person(Kind.PERSON)
    with pytest.raises(PasswordMisplaced):
        demand_person(Kind.MACHINE)


@pytest.mark.parametrize(
    ("idle", "age", "over"), [(0, 0, False), (15, 60, False), (16, 60, True), (1, 720, False), (1, 721, True)]
)
def test_a_session_ends_a_quarter_of_an_hour_after_its_last_use_and_half_a_day_after_its_beginning(
    idle: int, age: int, over: bool
) -> None:
    begun_at = MORNING
    moment = begun_at + timedelta(minutes=age)
    assert is_over(begun_at, moment - timedelta(minutes=idle), moment) == over


def test_the_pause_grows_with_each_failure_and_never_beyond_a_minute() -> None:
    pauses = [pause_after(failures).total_seconds() for failures in range(20)]
    assert pauses[:10] == [0] * 10
    assert pauses[10:17] == [1, 2, 4, 8, 16, 32, 60]
    assert max(pauses) == pause_after(10_000).total_seconds() == 60


def test_an_attempt_is_looked_at_when_the_pause_since_the_latest_is_over() -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    assert may_try(0, None, moment)
    assert may_try(9, moment, moment)
    assert not may_try(11, moment - timedelta(seconds=1), moment)
    assert may_try(11, moment - timedelta(seconds=2), moment)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("a socket", "a socket"),
        ("x" * 500, "x" * 100),
    ],
)
def test_neighbours_count_as_one(address: str, counted_as: str) -> None:
    assert neighbourhood(address) == counted_as
