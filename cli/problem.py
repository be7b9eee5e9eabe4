"""What a service answers when it refuses: a problem document (RFC 9457), raised as an error."""

from collections.abc import Mapping
from typing import Any

import httpx

TRY_AGAIN = frozenset({408, 429, 502, 503, 504, 507})
UNHEARD = frozenset({429, 503})  # the service itself refused, so even a POST has done nothing
LONGEST_RETRY_AFTER = 60.0


class ApiProblem(Exception):
    """The service refused, and said why: `status`, `code`, `title`, `detail`, and all of it in `facts`."""

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: float = 0.0) -> None:
        self.status = status
        self.code = str(problem.get("code", status))
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.facts = problem
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {self.title} {self.detail}".strip())

    def may_pass(self, method: str) -> bool:
        """Say whether the same request may be sent again and may then succeed."""
        return self.status in (UNHEARD if method == "POST" else TRY_AGAIN)


def problem_of(answer: httpx.Response) -> ApiProblem:
    """Read a problem document; an answer that is none still becomes an error."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    seconds = answer.headers.get("Retry-After", "")
    retry_after = min(float(seconds), LONGEST_RETRY_AFTER) if seconds.isdecimal() else 0.0
    return ApiProblem(answer.status_code, problem if isinstance(problem, dict) else {}, retry_after)
