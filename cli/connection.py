"""One connection: HTTP as uvicorn reads it, with the limits and the answers that uvicorn does not have."""

import asyncio
from typing import Any, ClassVar

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from cli.refusal import Refusal

LINGER_SECONDS = 2.0  # a caller who still sends would lose the answer if the connection ended at once
LINGER_PORTION = 4 << 20  # who sends this much meanwhile, as a station does with a page, gets that time once more
LINGER_BYTES = 64 << 20  # and nobody is heard further than this
MALFORMED = Refusal(400, "request_malformed")
TOO_LARGE = Refusal(431, "headers_too_large")
TOO_SLOW = Refusal(408, "headers_too_slow")
STOPPING = Refusal(503, "unavailable")


class Connection(HttpToolsProtocol):
    """Bounds the head of a request (address and headers) in bytes and time, and refuses with problem documents.

    A caller who ends its side early is still answered: that its body was cut short, if it was. One who is answered
    before its body is whole is heard a little longer, so that the answer arrives, and then no more.
    """

    largest_head: ClassVar[int] = 32 << 10
    head_seconds: ClassVar[float] = 15.0

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*given, **named)
        self._inner, self.app = self.app, self._serve
        self.headers = []
        self._is_in_head = True
        self._has_begun = False
        self._is_over = False  # whatever comes now is thrown away
        self._thrown_away = 0
        self._ending: asyncio.TimerHandle | None = None
        self._fed = 0  # bytes since the parser last came to an end of something
        self._cut_short: Scope | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, a head in parts that cannot grow beyond the limit; when it is over all is thrown away."""
        while data and not self._is_over and not self.transport.is_closing():
            room = self.largest_head - self._fed if self._is_in_head else len(data)
            part, data = data[:room], data[room:]
            self._fed += len(part)
            super().data_received(part)
            if self._fed >= self.largest_head:
                self._refuse(TOO_LARGE)
        if self._is_over:
            self._throw_away(len(data))

    def eof_received(self) -> bool:  # type: ignore[override] # uvicorn's is None: its side closes too
        """Answer what was asked before the caller ended its side; True keeps ours open."""
        if self._is_over:
            return False
        if self._is_answering():
            self._end_after_answer()
            return self.scheme == "http"  # TLS knows no half of a connection
        if self._has_begun:
            self._refuse(MALFORMED)
        return False

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser could not read."""
        self._refuse(MALFORMED)

    def on_message_begin(self) -> None:
        """Begin to wait for the end of a head."""
        super().on_message_begin()
        self._has_begun = True
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Let the app have the request."""
        super().on_headers_complete()
        self._is_in_head, self._fed = False, 0
        self._stop_waiting()

    def on_body(self, body: bytes) -> None:
        """Let the app have a piece of the body."""
        self._fed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Be ready for the next request."""
        self._is_in_head, self._has_begun, self._fed = True, False, 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on to the next request, unless the body of this one is still to come: it may never end."""
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body and not self.transport.is_closing():
            self._linger()

    def _wait_for_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._has_begun:
            self._refuse(TOO_SLOW)
        elif not self._is_answering():
            self.transport.close()

    def _is_answering(self) -> bool:
        newest: RequestResponseCycle | None = self.cycle
        return newest is not None and not newest.response_complete

    def _refuse(self, refusal: Refusal) -> None:
        """Answer and end; while another request is being answered, only end after that."""
        if self._is_over or self.transport.is_closing():
            return
        self._is_over = True
        self._stop_waiting()
        self.flow.resume_reading()
        if self._is_answering():
            self._end_after_answer()
        else:
            self._answer_and_end(refusal)

    def _answer_and_end(self, refusal: Refusal) -> None:
        if self._is_in_head:  # else its request has an answer already
            self.transport.write(refusal.on_the_wire(self.headers, self.server_state.default_headers))
        self._linger()

    def _linger(self) -> None:
        """Say no more, and end when a caller who still sends has had time to read."""
        self._is_over = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._ending = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _throw_away(self, count: int) -> None:
        portions = self._thrown_away // LINGER_PORTION
        self._thrown_away += count
        if self._thrown_away > LINGER_BYTES:
            self.flow.pause_reading()
        elif self._ending is not None and self._thrown_away // LINGER_PORTION > portions:
            self._ending.cancel()
            self._ending = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _end_after_answer(self) -> None:
        """Tell the app if its body will never be whole, and end the connection with its answer."""
        self.cycle.keep_alive = False
        if self.cycle.more_body:
            self._cut_short = self.cycle.scope  # type: ignore[assignment] # the same under another name
            self.cycle.message_event.set()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; one that is stopped before its answer began is answered for."""
        has_started = False

        async def heard() -> Message:
            message = {} if self._cut_short is scope else await receive()
            return {"type": "http.disconnect"} if self._cut_short is scope else message

        async def told(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await self._before_telling(scope, message)
            await send(message)

        try:
            await self._inner(scope, heard, told)
        except asyncio.CancelledError:
            if not has_started:
                for message in STOPPING.messages(scope["headers"]):
                    await send(message)
            raise

    async def _before_telling(self, scope: Scope, message: Message) -> None:
        """Announce the end of a connection whose body is still to come; we end it ourselves, uvicorn would at once."""
        is_end = message["type"] == "http.response.body" and not message.get("more_body", False)
        if is_end:
            await self.flow.drain()  # so that nothing comes between this look and the end of the answer
        if self.cycle.scope is scope and self.cycle.more_body:
            self.cycle.keep_alive = is_end
