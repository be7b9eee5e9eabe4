"""Validity: METS by the published schemas, simpledc by those of its package, PREMIS where a schema is at hand."""

from pathlib import Path

import pytest
from lxml import etree

from shared.eark.profile import profile_named
from shared.eark.schemas import published, with_near_xlink

STANDARDS = Path(__file__).parents[2] / "shared" / "standards"


def mets_schema(folder: Path) -> etree.XMLSchema:
    """Load METS with E-ARK's extensions, which its schemaLocation alone would not bring."""
    for source, name in (("xlink", "xlink.xsd"), ("csip", "csip.xsd"), ("sip", "sip.xsd")):
        (folder / name).write_bytes(published(source))
    (folder / "mets.xsd").write_bytes(with_near_xlink(published("mets"), profile_named("csip-2.1").sip))
    driver = folder / "driver.xsd"
    driver.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:import namespace="http://www.loc.gov/METS/" schemaLocation="mets.xsd"/>'
        '<xs:import namespace="https://DILCIS.eu/XML/METS/CSIPExtensionMETS" schemaLocation="csip.xsd"/>'
        '<xs:import namespace="https://DILCIS.eu/XML/METS/SIPExtensionMETS" schemaLocation="sip.xsd"/>'
        "</xs:schema>"
    )
    return etree.XMLSchema(etree.parse(str(driver), etree.XMLParser(no_network=True)))


def demand_valid(files: dict[str, bytes], folder: Path) -> None:
    """Validate every METS by the published schemas, and every simpledc by the schema in its own package."""
    schema = mets_schema(folder)
    own = {name: etree.XMLSchema(etree.fromstring(files[f"schemas/{name}.xsd"])) for name in ("ead", "ead_doc")}
    for path, body in files.items():
        if path.endswith("METS.xml"):
            assert schema.validate(etree.fromstring(body)), f"{path}: {schema.error_log}"
        elif "/descriptive/" in path:
            used = own["ead" if path.endswith("/EAD.xml") else "ead_doc"]
            assert used.validate(etree.fromstring(body)), f"{path}: {used.error_log}"


def premis_schema() -> etree.XMLSchema:
    """Load PREMIS 3.0, which no package of the registries brings; without it the test is not counted as passed."""
    place = STANDARDS / "driver.xsd"
    if not place.exists():
        pytest.skip("no ../shared/standards beside the project: the schema of PREMIS is not at hand")
    return etree.XMLSchema(etree.parse(str(place)))
