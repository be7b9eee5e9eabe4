"""The code lists of Circular 05/2025/TT-BNV for dossiers and documents, as code to Vietnamese wording."""

from pathlib import Path

from services.catalog.domain.words import code_lists, in_vietnamese

LISTS = code_lists(Path(__file__).with_suffix(".toml"))
FONDS_KIND = in_vietnamese(LISTS["fonds_kind"])
FONDS_STATUS = in_vietnamese(LISTS["fonds_status"])
RETENTION = in_vietnamese(LISTS["retention"])
DOCUMENT_RETENTION = in_vietnamese(LISTS["document_retention"])
ACCESS_LEVEL = in_vietnamese(LISTS["access_level"])
LANGUAGE = in_vietnamese(LISTS["language"])
PHYSICAL_CONDITION = in_vietnamese(LISTS["physical_condition"])
TRUST_LEVEL = in_vietnamese(LISTS["trust_level"])
DOCUMENT_TYPE = in_vietnamese(LISTS["document_type"])
DIGITISED = "02"
CLASSIFIED = "03"
