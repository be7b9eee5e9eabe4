"""The receiver believes only what a trusted signature is over, whatever the server or the line does in between."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import OKPKey

from cli.pull.proof import Proof
from cli.pull.pulling import PullReport, pull_all
from shared.auth.roles import Role
from shared.delivery.manifest import FILE, SIGNATURE
from shared.delivery.receipt import demand_signed, statement
from shared.delivery.receipt_file import FILE as RECEIPTS
from shared.delivery.signature import anchors_in
from tests.harness import Bench
from tests.service.conftest import Set, in_one_mode
from tests.service.cutting import CutLine, Through, cutting, served
from tests.service.handover_office import RECEIVER, delivered, granted, sealed
from tests.service.station import Line, client_on
from tests.service.test_verify_command import run_cli
from tests.signers import PASSWORD, Authority, authority
from tests.verifying import verified

CUTS = 500
KEY = OKPKey.generate_key("Ed25519")
PUBLIC, PRIVATE = (KEY.as_pem(private=is_private).decode() for is_private in (False, True))
Bend = Callable[[bytes], bytes]


@pytest.fixture
def root(tmp_path: Path) -> Authority:
    folder = tmp_path / "ca"
    folder.mkdir()
    return authority(folder)


def signing(root: Authority) -> dict[str, str]:
    """Give the settings of a service that signs."""
    password = root.folder / "password"
    password.write_bytes(PASSWORD + b"\n")
    return {"handover_certificate": str(root.signer()), "handover_certificate_password_file": str(password)}


@asynccontextmanager
async def offered(at_work: Set, pages: list[Path], **settings: str) -> AsyncIterator[tuple[Bench, dict[str, Any]]]:
    """Offer one package to the receiver, who signs its receipts."""
    async with at_work("catalog", "ingest", "handover", "reporting", **settings) as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(system, pages)
        yield system, await delivered(system, receipt_key=PUBLIC)
        await asyncio.sleep(0.4)  # the others hear of the answer: cut off there, a database connection is not closed


async def pulled(system: Bench, to: Path, proof: Proof, bends: dict[str, Bend] | None = None) -> PullReport:
    """Pull over a line that bends the bodies of some files."""
    line = Line(system, Role.RECEIVER, RECEIVER)
    carry = line.handle_async_request

    async def carried(request: httpx.Request) -> httpx.Response:
        answer = await carry(request)
        bend = (bends or {}).get(request.url.path.rpartition("/")[2])
        if bend is None or answer.status_code != 200:
            return answer
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        return httpx.Response(200, headers=headers, content=bend(await answer.aread()))

    line.handle_async_request = carried  # type: ignore[method-assign]
    async with client_on(line) as client:
        return await pull_all(client, to, patience=2, proof=proof)


async def test_a_signed_delivery_is_pulled_answered_with_signatures_and_verified_by_plain_python(
    at_work: Set, made_pages: list[Path], root: Authority, tmp_path: Path
) -> None:
    async with offered(at_work, made_pages[:2], **signing(root)) as (system, package):
        officer = system.caller(Role.HANDOVER_OFFICER)
        seen = (await officer.get(f"/handover/deliveries/{package['delivery_id']}")).json()
        assert (seen["seal"], seen["signer"]) == ("signed", "Common Name: Trung tam Luu tru")
        parts = (await officer.get(f"/handover/deliveries/{package['delivery_id']}/parts")).json()["items"]
        told = {"number": 1, "package_count": 1, "page_count": 2, "byte_count": package["size"]}
        assert (parts, package["part"]) == ([told], 1)
        report = await pulled(system, tmp_path / "to", Proof(anchors_in(root.pem), PRIVATE))
        assert (len(report.verified), report.failed, report.unanswered) == (1, [], [])
        receipt = (await officer.get(f"/handover/packages/{package['id']}/receipt")).json()
        said = statement(package["id"], package["objid"], "accepted", package["sha256"], [])
        demand_signed(said, receipt["signature"], PUBLIC)
    folder = report.verified[0].parent
    assert {each.name for each in folder.iterdir()} == {FILE, SIGNATURE, RECEIPTS, report.verified[0].name}
    await asyncio.to_thread(demand_proof, folder, report.verified[0], root)


def demand_proof(folder: Path, package: Path, root: Authority) -> None:
    """Demand that both verifiers see that a delivery is right, and then that it is not."""

    def seen(expected: int, by_plain_python: str, *by_ours: str) -> None:
        code, said = verified(folder, "--ca", root.pem)
        assert (code, by_plain_python in said) == (expected, True), said
        for place in (folder, folder.parent):
            code, lines = run_cli(place, "--signer-ca", str(root.pem))
            assert (code, [each for each in by_ours if not any(each in line for line in lines)]) == (expected, []), (
                lines
            )

    seen(0, "signature of the manifest checked: openssl", f"{folder}/{FILE}: OK", f"{package}: OK")
    code, lines = run_cli(folder)
    assert (code, "KHÔNG được kiểm tra" in lines[0]) == (0, True)
    right = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(right.replace(b'"page_count":2', b'"page_count":1'))
    seen(1, "signature of the manifest wrong", "signature_refused")
    (folder / FILE).write_bytes(right)
    body = package.read_bytes()
    package.write_bytes(body[:-1] + b"x")
    seen(1, "digest_wrong", "package_differs")
    package.rename(folder / "other.zip")
    seen(1, "package_missing", "package_missing", "package_unlisted")
    (folder / "other.zip").rename(package)
    package.write_bytes(body)
    seen(0, "OK")


async def test_an_unsigned_manifest_is_told_and_believed_only_where_no_signature_is_asked_for(
    at_work: Set, made_pages: list[Path], root: Authority, tmp_path: Path
) -> None:
    async with offered(at_work, made_pages[:1]) as (system, package):
        officer = system.caller(Role.HANDOVER_OFFICER)
        seen = (await officer.get(f"/handover/deliveries/{package['delivery_id']}")).json()
        assert (seen["seal"], seen["signer"]) == ("unsigned", "")
        answer = await officer.get(f"/handover/deliveries/{package['delivery_id']}/{SIGNATURE}")
        assert (answer.status_code, answer.json()["code"]) == (404, "handover.manifest_unsigned")
        report = await pulled(system, tmp_path / "to", Proof(anchors_in(root.pem), PRIVATE))
        assert [reason for _, reason in report.unanswered] == [f"{FILE} is not signed"]
        assert report.verified == []
        report = await pulled(system, tmp_path / "to", Proof((), PRIVATE))
        assert len(report.verified) == 1
    code, said = await asyncio.to_thread(verified, report.verified[0].parent)
    assert (code, "NOT checked: the manifest is not signed" in said) == (0, True)
    code, _ = await asyncio.to_thread(verified, report.verified[0].parent, "--ca", root.pem)
    assert code == 1


@in_one_mode
async def test_a_server_that_gives_another_manifest_signature_or_list_is_believed_nothing(
    at_work: Set, made_pages: list[Path], root: Authority, tmp_path: Path
) -> None:
    def listed_otherwise(body: bytes) -> bytes:
        told = json.loads(body)
        told["items"][0]["sha256"] = "0" * 64
        return json.dumps(told).encode()

    async with offered(at_work, made_pages[:1], **signing(root)) as (system, _):
        proof, to = Proof(anchors_in(root.pem), PRIVATE), tmp_path / "to"
        chance = random.Random(1)
        bends: list[tuple[dict[str, Bend], str]] = [
            ({FILE: lambda body: body.replace(b'"part":1', b'"part":2')}, "another manifest"),
            ({FILE: lambda body: body[:-1]}, "another manifest"),
            ({SIGNATURE: lambda body: body[:-40] + chance.randbytes(40)}, SIGNATURE),
            ({SIGNATURE: lambda _: b""}, "not signed"),
            ({"packages": listed_otherwise}, f"is not the one that {FILE} lists"),
        ]
        for bent, why in bends:
            report = await pulled(system, to, proof, bent)
            assert (report.verified, report.failed) == ([], [])
            ((_, reason),) = report.unanswered
            assert why in reason
        assert not list(to.rglob("*.zip")), "nothing was fetched"
        keyless = await pulled(system, to, Proof(anchors_in(root.pem)))
        assert [reason.partition(":")[0] for _, reason in keyless.unanswered] == ["handover.receipt_unsigned"]
        assert len((await pulled(system, to, proof)).verified) == 1


@in_one_mode
async def test_five_hundred_cuts_at_any_byte_cost_no_byte_and_no_receipt(
    at_work: Set, made_pages: list[Path], root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.patience.FIRST_PAUSE", 0.001)
    proof = Proof(anchors_in(root.pem), PRIVATE)
    async with offered(at_work, made_pages, **signing(root)) as (system, package):
        longest = int(package["size"]) // CUTS
        async with served(system) as port, cutting(port, CutLine(CUTS, longest, random.Random(500))) as (cuts, there):
            report = PullReport()
            async with client_on(Line(system, Role.RECEIVER, RECEIVER), patience=60) as client:
                client._http._transport = Through(there, Line(system, Role.RECEIVER, RECEIVER))
                while not report.verified:
                    with suppress(httpx.HTTPError):  # the lists too are cut off; the receiver begins again
                        report = await pull_all(client, tmp_path / "to", patience=60, proof=proof)
        assert (cuts.left, len(report.verified), report.failed, report.unanswered) == (0, 1, [], [])
        assert sha256(report.verified[0].read_bytes()).hexdigest() == package["sha256"]
