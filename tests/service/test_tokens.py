"""Access tokens: ours pass, and no forgery does."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import KeySet, OctKey, OKPKey

from shared.auth.policy import Role
from shared.auth.tokens import AUDIENCE, ISSUER, LEEWAY_SECONDS, LONGEST_TOKEN, TokenChecker, TokenRefused, sign_token
from shared.errors import Unavailable
from shared.ids import new_id

SUBJECT = new_id()


class Mint:
    """The true key, and everything a forger can see."""

    def __init__(self, folder: Path) -> None:
        self.key = OKPKey.generate_key("Ed25519", auto_kid=True)
        self.file = folder / "keys.json"
        self.public = KeySet([self.key]).as_dict(private=False)
        self.file.write_text(json.dumps(self.public))

    def checker(self) -> TokenChecker:
        """Give a checker that finds the public key in a file."""
        return TokenChecker(f"file://{self.file}")

    def token(self, header: dict[str, Any] | None = None, key: OKPKey | None = None, **claims: object) -> str:
        """Sign claims that differ from good ones as told; None leaves one out."""
        whole = {**good(), **claims}
        told = {name: value for name, value in whole.items() if value is not None}
        registry = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)
        return jwt.encode(
            {"alg": "Ed25519", "kid": self.key.kid, **(header or {})}, told, key or self.key, registry=registry
        )


def good() -> dict[str, Any]:
    """Give claims that pass."""
    moment = int(time.time())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": str(SUBJECT), "name": "Lan", "roles": ["archivist"],
            "iat": moment, "exp": moment + 600}  # fmt: skip


def part(value: object) -> str:
    """Spell one part of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(algorithm: str) -> Callable[[Mint], str]:
    return lambda mint: f"{part({'alg': algorithm, 'kid': mint.key.kid})}.{part(good())}."


def with_header(**header: object) -> Callable[[Mint], str]:
    """Sign good claims with the true key by hand, under a header that no library would write."""

    def forged(mint: Mint) -> str:
        head = f"{part({'alg': 'Ed25519', 'kid': mint.key.kid, **header})}.{part(good())}"
        return f"{head}.{part(mint.key.get_op_key('sign').sign(head.encode()))}"  # type: ignore[union-attr]

    return forged


def hs256_with_the_public_key(mint: Mint) -> str:
    """Sign as if the public key were a shared secret, in each of the spellings a library might take it in."""
    head = f"{part({'alg': 'HS256', 'kid': mint.key.kid})}.{part(good())}"
    secret = json.dumps(mint.public["keys"][0]).encode()
    return f"{head}.{part(hmac.digest(secret, head.encode(), sha256))}"


def hs256_with_an_empty_key(mint: Mint) -> str:
    key = OctKey.import_key(b"\0" * 32)
    return jwt.encode({"alg": "HS256", "kid": mint.key.kid}, good(), key, algorithms=["HS256"])


def another_key_under_our_id(mint: Mint) -> str:
    return mint.token(key=OKPKey.generate_key("Ed25519", {"kid": str(mint.key.kid)}))


def own_key_in_the_header(mint: Mint) -> str:
    mine = OKPKey.generate_key("Ed25519", auto_kid=True)
    return mint.token({"jwk": mine.as_dict(private=False), "kid": mine.kid}, mine)


def own_keys_at_an_address(mint: Mint) -> str:
    mine = OKPKey.generate_key("Ed25519", auto_kid=True)
    return mint.token({"jku": "https://example.org/keys", "x5u": "https://example.org/c"}, mine)


def changed_claims(mint: Mint) -> str:
    head, _, signature = mint.token().split(".")
    return f"{head}.{part({**good(), 'roles': ['admin']})}.{signature}"


def without_signature(mint: Mint) -> str:
    return mint.token().rpartition(".")[0] + "."


def as_json_object(mint: Mint) -> str:
    head, claims, _ = mint.token().split(".")
    return json.dumps({"payload": claims, "signatures": [], "protected": head})


def deep_header(_mint: Mint) -> str:
    return f"{part(b'[' * 2500)}.{part(good())}.x"


