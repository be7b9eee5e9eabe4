"""A signature proves a manifest back to a certificate that is trusted; whatever is changed in either is refused."""

import random
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from shared.delivery.signature import SignatureRefused, anchors_in, verify
from shared.delivery.signing import Signer
from shared.signing.certificate import CertificateRefused, KeyedCertificate
from shared.signing.timestamps import HttpTimeStamper, NoTimestamp
from tests.signers import PASSWORD, Authority, authority

MUTANTS = 1000
CONTENT = b'{"format":"saoluu.delivery.v1"}\n' * 40


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    place = tmp_path / "manifest.jsonl"
    place.write_bytes(CONTENT)
    return place


async def signature(root: Authority, kind: str = "rsa", timestamper: TimeStamper | None = None) -> bytes:
    return await Signer(KeyedCertificate.open(root.signer(f"Trung tam {kind}", kind=kind), PASSWORD), timestamper).sign(
        sha256(CONTENT).digest()
    )


def put(place: Path, body: bytes) -> None:
    place.write_bytes(body)


def run(command: list[str]) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode


def mutated(body: bytes, chance: random.Random) -> bytes:
    """Change something: a bit, a byte, a piece cut out or put in."""
    changed, at = bytearray(body), chance.randrange(len(body))
    match chance.randrange(4):
        case 0 | 1:
            changed[at] ^= 1 << chance.randrange(8)
        case 2:
            del changed[at : at + chance.randrange(1, 20)]
        case _:
            changed[at:at] = chance.randbytes(chance.randrange(1, 20))
    return bytes(changed)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
@pytest.mark.parametrize("with_timestamp", [False, True])
async def test_a_thousand_mutated_signatures_are_all_refused(
    root: Authority, manifest: Path, kind: str, with_timestamp: bool
) -> None:
    made = await signature(root, kind, root.timestamper() if with_timestamp else None)
    anchors = anchors_in(root.pem)
    signed = await verify(manifest, made, anchors)
    assert (signed.signer, signed.timestamp is not None) == (f"Common Name: Trung tam {kind}", with_timestamp)
    chance, accepted = random.Random(20261128), []
    for number in range(MUTANTS):
        wrong = mutated(made, chance)
        if wrong == made:
            continue
        try:
            await verify(manifest, wrong, anchors)
            accepted.append(number)
        except SignatureRefused:
            pass
    assert accepted == []


async def test_a_thousand_mutated_manifests_are_all_refused(root: Authority, manifest: Path) -> None:
    made, anchors, chance = await signature(root), anchors_in(root.pem), random.Random(7)
    for _ in range(MUTANTS):
        wrong = mutated(CONTENT, chance)
        if wrong == CONTENT:
            continue
        put(manifest, wrong)
        with pytest.raises(SignatureRefused, match="another manifest"):
            await verify(manifest, made, anchors)


async def test_only_who_is_trusted_can_sign(root: Authority, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    stranger = authority(tmp_path / "other", "CA")
    made = await signature(stranger)
    with pytest.raises(SignatureRefused):
        await verify(manifest, made, anchors_in(root.pem))
    with pytest.raises(SignatureRefused, match="timestamp"):
        await verify(manifest, await signature(root, "rsa", stranger.timestamper()), anchors_in(root.pem))
    assert (await verify(manifest, made, anchors_in(stranger.pem))).timestamp is None


async def test_a_certificate_is_looked_at_before_it_signs(root: Authority) -> None:
    for password in (b"wrong", None):
        with pytest.raises(CertificateRefused):
            KeyedCertificate.open(root.signer("Ai do"), password)
    with pytest.raises(CertificateRefused):
        KeyedCertificate.open(root.pem, PASSWORD)
    with pytest.raises(CertificateRefused, match="valid from"):
        await Signer(KeyedCertificate.open(root.signer("Het han", days=-10), PASSWORD)).sign(sha256(b"").digest())


@pytest.mark.parametrize("with_timestamp", [False, True])
async def test_openssl_comes_to_the_same(root: Authority, manifest: Path, with_timestamp: bool) -> None:
    place = manifest.with_suffix(".p7s")
    put(place, await signature(root, "rsa", root.timestamper() if with_timestamp else None))
    openssl = shutil.which("openssl")
    assert openssl
    command = [openssl, "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", str(place)]
    command += ["-content", str(manifest), "-CAfile", str(root.pem), "-purpose", "any", "-out", "/dev/null"]
    assert run(command) == 0
    put(manifest, CONTENT + b"x")
    assert run(command) != 0


async def test_timestamps_come_from_a_service_over_http_or_nothing_is_signed(root: Authority, manifest: Path) -> None:
    told = {"status": 200, "nonce": True, "imprint": True}
    service = root.timestamper()

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if not told["nonce"]:
                asked["nonce"] = 1
            if not told["imprint"]:
                asked["message_imprint"]["hashed_message"] = bytes(32)
            answer = service.request_tsa_response(asked).dump()
            self.send_response(told["status"])
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        certificate = KeyedCertificate.open(root.signer("Co dau"), PASSWORD)
        signer = Signer(certificate, HttpTimeStamper(f"http://127.0.0.1:{server.server_port}/"))
        made = await signer.sign(sha256(CONTENT).digest())
        assert (await verify(manifest, made, anchors_in(root.pem))).timestamp is not None
        for wrong in ({"status": 500}, {"nonce": False}, {"imprint": False}):
            told |= {"status": 200, "nonce": True, "imprint": True} | wrong
            with pytest.raises(NoTimestamp):
                await signer.sign(sha256(CONTENT).digest())
        server.shutdown()
        thread.join()
    with pytest.raises(NoTimestamp):
        await signer.sign(sha256(CONTENT).digest())
    assert replace(await verify(manifest, made, anchors_in(root.pem)), timestamp=None).signer == "Common Name: Co dau"
