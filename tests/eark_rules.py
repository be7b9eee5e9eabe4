"""The Schematron rules of eark-validator 1.1.3 for version 2.0.4, run without its program, which asks the network."""

import re
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from lxml import etree
from lxml.isoschematron import Schematron  # type: ignore[import-not-found]

RESOURCES = Path(str(distribution("eark-validator").locate_file("eark_validator/ipxml/resources")))
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
VOCABULARIES = {
    "@TYPE": "CSIPVocabularyContentCategory",
    "@csip:CONTENTINFORMATIONTYPE": "CSIPVocabularyContentInformationType",
    "@csip:OAISPACKAGETYPE": "CSIPVocabularyOAISPackageType",
    "@STATUS": "CSIPVocabularyStatus",
}


def failed_rules(mets: bytes, *specifications: str) -> set[str]:
    """Give the ids of the rules (role ERROR) that a root METS does not keep."""
    document = etree.ElementTree(etree.fromstring(mets))
    failed: set[str] = set()
    for specification in specifications:
        for rules in rule_sets(specification):
            rules.validate(document)
            report = rules.validation_report
            failed |= {
                str(each.get("id")) for each in report.iter(f"{SVRL}failed-assert") if each.get("role") == "ERROR"
            }
    return failed


@cache
def rule_sets(specification: str) -> list[Schematron]:
    """Load the rules of CSIP or SIP with the terms of their vocabularies put in, as the program does."""
    sets = []
    for path in sorted((RESOURCES / "schematron" / "V2.0.4" / specification).glob("*.xml")):
        text = path.read_text("utf-8")
        for attribute, name in VOCABULARIES.items():
            told = (RESOURCES / "vocabs" / f"{name}.xml").read_text("utf-8")
            terms = re.findall(r"<Term[^>]*>([^<]*)<", told)
            assert terms
            text = text.replace(
                f"{attribute}_vocabulary_test", " or ".join(f"({attribute} = '{one}')" for one in terms)
            )
        types = (RESOURCES / "vocabs" / "IANA.txt").read_text("utf-8").split()
        text = text.replace("@MIMETYPE_IANA_test", " or ".join(f"(@MIMETYPE = '{one}')" for one in types))
        sets.append(Schematron(etree.fromstring(text.encode()), store_report=True))
    return sets
