"""The press: its typesetter never outlives the one who waits for it, and what it cannot set is an error with a name."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.papers import press as pressing
from shared.papers.errors import PaperNotSet
from shared.papers.lists import Column, ListPaper
from shared.papers.office import FONTS
from shared.papers.press import Press
from shared.papers.typesetting import faces_for
from tests.service.reading_room import said

AT = datetime(2026, 11, 25, tzinfo=UTC)


def long_list(rows: int) -> ListPaper:
    row = tuple(f"Hồ sơ {number}" for number in range(5))
    columns = tuple(Column("Tiêu đề", 30) for _ in row)
    return ListPaper("Hồ sơ", "DANH MỤC", (), columns, (row,) * rows, row, "")


def typesetters() -> int:
    """Count the typesetters that this process has started and that still run."""
    count = 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command, stat = (place / "cmdline").read_bytes(), (place / "stat").read_text()
        except OSError:
            continue
        parent = int(stat.rpartition(")")[2].split()[1])
        count += parent == os.getpid() and b"papers.typesetting" in command
    return count


async def test_a_typesetter_ends_with_the_request_it_works_for() -> None:
    task = asyncio.create_task(Press(FONTS).print_list(long_list(5_000), AT))
    for _ in range(200):
        if typesetters():
            break
        await asyncio.sleep(0.02)
    assert typesetters() == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert typesetters() == 0


async def test_only_one_paper_is_set_at_a_time() -> None:
    press, most = Press(FONTS), 0
    tasks = [asyncio.create_task(press.print_list(long_list(300), AT)) for _ in range(3)]
    while not all(task.done() for task in tasks):
        most = max(most, typesetters())
        await asyncio.sleep(0.01)
    assert most == 1
    first, *others = [task.result() for task in tasks]
    assert others == [first, first]


async def test_a_paper_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressing, "DEADLINE", 0.05)
    with pytest.raises(PaperNotSet, match="not within"):
        await Press(FONTS).print_list(long_list(5_000), AT)
    assert typesetters() == 0


async def test_a_paper_that_cannot_be_set_is_an_error_with_a_name() -> None:
    odd = Column("Tiêu đề", float("nan"))  # type: ignore[arg-type] # no width at all
    paper = ListPaper("Hồ sơ", "DANH MỤC", (), (odd,), (("Hồ sơ",),), ("Cộng",), "")
    with pytest.raises(PaperNotSet, match="4: "):
        await Press(FONTS).print_list(paper, AT)


async def test_han_and_nom_are_printed_as_written_or_not_at_all(tmp_path: Path) -> None:
    title = "Sách Hán Nôm 漢喃 𡨸喃"
    row = (title,)
    paper = ListPaper("Hồ sơ", "DANH MỤC", (), (Column("Tiêu đề", 0),), (row,), (None,), "")
    (tmp_path / "list.pdf").write_bytes(await Press(FONTS).print_list(paper, AT))
    assert title in await asyncio.to_thread(said, "pdftotext", tmp_path / "list.pdf", "-")
    assert "HanaMinB" in await asyncio.to_thread(said, "pdffonts", tmp_path / "list.pdf")
    with pytest.raises(LookupError, match="HanaMinA"):
        faces_for(title, ["Tinos"], FONTS)
    assert faces_for("Phông", ["Tinos"], FONTS) == ["Tinos"]
