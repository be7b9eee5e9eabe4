"""What stops a copy or a restore, in words with a stable code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from cli.doors import NOT_NOW
from cli.language import is_english, say
from shared.errors import ArchiveError, StorageFull, Unavailable
from shared.texts import SHARED, Texts

REFUSED = 2
WORDS = Texts([SHARED])


class CopyRefused(Exception):
    """It cannot be done this way; the text says why, the code stays the same."""

    def __init__(self, code: str, vi: str, en: str, exit_code: int = REFUSED) -> None:
        super().__init__(f"{code}: {say(vi, en)}")
        self.code, self.exit_code = code, exit_code


@contextmanager
def told_plainly() -> Iterator[None]:
    """End a command that cannot go on: 2 when it is meant wrongly, 3 when trying later may help."""
    try:
        yield
    except CopyRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(refused.exit_code) from refused
    except ArchiveError as failed:
        typer.echo(f"{failed.code}: {WORDS.say(failed.code, 'en' if is_english() else 'vi')} ({failed})", err=True)
        raise typer.Exit(NOT_NOW if isinstance(failed, Unavailable | StorageFull) else REFUSED) from failed


def place_of(path: Path) -> str:
    """Show a folder as a person finds it."""
    return str(path.absolute())
