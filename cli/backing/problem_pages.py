"""What a gateway answers by itself: problem documents like those of the services, as settings of nginx.

`python -m cli.backing.problem_pages FOLDER` writes them for the containers, next to their gateway's own settings.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.problems import MEDIA_TYPE, document
from shared.texts import SHARED, Texts

TEXTS = Texts([SHARED])
MAPS, PAGES = "problem-texts.conf", "problem-pages.conf"
CONNECTED = '$upstream_connect_time ~ "[0-9]"'


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """One answer: for which of nginx's own statuses, and what the caller hears."""

    causes: str
    status: int
    code: str

    @property
    def place(self) -> str:
        """Give the address that only the gateway itself can go to."""
        return f"/problems/{self.causes.split()[0]}"

    def answer(self, status: int, code: str) -> str:
        """Say a problem in nginx's words."""
        told = document(code, status, f"$title_of_{code}", "$request_id")
        return f"return {status} '{json.dumps(told)}';"

    def lines(self) -> Iterator[str]:
        """Give the settings of this answer."""
        yield f"error_page {self.causes} = {self.place};"  # `=`: the status is what the page says
        yield f"location = {self.place} {{"
        yield "    internal;"
        yield f"    default_type {MEDIA_TYPE};"
        yield "    add_header Content-Language $problem_language always;"
        if self.code == "answer_lost":
            # never connected: the service cannot have done anything, and even a POST may be sent again
            yield "    add_header Retry-After 2 always;"
            yield f"    if ({CONNECTED}) {{ {self.answer(self.status, self.code)} }}"
            yield f"    {self.answer(503, 'unavailable')}"
        else:
            yield f"    {self.answer(self.status, self.code)}"
        yield "}"


ALL = (
    OwnAnswer("400 411 497 501 505", 400, "request_malformed"),  # 497: plain HTTP where TLS is spoken
    OwnAnswer("403 404", 404, "not_found"),
    OwnAnswer("405", 405, "method_not_allowed"),
    OwnAnswer("408", 408, "too_slow"),
    OwnAnswer("413", 413, "too_large"),
    OwnAnswer("414 494", 431, "headers_too_large"),
    OwnAnswer("500", 500, "internal"),
    OwnAnswer("502", 502, "answer_lost"),
    OwnAnswer("504", 504, "answer_lost"),
)


def maps() -> str:
    """Give the texts of the pages by language, for nginx's http block."""
    lines = ['map $http_accept_language $problem_language { default vi; "~*^\\s*en" en; }']
    for code in sorted({page.code for page in ALL} | {"unavailable"}):
        vi, en = (json.dumps(TEXTS.say(code, language), ensure_ascii=False)[1:-1] for language in ("vi", "en"))
        lines.append(f"map $problem_language $title_of_{code} {{ vi '{vi}'; en '{en}'; }}")
    return "\n".join(lines) + "\n"


def pages() -> str:
    """Give the pages themselves, for nginx's server block."""
    return "\n".join(line for page in ALL for line in page.lines()) + "\n"


def main() -> None:
    """Write both into the folder that is named."""
    folder = Path(sys.argv[1])
    (folder / MAPS).write_text(maps(), "utf-8")
    (folder / PAGES).write_text(pages(), "utf-8")


if __name__ == "__main__":
    main()
