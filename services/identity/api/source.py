"""Where a request comes from, as far as it can be known."""

from typing import Annotated

from fastapi import Depends, Request

from services.identity.domain.patience import neighbourhood


def source_of(request: Request) -> str:
    """Give the caller's address; behind a gateway the one that it tells, if `serve --gateway` says to believe it."""
    return neighbourhood(request.client.host) if request.client else ""


Source = Annotated[str, Depends(source_of)]
