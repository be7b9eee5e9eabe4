"""Signatures made by a token: the key never leaves it, and whoever checks them sees no difference."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from services.ingest.main import Settings, seal_of
from services.ingest.reading.book import Book
from services.ingest.reading.proving import prove_signed
from services.ingest.reading.xmp import About
from shared.delivery.signature import anchors_in, verify
from shared.delivery.signing import Signer
from shared.signing.certificate import CertificateRefused, KeyedCertificate
from shared.signing.token import TOKENS, TokenAddress
from tests.service.reading_room import said
from tests.signers import Authority, authority, issued, new_key
from tests.tokens import MODULE, SoftToken, configured, soft_token


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("root"))


@pytest.fixture
def token(
    request: pytest.FixtureRequest, root: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SoftToken]:
    configured(tmp_path_factory.getbasetemp())
    made = soft_token(tmp_path_factory.mktemp("token"), f"t{abs(hash(request.node.name))}")
    key = new_key("rsa")
    assert isinstance(key, rsa.RSAPrivateKey)
    made.put(key, issued(root, "Trung tam Luu tru", key))
    yield made
    TOKENS.forget_all()


async def test_a_manifest_signed_by_a_token_is_proved_like_any_other(
    token: SoftToken, root: Authority, tmp_path: Path
) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(b'{"packages": []}')
    signer = Signer(KeyedCertificate.set_by(token.uri(), str(token.pin_file)))
    signature = await signer.sign(sha256(manifest.read_bytes()).digest())
    assert "Trung tam Luu tru" in (await verify(manifest, signature, anchors_in(root.pem))).signer


async def test_a_reading_form_is_signed_by_a_token_and_stays_pdf_a(token: SoftToken, tmp_path: Path) -> None:
    settings = Settings(
        database_url="sqlite://", identity_keys_url="x", ingest_certificate=token.uri(),
        ingest_certificate_password_file=str(token.pin_file),
    )  # fmt: skip
    book, plain, signed = Book(tmp_path), tmp_path / "plain.pdf", tmp_path / "signed.pdf"
    book.add(None, None)
    book.bind(About("Tờ trình", "Ủy ban", "H49.1", "urn:x, 1-1", datetime.now(UTC), "Saoluu"), plain)
    seal = seal_of(settings)
    assert seal is not None
    assert seal.agency == "Trung tam Luu tru"
    await seal.sign(plain, signed, datetime.now(UTC))
    prove_signed(signed)
    assert "Signature is Valid" in said("pdfsig", "-nocert", signed)


async def test_a_token_that_was_away_meanwhile_signs_again(token: SoftToken) -> None:
    certificate = KeyedCertificate.set_by(token.uri(), str(token.pin_file))
    TOKENS.session(TokenAddress.of(token.uri()), None).close()  # as pulling it out does
    assert await Signer(certificate).sign(sha256(b"x").digest())


async def test_what_a_token_refuses_is_told_in_words(token: SoftToken, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pin"
    wrong.write_text("1234")
    for uri, pin, why in (
        (token.uri("other"), token.pin_file, "Could not find"),
        (token.uri(), wrong, "PinIncorrect"),
        (token.uri().replace(token.label, "nowhere"), token.pin_file, "No token"),
        (f"pkcs11:object=seal?module-path={MODULE}.gone", token.pin_file, "gone"),
        ("pkcs11:token=a?module-path=b", token.pin_file, "object or id"),
        ("pkcs11:object=a", token.pin_file, "module-path"),
        (f"{token.uri()}&pin-value=1", token.pin_file, "pin-value"),
    ):
        TOKENS.forget_all()
        with pytest.raises(CertificateRefused, match=why):
            KeyedCertificate.set_by(uri, str(pin))


def test_an_address_is_read_as_the_standard_writes_it() -> None:
    told = TokenAddress.of("pkcs11:token=Tr%C6%B0ng%20t%C3%A2m;id=%01%A0;type=private?module-path=/usr/lib/x.so")
    assert told == TokenAddress("/usr/lib/x.so", "Trưng tâm", None, None, b"\x01\xa0")
