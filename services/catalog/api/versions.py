"""Versions of a dossier as HTTP tells them: a strong tag (RFC 9110 §8.8.3), and the one a change is meant for."""

import re
from typing import Annotated

from fastapi import Depends, Request, Response

from services.catalog.errors import VersionUntold

_TAG = re.compile(r'"(\d{1,9})"')


def tag(response: Response, version: int) -> None:
    """Tell the version of a dossier in an answer."""
    response.headers["ETag"] = f'"{version}"'


def expected_version(request: Request) -> int:
    """Give the version that a change is meant for, so that nobody overwrites what he has not seen.

    Raises VersionUntold without an If-Match that names one; `*` names none.
    """
    found = _TAG.fullmatch(request.headers.get("if-match", "").strip())
    if not found:
        raise VersionUntold
    return int(found[1])


Expected = Annotated[int, Depends(expected_version)]
