"""The descriptions of Circular 05/2025/TT-BNV, `simpledc`: flat, every element once, empty where nothing is known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from shared.eark.codes import label_of, language_code
from shared.eark.description import DossierContent, LeftOutPage, ReadingFile
from shared.eark.errors import PackageMisdescribed
from shared.eark.numbers import archive_file_code, document_code
from shared.eark.profile import FieldsForm, PackageForm
from shared.eark.xml_writer import xml_text
from shared.events.catalog import DocumentDescription

NOT_ATTACHED = "0"  # 1 would say that a workflow file is in the package (circular, EAD_doc), and none is
ON_RECORD = "Có quy trình xử lý, không kèm trong gói."
DONE, YES = "01", "1"
CUT = "…"
WORDS = {  # may end early, and how the description calls what did
    **{"title": "tiêu đề", "subject": "trích yếu", "keyword": "từ khóa"},
    **{"organName": "cơ quan ban hành", "autograph": "bút tích", "description": ""},
}


def dossier_simpledc(form: PackageForm, content: DossierContent, copies: int) -> bytes:
    """Write EAD.xml. `copies` is how many verified copies of the masters lie in stores of their own."""
    return written(fields_of(form).dossier, dossier_values(form, content, copies))


def document_simpledc(form: PackageForm, content: DossierContent, reading: ReadingFile, copies: int) -> bytes:
    """Write the EAD_doc file of one document."""
    return written(fields_of(form).document, document_values(form, content, reading, copies))


def dossier_values(form: PackageForm, content: DossierContent, copies: int) -> dict[str, str]:
    """Give what is known of a dossier, by element."""
    dossier = content.dossier
    return {
        "fileCode": dossier.file_code,
        "arcFileCode": archive_file_code(content.fonds.archive_code, dossier.file_code),
        "title": dossier.title,
        "maintenance": dossier.retention,
        "mode": dossier.access_level,
        "language": language_code(dossier.languages, form.separator),
        "startDate": day_of(dossier.starts_on, form),
        "endDate": day_of(dossier.ends_on, form),
        "keyword": dossier.keywords,
        "totalDoc": str(content.document_count),
        "numberOfPaper": number(dossier.sheet_count),
        "numberOfPage": str(sum(reading.page_count for reading in content.readings)),
        "format": condition(form, dossier.physical_condition),
        "inforSign": dossier.information_sign,
        "confidenceLevel": dossier.trust_level or "",
        "paperFileCode": dossier.paper_file_code,
        "description": " ".join(filter(None, (dossier.note, *absences(content.left_out)))),
        **reserve_values(copies),
    }


def document_values(form: PackageForm, content: DossierContent, reading: ReadingFile, copies: int) -> dict[str, str]:
    """Give what is known of a document, by element; retention, access and language are its dossier's unless told."""
    dossier, document = content.dossier, content.document(reading.document)
    archived = archive_file_code(content.fonds.archive_code, dossier.file_code)
    return {
        "docId": form.document_id(dossier.file_code, document.number, is_itemised=content.is_itemised),
        "arcFileCode": archived,
        "docCode": document_code(archived if form.kind == "AIP" else dossier.file_code, document.number),
        "docOrdinal": str(document.number),
        "maintenance": document.retention or dossier.retention,
        "mode": document.access_level or dossier.access_level,
        "language": language_code(document.languages or dossier.languages, form.separator),
        "typeName": document.type_code or "",
        "codeNumber": document.code_number,
        "codeNotation": document.code_notation,
        "issuedDate": day_of(document.issued_on, form),
        "organName": document.issuer,
        "subject": document.title,
        "numberOfPage": str(reading.page_count),
        "inforSign": document.information_sign,
        "keyword": document.keywords,
        "confidenceLevel": document.trust_level or dossier.trust_level or "",
        "autograph": document.autograph,
        "format": condition(form, document.physical_condition),
        "process": "" if document.has_workflow is None else NOT_ATTACHED,
        "description": " ".join(filter(None, remarks(document, content.left_out))),
        **reserve_values(copies),
    }


def reserve_values(copies: int) -> dict[str, str]:
    """Say whether there is a reserve copy: only of what was verified in two stores is that true."""
    return {"riskRecovery": YES, "riskRecoveryStatus": DONE} if copies >= 2 else {"riskRecovery": "0"}


def day_of(told: str | None, form: PackageForm) -> str:
    """Write an ISO date as DD/MM/YYYY, or what is known of it: MM/YYYY, YYYY; never a day that nobody told."""
    parts = (told or "").split("-")
    return "/".join(reversed(parts)) if form.dates == "partial" or len(parts) == 3 else ""


def condition(form: PackageForm, code: str | None) -> str:
    """Write the physical condition."""
    return label_of("format", code or "") if form.physical_condition == "label" else code or ""


def number(count: int | None) -> str:
    """Write a count; nothing where nobody counted."""
    return "" if count is None else str(count)


def remarks(document: DocumentDescription, left_out: Sequence[LeftOutPage]) -> Iterator[str]:
    """Give what is said of a document beside its fields: its note, what it has elsewhere, which pages are not there."""
    yield document.note
    yield ON_RECORD if document.has_workflow else ""
    yield from absences(absent_from(document, left_out))


def absent_from(document: DocumentDescription, left_out: Sequence[LeftOutPage]) -> Iterator[LeftOutPage]:
    """Give the pages of a document that are in no package."""
    first, last = document.first_page or 0, document.last_page or 0
    return (page for page in left_out if first <= page.number <= last)


def absences(left_out: Iterable[LeftOutPage]) -> Iterator[str]:
    """Say which pages are not there, and why: whoever reads the package must not wonder."""
    return (f"Thiếu trang {page.number}: {page.explanation.rstrip('.')}." for page in left_out)


def fields_of(form: PackageForm) -> FieldsForm:
    """Give the elements of a profile that has them."""
    if form.fields is None:
        raise PackageMisdescribed("a profile without simpledc")
    return form.fields


def written(fields: Sequence[tuple[str, int]], values: Mapping[str, str]) -> bytes:
    """Write the elements in their order. Raises PackageMisdescribed."""
    texts = with_notice(fields, values)
    told = "".join(element(name, fitted(name, xml_text(texts.get(name, "")), longest)) for name, longest in fields)
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<simpledc>\n{told}</simpledc>\n".encode()


def element(name: str, text: str) -> str:
    """Write one element; a carriage return is spelled, for a reader would make a line feed of it (XML 1.0 §2.11)."""
    return f"  <{name}>{escape(text, quote=False)}</{name}>\n".replace("\r", "&#13;")


def with_notice(fields: Iterable[tuple[str, int]], values: Mapping[str, str]) -> Mapping[str, str]:
    """Say at the head of the description which words are not whole, for they are whole at home only."""
    cut = [WORDS[name] for name, longest in fields if WORDS.get(name) and 0 < longest < len(values.get(name, ""))]
    if not cut:
        return values
    notice = f"Rút gọn cho vừa trường: {', '.join(cut)}."
    return {**values, "description": f"{notice} {values.get('description', '')}".rstrip()}


def fitted(name: str, text: str, longest: int) -> str:
    """Give a text as long as it may be: words end in `…`, the whole is in dossier.json beside the masters.

    Raises PackageMisdescribed for a code or a number that is too long: half of it would be another one.
    """
    if not longest or len(text) <= longest:
        return text
    if name not in WORDS:
        raise PackageMisdescribed(f"{name} is longer than {longest}: {text[:80]}")
    return text[: longest - 1] + CUT
