"""The schemas that lie in a package: those of METS, XLink and E-ARK as published, those of `simpledc` made here.

The published ones come inside the distribution `eark-validator`, of which nothing is imported: its program asks the
network when it is, and pins another lxml (decision 17).
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from shared.eark.errors import SchemasMissing
from shared.eark.package import GeneratedFile
from shared.eark.profile import PackageForm
from shared.eark.simpledc_schema import simpledc_schema

PUBLISHED = {
    "mets": "mets.xsd",
    "xlink": "xlink.xsd",
    "csip": "DILCISExtensionMETS.xsd",
    "sip": "DILCISExtensionSIPMETS.xsd",
}
NAMESPACES = {
    "mets": "http://www.loc.gov/METS/",
    "xlink": "http://www.w3.org/1999/xlink",
    "csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
    "sip": "https://DILCIS.eu/XML/METS/SIPExtensionMETS",
}
FAR_XLINK = b'schemaLocation="http://www.loc.gov/standards/xlink/xlink.xsd"'


def schema_files(form: PackageForm, created_at: datetime) -> Iterator[GeneratedFile]:
    """Make the files of `schemas/` in order of name. Raises SchemasMissing."""
    for name, source in sorted(form.schemas.files.items()):
        body = published(source) if source in PUBLISHED else simpledc_schema(form, source)
        yield GeneratedFile.of(f"schemas/{name}", with_near_xlink(body, form), form.schemas.media_type, created_at)


def with_near_xlink(body: bytes, form: PackageForm) -> bytes:
    """Point METS to the XLink schema beside it instead of one far away: a package is checked without network."""
    near = next((name for name, source in form.schemas.files.items() if source == "xlink"), "xlink.xsd")
    return body.replace(FAR_XLINK, f'schemaLocation="{near}"'.encode())


@cache
def published(source: str) -> bytes:
    """Read a published schema. Raises SchemasMissing."""
    try:
        found = distribution("eark-validator").locate_file(f"eark_validator/ipxml/resources/schema/{PUBLISHED[source]}")
        return Path(str(found)).read_bytes()
    except (PackageNotFoundError, OSError) as missing:
        raise SchemasMissing(PUBLISHED[source]) from missing


def schema_locations(form: PackageForm, folder: str) -> str:
    """Give xsi:schemaLocation of a METS: each namespace with its schema, `folder` being the way to the root."""
    places = {source: name for name, source in form.schemas.files.items()}
    return " ".join(
        f"{namespace} {folder}schemas/{places[source]}" for source, namespace in NAMESPACES.items() if source in places
    )
