"""Timestamps over HTTP (RFC 3161)."""

import httpx
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

TSA_TIMEOUT = 30.0
LARGEST_ANSWER = 1 << 20


class NoTimestamp(Exception):
    """The timestamping service gave no timestamp; the text says why."""


class HttpTimeStamper(TimeStamper):
    """Asks an RFC 3161 service over HTTP."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask once. Raises NoTimestamp."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            async with httpx.AsyncClient(timeout=TSA_TIMEOUT) as client:
                answer = await client.post(self._url, content=req.dump(), headers=headers)
            answer.raise_for_status()
            if len(answer.content) > LARGEST_ANSWER:
                raise NoTimestamp("its answer is too long")
            told = tsp.TimeStampResp.load(answer.content, strict=True)
            if told["status"]["status"].native == "granted":
                sealed = told["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
                if sealed["message_imprint"].native != req["message_imprint"].native:
                    raise NoTimestamp("a timestamp of something else")
            return told
        except (httpx.HTTPError, ValueError) as failure:
            raise NoTimestamp(str(failure) or type(failure).__name__) from failure
