"""Profiles: how packages of one kind are written, as data with a version and a source (`profiles/*.toml`)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.eark.errors import ProfileUnknown
from shared.eark.names import folder_name, urn_part
from shared.eark.numbers import document_id

FOLDER = files("shared.eark") / "profiles"
DEFAULT, DEFAULT_OF_IMAGES = "tt05-2025", "csip-2.1"
PackageType = Literal["AIP", "SIP"]


class Setting(BaseModel):
    """A part of a profile; a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AgentForm(Setting):
    """A metsHdr agent; `name` and `note` may hold `{software}`, `{fonds}` and the like."""

    role: Literal["CREATOR", "ARCHIVIST", "PRESERVATION"]
    kind: Literal["ORGANIZATION", "INDIVIDUAL", "SOFTWARE"]
    other_kind: str | None = None
    name: str
    note: str
    note_type: Literal["SOFTWARE VERSION", "IDENTIFICATIONCODE"]


class MetadataForm(Setting):
    """What an mdRef says of a description."""

    type: str
    other_type: str | None = None
    version: str
    media_type: str


class SchemasForm(Setting):
    """Which schemas lie in `schemas/`, by file name, each named by where it comes from (`schemas.py`)."""

    media_type: str
    files: dict[str, str]


class FieldsForm(Setting):
    """The elements of each kind of `simpledc`, in order, with the most characters each may have (0: no limit told)."""

    dossier: tuple[tuple[str, int], ...]
    document: tuple[tuple[str, int], ...]
    picture: tuple[tuple[str, int], ...]
    recording: tuple[tuple[str, int], ...]


class PackageForm(Setting):
    """How packages of one type are written; the names in braces are filled in for each package.

    `whole_document` is the id of the one document of a dossier that is not itemised, `{document}` the id by its number.
    """

    kind: PackageType
    objid: str = "uuid-{uuid}"
    content_type: str
    content_information: str
    profile: str
    representation_profile: str
    representation_objid: str
    representation_label: str | None = None
    representation_type: str
    further_type: str = "NORMALIZED"
    submission_agreement: str = ""
    premis: bool
    representation_premis: str = ""
    empty_amd_sec: bool = False
    names_parts: bool = False
    digest_case: Literal["upper", "lower"]
    document_file: str = ""
    data_file: str
    whole_document: str = "{document}"
    documentation: str
    zip_name: str
    field_order: Literal["all", "sequence"] = "sequence"
    dates: Literal["partial", "whole"] = "partial"
    separator: str = ";"
    physical_condition: Literal["code", "label"] = "code"
    dossier_metadata: MetadataForm | None = None
    document_metadata: MetadataForm | None = None
    agents: tuple[AgentForm, ...] = Field(min_length=1)
    representation_agents: tuple[AgentForm, ...] = ()
    schemas: SchemasForm
    fields: FieldsForm | None = None

    @property
    def is_simpledc(self) -> bool:
        """Say whether descriptions are the circular's `simpledc`, one for the dossier and one for each document."""
        return self.fields is not None

    def document_id(self, file_code: str, number: int, *, is_itemised: bool) -> str:
        """Give the id of a document, which also names its files."""
        told = document_id(file_code, number)
        return told if is_itemised else self.whole_document.format(file_code=file_code, document=told)

    def objid_of(self, fonds_code: str, package: UUID) -> str:
        """Name a package; a code is kept as far as a URN can hold it, for the UUID alone tells apart."""
        return self.objid.format(fonds=urn_part(fonds_code), uuid=str(package).upper())

    def zip_name_of(self, objid: str, part: int) -> str:
        """Name the ZIP of a package, without its ending; `part` is its number in the delivery."""
        return self.zip_name.format(objid=objid, part=part, folder=folder_name(objid), uuid=objid[-36:].lower())


class Profile(Setting):
    """How all packages are written."""

    name: str
    version: str
    source: str
    description: Literal["simpledc", "ead3"]
    aip: PackageForm
    sip: PackageForm


@cache
def profile_named(name: str) -> Profile:
    """Read a profile. Raises ProfileUnknown."""
    place = FOLDER / f"{name}.toml"
    if "/" in name or not place.is_file():
        raise ProfileUnknown(name)
    return Profile.model_validate(tomllib.loads(place.read_text("utf-8")))
