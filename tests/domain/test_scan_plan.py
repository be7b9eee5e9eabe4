"""What a station does with each file: from the folder, the journal and the orders alone."""

import unicodedata
from pathlib import Path

import pytest

from cli.scan.clearing import obstacles
from cli.scan.folder import Seen
from cli.scan.journal import Remembered, Sent
from cli.scan.lookout import Lookout
from cli.scan.matching import ScanOrder, match
from cli.scan.plan import Act, Found, Permission, Step, must_be_read, numbers_given, plan

OPEN, SHUT = Permission(is_open=True), Permission(is_open=False)


def file(name: str, size: int = 100, at: int = 7, *, complete: bool = True, left_out: str = "", sha: str = "") -> Found:
    return Found(Seen(Path("dossier") / name, size, at, left_out), complete, sha)


def sent(name: str, number: int, version: int = 1, size: int = 100, at: int = 7, sha: str = "a") -> Sent:
    return Sent("d", number, version, name, size, at, sha, "page", "receipt")


def known(*entries: Sent, **numbered: int) -> Remembered:
    """Give a journal of sent pages, and of files that have a number but no receipt."""
    numbers = {entry.file: entry.number for entry in entries} | {f"{name}.jpg": at for name, at in numbered.items()}
    return Remembered(numbers, {entry.number: entry for entry in entries})


def acts(files: list[Found], journal: Remembered, permission: Permission = OPEN) -> list[tuple[str, str, int]]:
    return [(step.file.name, str(step.act), step.number) for step in plan(files, journal, permission)]


class TestNumbering:
    def test_new_files_get_their_numbers_in_folder_order(self) -> None:
        files = [file("p1.jpg"), file("p2.jpg"), file("p10.jpg")]
        assert acts(files, known()) == [("p1.jpg", "send", 1), ("p2.jpg", "send", 2), ("p10.jpg", "send", 3)]

    def test_at_the_first_file_that_is_not_complete_numbering_stops(self) -> None:
        files = [file("p1.jpg"), file("p2.jpg", complete=False), file("p3.jpg")]
        assert acts(files, known()) == [("p1.jpg", "send", 1), ("p2.jpg", "wait", 0), ("p3.jpg", "wait", 0)]

    def test_a_file_that_is_no_image_yet_but_still_changes_stops_it_too(self) -> None:
        files = [file("p1.jpg", 0, complete=False, left_out="empty"), file("p2.jpg")]
        assert acts(files, known()) == [("p1.jpg", "wait", 0), ("p2.jpg", "wait", 0)]

    def test_a_file_that_is_no_image_and_rests_takes_no_number(self) -> None:
        files = [file("a.txt", left_out="not_an_image"), file("p1.jpg")]
        assert acts(files, known()) == [("p1.jpg", "send", 1)]

    def test_a_new_file_before_numbered_ones_is_out_of_order_and_those_behind_go_on(self) -> None:
        files = [file("p1.jpg"), file("p2.jpg"), file("p3.jpg")]
        journal = known(sent("p2.jpg", 1))
        assert acts(files, journal) == [("p1.jpg", "out_of_order", 0), ("p2.jpg", "sent", 1), ("p3.jpg", "send", 2)]

    def test_it_is_out_of_order_also_when_the_numbered_file_is_gone(self) -> None:
        assert acts([file("p2b.jpg")], known(sent("p3.jpg", 1))) == [("p2b.jpg", "out_of_order", 0)]

    def test_pages_that_an_older_journal_numbered_against_the_folder_are_told(self) -> None:
        journal = known(sent("p1.jpg", 2), sent("p2.jpg", 1))
        assert acts([file("p1.jpg"), file("p2.jpg")], journal) == [("p1.jpg", "sent", 2), ("p2.jpg", "out_of_order", 1)]

    def test_a_number_once_given_stays(self) -> None:
        files, journal = [file("p1.jpg"), file("p2.jpg")], known(p1=1)
        steps = list(plan(files, journal, OPEN))
        assert [(step.act, step.number) for step in steps] == [(Act.SEND, 1), (Act.SEND, 2)]
        assert numbers_given(steps, journal) == {"p2.jpg": 2}


