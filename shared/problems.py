"""Errors on the wire: problem documents (RFC 9457) with a stable code, in the reader's language."""

import logging
from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.errors import ArchiveError, TransferBroken
from shared.field_words import words_for
from shared.texts import Language, Texts, preferred

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
BY_STATUS = {401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}

Facts = Mapping[str, object]
Worded = Callable[[str, Facts, Language], Facts]  # gives the facts of a code with words for what they tell by codes


def as_told(_code: str, facts: Facts, _language: Language) -> Facts:
    """Add no words to facts."""
    return facts


class Problems:
    """Turns what went wrong into answers."""

    def __init__(self, texts: Texts, worded: Worded = as_told) -> None:
        self._texts = texts
        self._worded = worded

    def install(self, app: FastAPI) -> None:
        """Answer for every kind of error an app can raise."""
        app.add_exception_handler(ArchiveError, self.explain)
        app.add_exception_handler(RequestValidationError, self.explain_fields)
        app.add_exception_handler(HTTPException, self.explain_status)
        app.add_exception_handler(Exception, self.confess)

    async def explain(self, request: Request, error: Exception) -> JSONResponse:
        """Answer for an error we know by name."""
        if not isinstance(error, ArchiveError):
            return await self.confess(request, error)
        headers = {**error.headers, **({"Retry-After": "2"} if error.retryable else {})}
        if error.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return self.answer(request, error.code, error.status, error.detail, headers, **error.facts)

    async def explain_fields(self, request: Request, error: Exception) -> JSONResponse:
        """Answer for a body, path or query that does not have the promised shape: which field, and why."""
        found = error.errors() if isinstance(error, RequestValidationError) else []
        language = preferred(request.headers.get("accept-language"))
        fields = [
            {"field": ".".join(str(step) for step in each["loc"]), "message": words_for(each, language)}
            for each in found
        ]
        return self.answer(request, "invalid_request", 422, "", {}, fields=fields)

    async def explain_status(self, request: Request, error: Exception) -> JSONResponse:
        """Answer for what the framework refused: an unknown address, a wrong method."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        return self.answer(request, BY_STATUS.get(status, "refused"), status, "", headers)

    async def confess(self, request: Request, error: Exception) -> JSONResponse:
        """Answer for what nobody foresaw; the details stay in the log."""
        if not isinstance(error, TransferBroken):  # whoever serves says it, in one line
            log.error("unforeseen: %s %s", request.method, request.url.path, exc_info=error)
        return self.answer(request, "internal", 500, "", {})

    def answer(
        self, request: Request, code: str, status: int, detail: str, headers: dict[str, str], **facts: object
    ) -> JSONResponse:
        """Write the problem document; a code may have words of its own for a reason that is told with it."""
        language = preferred(request.headers.get("accept-language"))
        closer = f"{code}.{facts.get('reason')}"
        title = self._texts.say(closer if closer in self._texts.codes else code, language)
        request_id = request.scope.get("request_id", "")
        problem = {**document(code, status, title, request_id), "detail": detail}
        problem |= self._worded(code, facts, language)
        return JSONResponse(problem, status, {**headers, "Content-Language": language}, MEDIA_TYPE)


def document(code: str, status: int, title: str, request_id: str) -> dict[str, object]:
    """Give the members that every problem document has."""
    return {
        "type": f"/errors/{code}",
        "code": code,
        "title": title,
        "status": status,
        "detail": "",
        "request_id": request_id,
    }
