"""Where a delivery is put: never over what lies there, and nowhere but in the folder that was named."""

import json
from pathlib import Path
from uuid import uuid4

from cli.pull.alone import LOCK
from cli.pull.proof import Proof
from shared.auth.roles import Role
from shared.delivery.manifest import FILE, SIGNATURE
from shared.delivery.signature import anchors_in
from tests.service.conftest import Set, in_one_mode
from tests.service.test_pull_proof import PRIVATE, offered, pulled, signing
from tests.service.test_pull_proof import root as root
from tests.signers import Authority


def lying(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@in_one_mode
async def test_what_proves_another_delivery_or_differs_from_what_is_offered_is_never_written_over(
    at_work: Set, made_pages: list[Path], root: Authority, tmp_path: Path
) -> None:
    async with offered(at_work, made_pages[:1], **signing(root)) as (system, package):
        officer, base = system.caller(Role.HANDOVER_OFFICER), f"/handover/deliveries/{package['delivery_id']}"
        manifest, signature = [(await officer.get(f"{base}/{name}")).content for name in (FILE, SIGNATURE)]
        folder, trusted = tmp_path / "to" / "P01-001", Proof(anchors_in(root.pem), PRIVATE)
        folder.mkdir(parents=True)
        own, other = (str(each).encode() for each in (package["delivery_id"], uuid4()))
        cases: list[tuple[dict[str, bytes], str]] = [
            ({FILE: manifest.replace(own, other), SIGNATURE: b"theirs"}, "pull.other_delivery"),
            ({FILE: manifest.replace(own, other)}, "pull.other_delivery"),
            ({FILE: manifest.replace(b'"reference":"01/TT"', b'"reference":"02/TT"')}, "pull.manifest_differs"),
            ({FILE: manifest[:-1]}, "pull.manifest_differs"),
            ({FILE: manifest, SIGNATURE: signature[:-1] + b"x"}, "pull.manifest_differs"),
            ({SIGNATURE: b"theirs"}, "pull.manifest_differs"),
        ]
        for there, code in cases:
            assert there.get(FILE, b"") != manifest or SIGNATURE in there
            for name, body in there.items():
                (folder / name).write_bytes(body)
            for proof in (trusted, Proof((), PRIVATE)):
                report = await pulled(system, tmp_path / "to", proof)
                assert [(path, reason.partition(":")[0]) for path, reason in report.unanswered] == [(folder, code)]
                assert (report.verified, lying(folder)) == ([], there)
            for name in there:
                (folder / name).unlink()
        (folder / FILE).write_bytes(manifest)
        (folder / SIGNATURE).write_bytes(b"")  # the power went while it was written
        assert len((await pulled(system, tmp_path / "to", trusted)).verified) == 1
        assert (lying(folder)[FILE], lying(folder)[SIGNATURE]) == (manifest, signature)


@in_one_mode
async def test_another_manifest_than_the_frozen_one_is_not_kept_even_where_no_signature_is_asked_for(
    at_work: Set, made_pages: list[Path], root: Authority, tmp_path: Path
) -> None:
    async with offered(at_work, made_pages[:1], **signing(root)) as (system, _):
        bent = {FILE: lambda body: body.replace(b'"reference":"01/TT"', b'"reference":"02/TT"')}
        report = await pulled(system, tmp_path / "to", Proof((), PRIVATE), bent)
        assert (report.verified, len(report.unanswered), lying(tmp_path / "to" / "P01-001")) == ([], 1, {})
        assert len((await pulled(system, tmp_path / "to", Proof((), PRIVATE))).verified) == 1


@in_one_mode
async def test_whatever_a_server_calls_a_fonds_its_delivery_lies_in_a_folder_of_the_one_that_was_named(
    at_work: Set, made_pages: list[Path], tmp_path: Path
) -> None:
    codes = ("../escape", "P/01", "..", "a\\b", "con", "/escape", "", "\ud800", "x" * 5000, None, 7)
    async with offered(at_work, made_pages[:1]) as (system, _):
        for number, code in enumerate(codes):

            def called(body: bytes, code: object = code) -> bytes:
                told = json.loads(body)
                for each in told["items"]:
                    each["fonds_code"] = code
                return json.dumps(told).encode()

            to = tmp_path / str(number) / "to"
            report = await pulled(system, to, Proof(), {"deliveries": called, "receipt": lambda _: b""})
            made = [each for each in to.parent.rglob("*") if each.name != LOCK]
            if isinstance(code, str):
                (folder,) = (each for each in made if each.is_dir() and each != to)
                assert (folder.parent, folder.name.isascii(), set(folder.name) & set("/\\.")) == (to, True, set())
            else:
                assert (made, [reason.partition(":")[0] for _, reason in report.unanswered]) == (
                    [to],
                    ["pull.delivery_malformed"],
                )