class TestSentFiles:
    @pytest.mark.parametrize(
        ("found", "act"),
        [
            (file("p.jpg"), "sent"),
            (file("p.jpg", at=8, sha="a"), "sent"),
            (file("p.jpg", at=8, sha="b"), "changed"),
            (file("p.jpg", size=101), "changed"),
            (file("p.jpg", size=0, at=8, left_out="empty"), "changed"),
            (file("p.jpg", size=101, complete=False), "wait"),
        ],
    )
    @pytest.mark.parametrize("permission", [OPEN, SHUT])
    def test_a_file_is_held_against_what_was_sent(self, found: Found, act: str, permission: Permission) -> None:
        assert acts([found], known(sent("p.jpg", 1)), permission) == [("p.jpg", act, 1)]

    def test_bytes_are_only_read_where_nothing_else_can_tell(self) -> None:
        assert not must_be_read(file("p.jpg").seen, None)
        assert not must_be_read(file("p.jpg").seen, sent("p.jpg", 1))
        assert not must_be_read(file("p.jpg", size=99, at=8).seen, sent("p.jpg", 1))
        assert must_be_read(file("p.jpg", at=8).seen, sent("p.jpg", 1))

    def test_a_new_file_is_too_late_for_a_closed_dossier(self) -> None:
        assert acts([file("p9.jpg"), file("p0.jpg")], known(sent("p1.jpg", 1)), SHUT) == [
            ("p9.jpg", "too_late", 0),
            ("p0.jpg", "too_late", 0),
        ]

    def test_a_numbered_file_without_a_receipt_is_sent_even_then_for_the_archive_may_have_it(self) -> None:
        assert acts([file("p1.jpg")], known(p1=1), SHUT) == [("p1.jpg", "send", 1)]


class TestRescans:
    ordered = Permission(is_open=False, rescans={1: "order"})

    @pytest.mark.parametrize(
        ("found", "act"),
        [
            (file("p.jpg"), Act.SCAN_AGAIN),
            (file("p.jpg", at=8, sha="a"), Act.SCAN_AGAIN),
            (file("p.jpg", at=8, sha="b"), Act.RESCAN),
            (file("p.jpg", size=50), Act.RESCAN),
            (file("p.jpg", size=50, complete=False), Act.WAIT),
            (file("p.jpg", size=50, left_out="not_an_image"), Act.CHANGED),
        ],
    )
    def test_an_order_is_answered_by_a_whole_image_that_differs(self, found: Found, act: Act) -> None:
        steps = list(plan([found], known(sent("p.jpg", 1)), self.ordered))
        assert [step.act for step in steps] == [act]

    def test_the_order_is_named(self) -> None:
        found = file("p.jpg", size=50)
        steps = list(plan([found], known(sent("p.jpg", 1)), self.ordered))
        assert steps == [Step(found, Act.RESCAN, 1, "order")]

    def test_the_newest_version_is_what_a_file_must_differ_from(self) -> None:
        journal = known(sent("p.jpg", 1), sent("p.jpg", 1, version=2, size=50, sha="b"))
        assert acts([file("p.jpg", size=50)], journal, self.ordered) == [("p.jpg", "scan_again", 1)]


HELD = {1: (1, "a"), 2: (2, "b")}
WHOLE = (file("p1.jpg", sha="a"), file("p2.jpg", sha="b"))


class TestClearing:
    journal = known(sent("p1.jpg", 1), sent("p2.jpg", 2, version=2, sha="b"))

    def against(self, *files: Found, journal: Remembered | None = None) -> list[tuple[str, str]]:
        return [(each.path.name, each.reason) for each in obstacles(files, journal or self.journal, HELD)]

    def test_nothing_stands_against_it_when_every_image_is_what_the_archive_holds(self) -> None:
        assert self.against(*WHOLE) == []

    @pytest.mark.parametrize(
        ("name", "reason"),
        [("0099.jpg", "not_an_image"), ("0097.bmp", "not_an_image"), ("p3.jpg", "empty"), (".0098.jpg", "")],
    )
    def test_any_file_that_was_never_sent_does(self, name: str, reason: str) -> None:
        assert self.against(*WHOLE, file(name, left_out=reason)) == [(name, reason or "not_sent")]

    @pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", ".DS_Store"])
    def test_what_file_managers_leave_behind_does_not_unless_it_is_an_image(self, name: str) -> None:
        assert self.against(*WHOLE, file(name, left_out="not_an_image")) == []
        assert self.against(*WHOLE, file(name)) == [(name, "not_sent")]

    def test_an_image_that_was_never_sent_does(self) -> None:
        assert self.against(*WHOLE, file("p99.jpg", sha="a")) == [("p99.jpg", "not_sent")]
        assert self.against(*WHOLE, file("p99.jpg"), journal=known()) == [
            (name, "not_sent") for name in ("p1.jpg", "p2.jpg", "p99.jpg")
        ]

    @pytest.mark.parametrize("changed", [file("p1.jpg", sha="x"), file("p1.jpg", size=105, sha="a"), file("p1.jpg")])
    def test_an_image_whose_bytes_are_others_now_does(self, changed: Found) -> None:
        assert self.against(changed, WHOLE[1]) == [("p1.jpg", "changed")]

    def test_an_image_that_another_version_has_replaced_there_does(self) -> None:
        journal = known(sent("p1.jpg", 1), sent("p2.jpg", 2, sha="b"))
        assert self.against(*WHOLE, journal=journal) == [("p2.jpg", "replaced")]

    @pytest.mark.parametrize("reason", ["unreadable", "not_a_file", "symbolic_link"])
    def test_what_nobody_has_looked_into_does(self, reason: str) -> None:
        assert self.against(*WHOLE, file("inside", left_out=reason)) == [("inside", reason)]


