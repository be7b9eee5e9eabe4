"""Versions of what is changed as HTTP tells them: a strong tag (RFC 9110 §8.8.3), and the one a change is meant for."""

import re
from typing import Annotated

from fastapi import Depends, Request, Response

from services.catalog.errors import VersionUntold

_TAG = re.compile(r'"(\d{1,9})"')
_LIST_TAG = re.compile(r'"([0-9a-f]{32})"')


def tag(response: Response, version: int | str) -> None:
    """Tell in an answer the version of what it shows."""
    response.headers["ETag"] = f'"{version}"'


def expected_version(request: Request) -> int:
    """Give the version that a change is meant for, so that nobody overwrites what he has not seen.

    Raises VersionUntold without an If-Match that names one; `*` names none.
    """
    found = _TAG.fullmatch(request.headers.get("if-match", "").strip())
    if not found:
        raise VersionUntold
    return int(found[1])


def expected_tag(request: Request) -> str:
    """Give the tag of the list that a decision is meant for, so that nobody decides on what he has not seen.

    Raises VersionUntold without an If-Match that names one; `*` names none.
    """
    found = _LIST_TAG.fullmatch(request.headers.get("if-match", "").strip())
    if not found:
        raise VersionUntold
    return found[1]


Expected = Annotated[int, Depends(expected_version)]
ExpectedTag = Annotated[str, Depends(expected_tag)]
