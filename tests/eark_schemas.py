"""Validity: METS by the published schemas, simpledc by those of its package, PREMIS by our own stricter form of it.

No package of the registries brings the schema of PREMIS; where it lies beside the project it is asked too.
"""

from pathlib import Path

import pytest
from lxml import etree

from shared.eark.profile import profile_named
from shared.eark.schemas import published, with_near_xlink

PUBLISHED = Path(__file__).parents[2] / "shared" / "standards" / "driver.xsd"


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


def demand_premis(body: bytes) -> None:
    """Hold a PREMIS file to our own form of it, to the published schema if it is at hand, and to its own links."""
    root = etree.fromstring(body)
    form = etree.RelaxNG(etree.parse(str(Path(__file__).parent / "premis.rng")))
    assert form.validate(root), str(form.error_log)[:2000]
    if PUBLISHED.exists():
        schema = premis_schema()
        assert schema.validate(root), str(schema.error_log)[:2000]
    agents = identifiers(root, "agent", "agentIdentifier")
    assert len(agents) == len(set(agents)), "two agents of one name"
    assert set(identifiers(root, "event", "linkingAgentIdentifier")) == set(agents)
    objects = identifiers(root, "object", "objectIdentifier")
    assert len(objects) == len(set(objects)), "two objects of one name"
    elsewhere = {each for each in identifiers(root, "event", "linkingObjectIdentifier") if each not in objects}
    assert {kind for kind, _ in elsewhere} <= {"OBJID"}, "of another package only as a whole"


def identifiers(root: etree._Element, of: str, tag: str) -> list[tuple[str, str]]:
    """Give identifiers of a kind within elements of a kind: each its type and value."""
    found = root.iterfind(f"{{*}}{of}/{{*}}{tag}")
    return [(each.findtext(f"{{*}}{tag}Type", ""), each.findtext(f"{{*}}{tag}Value", "")) for each in found]


def premis_schema() -> etree.XMLSchema:
    """Load PREMIS 3.0; without it the test is not counted as passed."""
    if not PUBLISHED.exists():
        pytest.skip("no ../shared/standards beside the project: the schema of PREMIS is not at hand")
    return etree.XMLSchema(etree.parse(str(PUBLISHED)))
