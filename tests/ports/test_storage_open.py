"""A store is chosen by its URL alone."""

from pathlib import Path

import pytest

from shared.storage.address import Address
from shared.storage.digest import streamed
from shared.storage.open import open_store
from shared.storage.s3 import S3Store


async def test_a_file_url_opens_a_folder_of_any_name(tmp_path: Path) -> None:
    root = tmp_path / "Dữ liệu 100%"
    store = open_store(root.as_uri(), "incoming")
    await store.prepare()
    await store.put_new("a", streamed(b"x"), size=1)
    await store.close()
    assert (root / "a").read_bytes() == b"x"


async def test_an_s3_url_gives_server_bucket_region_and_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Address] = []
    monkeypatch.setattr(S3Store, "__init__", lambda _store, address, _name: opened.append(address))
    open_store("s3+https://ac%2Fcess:se%40cret@s3.example:9000/reserve?region=ap-southeast-1", "reserve")
    open_store("s3+http://a:b@[::1]:9000/archive/", "archive")
    first, second = opened
    assert (first.host, first.is_secure, first.bucket, first.region) == (
        "s3.example:9000",
        True,
        "reserve",
        "ap-southeast-1",
    )
    assert (first.credentials.access_key, first.credentials.secret_key) == ("ac/cess", "se@cret")
    assert (second.host, second.is_secure, second.bucket, second.region) == (
        "[::1]:9000",
        False,
        "archive",
        "us-east-1",
    )


@pytest.mark.parametrize(
    "url",
    ["", "/data", "memory:", "file://host/data", "file:data", "s3://k:S3CRET@h/b", "s3+http://k:S3CRET@h", "s3+http:b"],
)
def test_a_url_that_is_no_store_is_refused_without_repeating_its_secret(url: str) -> None:
    with pytest.raises(ValueError, match="the reserve store needs") as refused:
        open_store(url, "reserve")
    assert "S3CRET" not in str(refused.value)
