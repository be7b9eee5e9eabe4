"""What a station's operator reads of files that are no pages: words, and what is hidden too."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from cli.scan import folder
from cli.scan.folder import LeftOut, files_of, hidden_of
from cli.scan.round import Round, Wanted
from cli.scan.telling import lines_of, list_orders, tell

REASONS = [folder.LINK, folder.NOT_A_FILE, folder.UNREADABLE, folder.EMPTY, folder.NOT_AN_IMAGE, folder.OUTSIDE]


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_told_in_words(reason: str) -> None:
    left = LeftOut(Path("d") / "p1", reason)
    told = "\n".join(lines_of(Round(left_out=[left], not_to_be_cleared=[("H49", [left])])))
    assert told.count("p1: ") == 2
    assert reason not in told


def test_what_is_hidden_is_no_page_but_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / ".0098.jpg").write_bytes(b"\xff\xd8\xff\xe0 page")
    (tmp_path / "0099.jpg").write_bytes(b"damaged")
    assert [(seen.path.name, seen.left_out) for seen in files_of(tmp_path)] == [("0099.jpg", "not_an_image")]
    assert [(seen.path.name, seen.left_out) for seen in hidden_of(tmp_path)] == [(".0098.jpg", "")]


def test_a_page_to_be_scanned_again_is_told_with_its_reason_and_its_old_image() -> None:
    page, old = Path("H49/p1.jpg"), Path("old/H49/p1-v1.jpg")
    done = Round(to_scan_again=[page], wanted={page: Wanted("order", 1, "Ảnh mờ, không nét")}, old_images={page: old})
    told = "\n".join(lines_of(done))
    assert "Ảnh mờ, không nét" in told
    assert str(old) in told


def test_a_name_from_outside_does_nothing_to_the_terminal() -> None:
    hostile, screen = "\x1b[31mH49\u202e", StringIO()
    console = Console(file=screen)
    tell(console, Round(unknown_folders=[Path(hostile)], refused=[(Path(hostile), "x\x1b]0;y\x07")]))
    list_orders(console, [], {}, [hostile])
    told = screen.getvalue()
    assert told.count("\\x1b[31mH49\\u202e") == 3
    assert not {"\x1b", "\u202e", "\x07"} & set(told)
