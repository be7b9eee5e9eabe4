"""Findings as their reader sees them: data for programs, and words in the language that was asked for."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from services.qc.domain.finding import Finding, Severity
from services.qc.domain.wording import worded
from shared.texts import Language, preferred
from shared.wire import Out


class FindingOut(Out):
    """What is wrong with a page: stable code, weight, measured value, the limit it broke, and that in words."""

    code: str
    severity: Severity
    value: str | float | None
    limit: str | float | None
    text: str


def reader_of(request: Request, response: Response) -> Language:
    """Give the language of the words in an answer, chosen as for problems, and say it in the answer."""
    language = preferred(request.headers.get("accept-language"))
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    return language


Reader = Annotated[Language, Depends(reader_of)]


def told(findings: Sequence[Mapping[str, Any]], language: Language) -> list[FindingOut]:
    """Say findings in a language."""
    read = [Finding.of(each) for each in findings]
    return [FindingOut(**finding.told(), text=worded(finding, language)) for finding in read]
