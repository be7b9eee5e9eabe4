"""What the gateway answers by itself is a problem document too, and tells a service that is away from a lost answer."""

import json
import re
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cli.backing.gateway import Gateway
from cli.backing.problem_pages import ALL, MAPS, PAGES, maps, pages
from cli.demo.system import free_port
from services.embedded import SERVICES
from shared.texts import SHARED, Texts

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy" / "compose"


class Vanishing(socketserver.StreamRequestHandler):
    """Takes a request and is gone before it answers."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass


@pytest.fixture
def lost() -> Iterator[int]:
    """Give the port of a service that dies of every request."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Vanishing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def gateway(open_folder: Path, lost: int) -> Iterator[Gateway]:
    with Gateway(open_folder / "gateway", {"catalog": free_port(), "ingest": lost}) as server:
        yield server


def raw(gateway: Gateway, request: bytes) -> tuple[int, dict[str, object]]:
    """Send bytes, and give status and problem document of the answer."""
    with socket.create_connection(("127.0.0.1", gateway.ports["http"]), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head, answer[:500]
    return int(head.split()[1]), json.loads(body)


REQUESTS = {
    b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n": (404, "not_found"),
    b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n": (404, "not_found"),
    b"POST /catalog HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n": (404, "not_found"),
    b"GET /problems/400 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n": (404, "not_found"),
    b"TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n": (405, "method_not_allowed"),
    b"GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n": (400, "request_malformed"),
    b"GARBAGE\r\n\r\n": (400, "request_malformed"),
    b"GET / HTTP/1.1\r\n\r\n": (400, "request_malformed"),
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n": (400, "request_malformed"),
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab": (400, "request_malformed"),
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n": (
        400,
        "request_malformed",
    ),
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n": (400, "request_malformed"),
    b"GET / HTTP/1.1\r\nHost: x\r\na: " + b"x" * 40_000 + b"\r\n\r\n": (431, "headers_too_large"),
    b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n": (431, "headers_too_large"),
}


def test_what_no_service_hears_of_is_answered_with_a_problem_document(gateway: Gateway) -> None:
    for request, expected in REQUESTS.items():
        status, told = raw(gateway, request)
        assert (status, told["code"], told["status"]) == (*expected, expected[0]), request[:60]
        assert told["request_id"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_service_that_is_away_is_told_from_an_answer_that_was_lost(gateway: Gateway, language: str) -> None:
    texts = Texts([SHARED])
    with httpx.Client(base_url=gateway.url, headers={"Accept-Language": language}, trust_env=False) as client:
        for method in ("GET", "POST"):
            away = client.request(method, "/catalog/fonds")
            assert (away.status_code, away.json()["code"], away.headers["retry-after"]) == (503, "unavailable", "2")
            gone = client.request(method, "/ingest/scan-orders")
            assert (gone.status_code, gone.json()["code"]) == (502, "answer_lost"), "a POST may have been done"
            for answer in (away, gone):
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.headers["content-language"] == language
                assert answer.json()["title"] == texts.say(answer.json()["code"], language)  # type: ignore[arg-type]


def test_every_page_has_words_in_both_languages() -> None:
    assert {page.code for page in ALL} | {"unavailable"} <= Texts([SHARED]).codes


def test_the_gateway_of_the_containers_has_the_same_pages_and_nginx_can_read_them(tmp_path: Path) -> None:
    for name, text in ((MAPS, maps()), (PAGES, pages())):
        assert (COMPOSE / name).read_text() == text, "make docs"
        (tmp_path / name).write_text(text)
        assert f"./deploy/compose/{name}:/etc/nginx/{name}:ro" in (ROOT / "docker-compose.yml").read_text()
    settings = (COMPOSE / "nginx.conf").read_text().replace("/etc/nginx/", f"{tmp_path}/")
    settings = re.sub(r"ssl_certificate(_key)? .*;", "", settings).replace("8443 ssl", "8443")
    settings = re.sub(rf"https://({'|'.join(SERVICES)}):8071", "https://127.0.0.1:8071", settings)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/nginx.pid;\n{settings}")
    words = ["/usr/sbin/nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