class TestLookout:
    def test_a_file_is_complete_when_two_looks_some_time_apart_find_it_the_same(self) -> None:
        clock = iter([0.0, 1.0, 2.0, 3.0, 4.5, 6.0])
        lookout = Lookout(2.0, lambda: next(clock))
        growing = [file("p.jpg", size).seen for size in (1, 1, 1, 9, 9, 9)]
        assert [lookout.is_complete(each) for each in growing] == [False, False, True, False, False, True]

    def test_a_clock_that_is_ahead_or_behind_makes_no_difference(self) -> None:
        for at in (0, 1 << 62):
            clock = iter([0.0, 2.0])
            lookout = Lookout(2.0, lambda clock=clock: next(clock))  # type: ignore[misc]
            assert [lookout.is_complete(file("p.jpg", at=at).seen) for _ in range(2)] == [False, True]


def order(code: str, folder: str, at: str = "") -> ScanOrder:
    return ScanOrder(at or code, code, folder, "Hồ sơ", "open", 2, 0, 0)


FIRST, SECOND = order("H01.P01.0", "H01_P01_0-21b6224f"), order("H01.P01/0", "H01_P01_0-aaaaaaaa")


class TestMatching:
    def meant(self, *folders: str, orders: tuple[ScanOrder, ...] = (FIRST,)) -> tuple[dict[str, str], list[str]]:
        matched = match([Path(folder) for folder in folders], orders)
        odd = [path.name for path in matched.unknown] + [f"? {path.name}" for path, _ in matched.ambiguous]
        return {path.name: found.file_code for path, found in matched.folders}, odd

    @pytest.mark.parametrize("name", ["H01_P01_0-21b6224f", "H01.P01.0", "H01_P01_0"])
    def test_a_folder_is_named_as_the_order_says_or_as_people_write_the_code(self, name: str) -> None:
        assert self.meant(name) == ({name: "H01.P01.0"}, [])

    def test_a_name_that_could_mean_two_dossiers_means_none(self) -> None:
        assert self.meant("H01_P01_0", orders=(FIRST, SECOND)) == ({}, ["? H01_P01_0"])
        twins = (order("A", "A", "1"), order("A", "A", "2"))
        assert self.meant("A", orders=twins) == ({}, ["? A"])

    def test_of_two_folders_of_one_dossier_the_surer_one_is_it(self) -> None:
        assert self.meant("H01.P01.0", "H01_P01_0-21b6224f") == ({"H01_P01_0-21b6224f": "H01.P01.0"}, ["? H01.P01.0"])

    def test_a_code_typed_in_another_unicode_form_is_the_same_code(self) -> None:
        assert self.meant(unicodedata.normalize("NFD", "Hồ"), orders=(order("Hồ", "H_-11111111"),)) == (
            {unicodedata.normalize("NFD", "Hồ"): "Hồ"},
            [],
        )

    def test_a_code_that_looks_like_a_name_with_a_digest_is_not_cut(self) -> None:
        assert self.meant("A", orders=(order("A-12345678", "A-12345678"),)) == ({}, ["A"])

    def test_a_folder_that_fits_nothing_is_unknown(self) -> None:
        assert self.meant("abc") == ({}, ["abc"])
