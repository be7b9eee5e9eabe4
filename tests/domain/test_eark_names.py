import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eark.errors import UnsafePath
from shared.eark.names import archive_objid, folder_name, path_name, safe_path, submission_objid
from shared.storage.keys import demand_key

PACKAGE = UUID("9c13e70e-0000-7000-8000-000000000001")


@pytest.mark.parametrize("code", ["P623", "P_KHCN", "H49-64", "0", "A" * 71])
def test_a_plain_code_names_its_folder_unchanged(code: str) -> None:
    assert path_name(code) == code


def test_other_characters_become_underscores_and_a_digest_tells_the_codes_apart() -> None:
    dotted, spaced, plain = path_name("H49.64"), path_name("H49 64"), path_name("H49_64")
    assert dotted.startswith("H49_64-")
    assert spaced.startswith("H49_64-")
    assert len({dotted, spaced, plain}) == 3


def test_a_code_that_looks_like_a_changed_one_cannot_take_its_name() -> None:
    changed = path_name("H49.64")
    assert path_name(changed) != changed


def test_the_same_letters_in_another_unicode_form_are_the_same_code() -> None:
    assert path_name("e\u0302\u0301") == path_name("\u1ebf")


@pytest.mark.parametrize("code", ["registers", "damaged"])
def test_no_fonds_takes_the_folder_of_something_else(code: str) -> None:
    assert path_name(code).startswith(f"{code}-")


@given(st.text(max_size=300))
def test_every_code_gives_a_short_name_that_stores_and_packages_take(code: str) -> None:
    name = path_name(code)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name)
    assert safe_path(name) == demand_key(name) == name


@given(st.lists(st.text(alphabet="aA1._-/ é", max_size=6), unique=True, max_size=40))
def test_two_codes_never_share_a_name(codes: list[str]) -> None:
    assert len({path_name(code) for code in codes}) == len(codes)


def test_objids_have_the_form_of_the_circular_and_name_their_folder() -> None:
    assert archive_objid("G09", PACKAGE) == "urn:G09:uuid:9C13E70E-0000-7000-8000-000000000001"
    assert folder_name(archive_objid("G09", PACKAGE)) == "urn_G09_uuid_9C13E70E-0000-7000-8000-000000000001"
    assert submission_objid(PACKAGE) == folder_name(submission_objid(PACKAGE))
    assert archive_objid("H49.64/Đ", PACKAGE).startswith("urn:H49.64__:uuid:")


@pytest.mark.parametrize("objid", ["", "x" * 201])
def test_an_objid_that_can_name_no_folder_is_refused(objid: str) -> None:
    with pytest.raises(UnsafePath):
        folder_name(objid)


@pytest.mark.parametrize("path", ["", "/a", "a//b", "../a", "a/..", "a/./b", "a\\b", "a b", "ế.jpg", "a\n", ".a", "a/"])
def test_a_path_that_could_leave_its_package_is_refused(path: str) -> None:
    with pytest.raises(UnsafePath):
        safe_path(path)
