"""Reading forms carry the agency's signature: seen, valid for other programs, still PDF/A; or they say they do not."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.tsp import TimeStampReq
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.ingest.errors import CertificateUnusable, NotPdfA, TimestampMissing
from services.ingest.main import Settings, seal_of
from services.ingest.reading.book import Book
from services.ingest.reading.proving import prove_signed
from services.ingest.reading.xmp import About
from tests.grounds import Ground
from tests.service.certificates import AGENCY, Issued, issued, pkcs12_in
from tests.service.reading_room import accepted, drawn, form, page, reading_desk, rows, said, told
from tests.service.sealing_desk import SealingDesk


@pytest.fixture(scope="module")
def agency() -> Issued:
    return issued(AGENCY)


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground, agency: Issued) -> AsyncIterator[SealingDesk]:
    settings = pkcs12_in(tmp_path, agency)
    async with reading_desk(tmp_path, ground.empty_database_url("ingest"), ingest_reader="none", **settings) as made:
        yield made


@pytest.fixture
def unsigned(tmp_path: Path) -> Path:
    book, path = Book(tmp_path), tmp_path / "unsigned.pdf"
    book.add(None, None)
    book.bind(About("Tờ trình", "Ủy ban", "H49.1", "urn:x, 1-1", datetime.now(UTC), "Saoluu"), path)
    return path


async def test_a_form_is_signed_where_everybody_sees_it(desk: SealingDesk, tmp_path: Path, agency: Issued) -> None:
    dossier = await accepted(desk, [page(1)])
    await desk.seal(dossier)
    path = await form(desk, dossier, tmp_path / "form.pdf")
    prove_signed(path)
    said("qpdf", "--check", path)
    witness = said("pdfsig", "-nocert", path)
    assert "Signature is Valid" in witness
    assert "ETSI.CAdES.detached" in witness
    assert "Total document signed" in witness
    corner = said("pdftotext", "-x", "300", "-y", "0", "-W", "300", "-H", "60", path, "-")
    (row,) = await rows(desk, dossier)
    assert row.signed_at is not None
    shown = re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", corner)
    assert shown is not None
    assert datetime.fromisoformat(shown[0]) == row.signed_at.replace(microsecond=0)
    assert AGENCY in corner
    reading = (await told(desk, dossier))["reading"]
    assert (reading["signature"], reading["signed_by"]) == ("signed", row.signed_by)
    assert AGENCY in reading["signed_by"]


async def test_the_signature_holds_for_its_own_validator_and_fails_on_a_flipped_byte(
    desk: SealingDesk, tmp_path: Path, agency: Issued
) -> None:
    dossier = await accepted(desk, [page(1)])
    await desk.work()
    path = await form(desk, dossier, tmp_path / "form.pdf")
    trusted = Certificate.load(agency.certificate.public_bytes(Encoding.DER))
    with path.open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        status = await async_validate_pdf_signature(signature, ValidationContext(trust_roots=[trusted]))
    assert status.bottom_line
    body = bytearray(path.read_bytes())
    body[len(body) // 3] ^= 1
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(body)
    assert "Digest Mismatch" in said("pdfsig", "-nocert", broken)


async def test_the_mark_is_black_upright_text_of_ten_points_and_no_picture(
    tmp_path: Path, unsigned: Path, agency: Issued
) -> None:
    seal = seal_of(settings_with(pkcs12_in(tmp_path, agency)))
    assert seal is not None
    await seal.sign(unsigned, tmp_path / "signed.pdf", datetime.now(UTC))
    before, after = (drawn(path, dpi=100) for path in (unsigned, tmp_path / "signed.pdf"))
    changed = [
        (x, y) for x in range(after.width) for y in range(after.height)
        if after.getpixel((x, y)) != before.getpixel((x, y))
    ]  # fmt: skip
    assert min(x for x, _ in changed) > after.width / 2
    assert max(y for _, y in changed) < after.height * 0.08
    tones = [after.getpixel(place) for place in changed]
    assert all(isinstance(tone, tuple) and max(tone) - min(tone) < 8 for tone in tones)  # no red, no seal
    fonts = said("pdffonts", tmp_path / "signed.pdf")
    assert "Tinos" in fonts
    with pikepdf.open(tmp_path / "signed.pdf") as pdf:
        drawn_mark = pdf.Root.AcroForm.Fields[0].AP.N.Resources.XObject
        (inner,) = drawn_mark.values()
        assert b" 10 Tf" in inner.read_bytes()


async def test_the_first_revision_stays_as_it_was(tmp_path: Path, unsigned: Path, agency: Issued) -> None:
    seal = seal_of(settings_with(pkcs12_in(tmp_path, agency)))
    assert seal is not None
    await seal.sign(unsigned, tmp_path / "signed.pdf", datetime.now(UTC))
    bodies = [path.read_bytes() for path in (tmp_path / "signed.pdf", unsigned)]
    assert bodies[0].startswith(bodies[1])


async def test_a_certificate_that_is_not_in_force_signs_nothing(tmp_path: Path, unsigned: Path) -> None:
    seal = seal_of(settings_with(pkcs12_in(tmp_path, issued(AGENCY, days=(-30, -1)))))
    assert seal is not None
    with pytest.raises(CertificateUnusable):
        await seal.sign(unsigned, tmp_path / "signed.pdf", datetime.now(UTC))


def test_a_wrong_password_is_told_at_the_start(tmp_path: Path, agency: Issued) -> None:
    settings = pkcs12_in(tmp_path, agency)
    Path(settings["ingest_certificate_password_file"]).write_text("không phải")
    with pytest.raises(ValueError, match="PKCS#12"):
        seal_of(settings_with(settings))


async def test_a_time_stamp_is_in_the_signature_where_a_service_is_set(
    tmp_path: Path, unsigned: Path, agency: Issued
) -> None:
    signed = tmp_path / "signed.pdf"
    async with stamping_service() as url:
        seal = seal_of(settings_with({**pkcs12_in(tmp_path, agency), "ingest_timestamp_url": url}))
        assert seal is not None
        await seal.sign(unsigned, signed, datetime.now(UTC))
    prove_signed(signed)
    assert "signature_time_stamp_token" in unsigned_attributes(signed)
    with pytest.raises(TimestampMissing) as missing:  # it is gone
        await seal.sign(unsigned, signed, datetime.now(UTC))
    assert missing.value.retryable


async def test_what_answers_with_no_time_stamp_is_waited_for(tmp_path: Path, unsigned: Path, agency: Issued) -> None:
    async with stamping_service(answers=b"<html>") as url:
        seal = seal_of(settings_with({**pkcs12_in(tmp_path, agency), "ingest_timestamp_url": url}))
        assert seal is not None
        with pytest.raises(TimestampMissing):
            await seal.sign(unsigned, tmp_path / "signed.pdf", datetime.now(UTC))


async def test_what_was_added_after_the_signature_is_no_proved_form(
    tmp_path: Path, unsigned: Path, agency: Issued
) -> None:
    seal = seal_of(settings_with(pkcs12_in(tmp_path, agency)))
    assert seal is not None
    signed = tmp_path / "signed.pdf"
    await seal.sign(unsigned, signed, datetime.now(UTC))
    signed.write_bytes(signed.read_bytes() + b"\n% more\n")
    with pytest.raises(NotPdfA):
        prove_signed(signed)


def settings_with(certificate: dict[str, str]) -> Settings:
    """Give settings with a certificate, and nothing else that matters."""
    return Settings(database_url="sqlite://", identity_keys_url="", **certificate)  # type: ignore[arg-type]


def unsigned_attributes(path: Path) -> list[str]:
    """Name what was added to a signature after it was made."""
    with path.open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        return [each["type"] for each in signature.signer_info["unsigned_attrs"].native]


@asynccontextmanager
async def stamping_service(*, answers: bytes | None = None) -> AsyncIterator[str]:
    """Run a time-stamping service (RFC 3161 over HTTP); gives its address."""
    authority = issued("Dịch vụ cấp dấu thời gian", stamps_time=True)
    key = authority.key.private_bytes(Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate = Certificate.load(authority.certificate.public_bytes(Encoding.DER))
    stamper = DummyTimeStamper(tsa_cert=certificate, tsa_key=PrivateKeyInfo.load(key))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = re.search(r"content-length: (\d+)", head)
        asked = TimeStampReq.load(await reader.readexactly(int(length[1]) if length else 0))
        body = answers or stamper.request_tsa_response(asked).dump()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nConnection: close\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
