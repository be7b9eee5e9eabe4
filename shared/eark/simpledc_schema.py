"""The schema of a `simpledc` of ours: the elements of its profile, each exactly once, none longer than it may be."""

from io import BytesIO

from lxml import etree

from shared.eark.profile import PackageForm

XS = "http://www.w3.org/2001/XMLSchema"


def simpledc_schema(form: PackageForm, of: str) -> bytes:
    """Make the schema of a dossier, a document, a picture or a recording."""
    fields: tuple[tuple[str, int], ...] = getattr(form.fields, of)
    root = etree.Element(f"{{{XS}}}schema", {"elementFormDefault": "qualified"}, nsmap={"xs": XS})
    below(root, "element", name="simpledc", type="elementContainer")
    group = below(below(root, "complexType", name="elementContainer"), form.field_order)
    for name, longest in fields:
        if not longest:
            below(group, "element", name=name, type="xs:string")
            continue
        text = below(below(group, "element", name=name), "simpleType")
        below(below(text, "restriction", base="xs:string"), "maxLength", value=str(longest))
    out = BytesIO()
    etree.indent(root)
    etree.ElementTree(root).write(out, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return out.getvalue()


def below(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    """Add an element of XML Schema."""
    return etree.SubElement(parent, f"{{{XS}}}{tag}", attributes)
