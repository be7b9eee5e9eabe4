"""Every finding aid that is written is valid: EAD3 by its published schema, EAD 2002 by its document type."""

from importlib.metadata import distribution
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from services.catalog.domain.description import Description
from services.catalog.files.ead_holding import Holding
from services.catalog.files.ead_writer import EAD_3, EAD_2002, Form, finding_aid
from tests.domain.test_catalog_ead import CARRIED

SCHEMA = distribution("django-ead").locate_file("ead/management/commands/ead3.xsd")
DOCUMENT_TYPE = distribution("glamconv").locate_file("glamconv/ead/ead-2002-dtd/ead.dtd")
KINDS = ("fonds", "work", "collection")
ead3 = etree.XMLSchema(etree.parse(str(SCHEMA)))
ead2002 = etree.DTD(str(DOCUMENT_TYPE))


def written(form: Form, kind: str, dossiers: list[Description]) -> bytes:
    """Write a finding aid with a series of dossiers, an empty one, and dossiers beside them."""
    file = BytesIO()
    holding = Holding(
        "P 01/a", "Ủy ban <hành chính> & Đảng bộ", kind, "H49.LT", "open", "Lập\nnăm 1945", "1945", None,
        "Cơ cấu - thời gian", "Bản đồ", ("01", "09"), "Thẻ", "<x>", {"document_count": 3, "page_count": 10},
    )  # fmt: skip
    with finding_aid(file, form, holding, is_empty=not dossiers) as aid:
        if dossiers:
            with aid.series("I", "Đê điều"):
                aid.add(dossiers)
            with aid.series("II", "Trống"):
                pass
            aid.add(dossiers)
    return file.getvalue()


def faults_of(form: Form, content: bytes) -> list[str]:
    """Give what the published rules say against a finding aid; a document type knows no namespaces."""
    if form.is_3:
        ead3.validate(etree.fromstring(content))
        return str(ead3.error_log).splitlines()
    bare = content.replace(f' xmlns="{form.namespace}"'.encode(), b"")
    ead2002.validate(etree.fromstring(bare))
    return str(ead2002.error_log).splitlines()


@pytest.mark.parametrize("form", [EAD_3, EAD_2002])
@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_aid_of_nothing_is_valid(form: Form, kind: str) -> None:
    assert faults_of(form, written(form, kind, [])) == []


@settings(deadline=None)
@given(told=CARRIED, kind=st.sampled_from(KINDS), form=st.sampled_from([EAD_3, EAD_2002]))
def test_a_finding_aid_of_any_dossier_is_valid(told: dict[str, object], kind: str, form: Form) -> None:
    dossier = Description(**told)  # type: ignore[arg-type] # each field as its strategy makes it
    assert faults_of(form, written(form, kind, [dossier])) == []


@pytest.mark.parametrize("form", [EAD_3, EAD_2002])
def test_what_is_not_valid_is_found(form: Form) -> None:
    content = written(form, "fonds", [Description("H1", "Đê", 1)])
    assert faults_of(form, content.replace(b"<unitid>", b"<unitnumber>").replace(b"</unitid>", b"</unitnumber>"))