FORGERIES: dict[str, Callable[[Mint], str]] = {
    "no algorithm": unsigned("none"),
    "no algorithm, in capitals": unsigned("NONE"),
    "our algorithm, but no signature": unsigned("Ed25519"),
    "hs256 with the public key": hs256_with_the_public_key,
    "hs256 with an empty key": hs256_with_an_empty_key,
    "another key under our id": another_key_under_our_id,
    "own key in the header": own_key_in_the_header,
    "own keys at an address": own_keys_at_an_address,
    "changed claims": changed_claims,
    "without signature": without_signature,
    "json object": as_json_object,
    "deep header": deep_header,
    "header is a list": lambda mint: f"{part([mint.key.kid])}.{part(good())}.x",
    "header is null": lambda _: f"{part(None)}.{part(good())}.x",
    "past": lambda mint: mint.token(exp=int(time.time()) - LEEWAY_SECONDS - 1),
    "never ends": lambda mint: mint.token(exp=None),
    "ends in words": lambda mint: mint.token(exp="tomorrow"),
    "not begun": lambda mint: mint.token(nbf=int(time.time()) + 100),
    "made in the future": lambda mint: mint.token(iat=int(time.time()) + 100),
    "another issuer": lambda mint: mint.token(iss="saoluu-identity.example.org"),
    "part of the issuer": lambda mint: mint.token(iss="saoluu"),
    "no issuer": lambda mint: mint.token(iss=None),
    "another audience": lambda mint: mint.token(aud="saoluu-other"),
    "no audience": lambda mint: mint.token(aud=None),
    "nobody": lambda mint: mint.token(sub=None),
    "a subject that is no id": lambda mint: mint.token(sub="lan"),
    "no name": lambda mint: mint.token(name=None),
    "no roles": lambda mint: mint.token(roles=None),
    "a role that does not exist": lambda mint: mint.token(roles=["king"]),
    "roles as one word": lambda mint: mint.token(roles="admin"),
    "roles as a number": lambda mint: mint.token(roles=7),
    "claims are a list": lambda mint: jws.serialize_compact(
        {"alg": "Ed25519", "kid": mint.key.kid}, b"[]", mint.key, algorithms=["Ed25519"]
    ),
    "huge": lambda mint: mint.token(name="x" * LONGEST_TOKEN),
    "huge and nothing else": lambda _: "x" * (1 << 20),
    "empty": lambda _: "",
    "dots": lambda _: "..",
    "not ascii": lambda _: "đ.đ.đ",
    "broken base64": lambda _: "a.a.a",
}


@pytest.fixture
def mint(tmp_path: Path) -> Mint:
    return Mint(tmp_path)


async def test_a_token_that_identity_signed_tells_who_is_calling(mint: Mint) -> None:
    token = sign_token(mint.key, SUBJECT, "Trần Thị Lan", frozenset({Role.ARCHIVIST, Role.OPERATOR}))
    for _ in range(2):
        caller = await mint.checker().check(token)
        assert (caller.name, caller.account_id) == ("Trần Thị Lan", SUBJECT)
        assert caller.roles == {Role.ARCHIVIST, Role.OPERATOR}


async def test_the_longest_name_and_every_role_fit_into_a_token(mint: Mint) -> None:
    token = sign_token(mint.key, SUBJECT, "ữ" * 100, frozenset(Role))
    assert len(token) <= LONGEST_TOKEN
    assert (await mint.checker().check(token)).roles == frozenset(Role)


async def test_the_claims_that_forgeries_start_from_are_good_ones(mint: Mint) -> None:
    assert (await mint.checker().check(mint.token())).account_id == SUBJECT


async def test_what_is_signed_by_hand_under_a_plain_header_passes(mint: Mint) -> None:
    assert (await mint.checker().check(with_header()(mint))).account_id == SUBJECT


@pytest.mark.parametrize("name", FORGERIES)
async def test_no_forgery_passes(mint: Mint, name: str) -> None:
    checker = mint.checker()
    for _ in range(2):
        with pytest.raises(TokenRefused):
            await checker.check(FORGERIES[name](mint))


async def test_a_token_that_passed_once_is_refused_once_it_is_past(mint: Mint) -> None:
    checker = mint.checker()
    token = mint.token(exp=int(time.time()) - LEEWAY_SECONDS + 2)
    await checker.check(token)
    time.sleep(3)  # noqa: ASYNC251 - nothing else runs, and the clock is the point
    with pytest.raises(TokenRefused):
        await checker.check(token)


async def test_forgeries_make_nobody_read_the_keys_again_and_again(mint: Mint) -> None:
    checker = mint.checker()
    await checker.check(mint.token())
    newer = OKPKey.generate_key("Ed25519", auto_kid=True)
    mint.file.write_text(json.dumps(KeySet([newer]).as_dict(private=False)))
    for _ in range(20):
        with pytest.raises(TokenRefused):
            await checker.check(mint.token({"kid": "unknown"}))
    await checker.check(mint.token(name="Minh"))  # the old keys are still held: the file was not read again within 5 s


async def test_without_keys_the_answer_is_come_back_later_and_they_are_found_when_they_come(mint: Mint) -> None:
    keys = mint.file.read_text()
    mint.file.unlink()
    checker = mint.checker()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await checker.check(mint.token())
    mint.file.write_text(keys)
    time.sleep(1.1)  # noqa: ASYNC251 - as above
    await checker.check(mint.token())
