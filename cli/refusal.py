"""An answer to a request that no app will ever see: a problem document, written as bytes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import Message

from shared.ids import new_id
from shared.problems import MEDIA_TYPE, document
from shared.texts import SHARED, Texts, preferred

TEXTS = Texts([SHARED])
Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is said: a status and a code of the shared texts."""

    status: int
    code: str

    def messages(self, asked: Headers) -> Iterator[Message]:
        """Give the answer as ASGI messages; `asked` are the request's headers, as far as they came."""
        headers, body = self._answer(asked)
        yield {"type": "http.response.start", "status": self.status, "headers": headers}
        yield {"type": "http.response.body", "body": body}

    def on_the_wire(self, asked: Headers, default: Headers) -> bytes:
        """Give the answer as it goes over the connection."""
        headers, body = self._answer(asked)
        lines = [b"%s: %s" % header for header in [*default, *headers]]
        return b"\r\n".join([b"HTTP/1.1 %d %s" % (self.status, self._phrase()), *lines, b"", body])

    def _phrase(self) -> bytes:
        return HTTPStatus(self.status).phrase.encode()

    def _answer(self, asked: Headers) -> tuple[list[tuple[bytes, bytes]], bytes]:
        language = preferred(dict(asked).get(b"accept-language", b"").decode("latin-1"))
        told = document(self.code, self.status, TEXTS.say(self.code, language), str(new_id()))
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-language", language.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        return ([*headers, (b"retry-after", b"2")] if self.status == HTTPStatus.SERVICE_UNAVAILABLE else headers), body
