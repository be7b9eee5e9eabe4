"""Words instead of tracebacks: what stops a command is told in one line, with an exit code that stays the same."""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from cli.client import ApiProblem
from cli.credential import CredentialRefused
from cli.language import say

REFUSED, NOT_NOW = 2, 3
TELL_AGAIN = 15.0
FAILURES = (CredentialRefused, ApiProblem, httpx.HTTPError, httpx.InvalidURL, OSError, sqlite3.Error)


@contextmanager
def explained_failures() -> Iterator[None]:
    """End a command that cannot go on: 2 when it is refused or meant wrongly, 3 when trying later may help."""
    try:
        yield
    except FAILURES as failure:
        leave(failure)
    except BaseExceptionGroup as group:
        first = first_of(group)
        if not isinstance(first, FAILURES):
            raise
        leave(first)


def leave(failure: BaseException) -> None:
    """Say what happened, and leave with its exit code."""
    print(words_of(failure), file=sys.stderr)
    raise SystemExit(exit_code(failure)) from failure


def exit_code(failure: BaseException) -> int:
    """Say whether trying later may help."""
    is_refusal = isinstance(failure, ApiProblem) and failure.status < 500
    if is_refusal or isinstance(failure, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return REFUSED
    return NOT_NOW if isinstance(failure, ApiProblem | httpx.HTTPError) else REFUSED


def words_of(failure: BaseException) -> str:
    """Put a failure into words."""
    said = str(failure) or type(failure).__name__
    if isinstance(failure, httpx.UnsupportedProtocol | httpx.InvalidURL | httpx.LocalProtocolError):
        return say(
            f"Địa chỉ hệ thống phải bắt đầu bằng http:// hoặc https:// ({said})",
            f"The system's address begins with http:// or https:// ({said})",
        )
    if isinstance(failure, httpx.HTTPError):
        return say(f"Không liên lạc được với hệ thống: {said}", f"The system does not answer: {said}")
    if isinstance(failure, sqlite3.Error):
        return say(f"Không dùng được tệp cơ sở dữ liệu: {said}", f"A database file cannot be used: {said}")
    if isinstance(failure, OSError) and failure.strerror:
        return f"{failure.filename}: {failure.strerror}" if failure.filename else failure.strerror
    return said


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Give the first failure of several that happened at the same time."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


class Outage:
    """Tells that a command waits for the system: at once, and then every quarter of a minute."""

    def __init__(self) -> None:
        self._told_at = float("-inf")

    def __call__(self, outage: Exception) -> None:
        """Tell, unless that was told a moment ago."""
        if time.monotonic() - self._told_at >= TELL_AGAIN:
            self._told_at = time.monotonic()
            print(
                say("Đang chờ hệ thống: ", "Waiting for the system: ") + words_of(outage), file=sys.stderr, flush=True
            )
