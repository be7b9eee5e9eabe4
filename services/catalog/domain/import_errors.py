"""Everything that can go wrong about imports.

ArchiveError
├── WorkbookUnreadable    422  no workbook, damaged, or dangerous; `reason` tells which
│   ├── WorkbookStrict       422  Strict Open XML, to be saved otherwise
│   └── WorkbookRowsUnclear  422  rows repeated or out of order
├── WorkbookColumnsWrong  422  unknown, repeated or missing columns, by name
├── FondsUntold           422  dossiers and documents are imported into a fonds
├── ImportUnknown         404
├── NoPreview             409  only a dry run that has ended is applied
└── UploadGone            404  the uploaded file is not kept any more
"""

from shared.errors import Conflict, NotFound, Unprocessable


class WorkbookUnreadable(Unprocessable):
    """The file is no workbook that can be read."""

    code = "catalog.workbook_unreadable"


class WorkbookStrict(WorkbookUnreadable):
    """The workbook is "Strict Open XML": save it as an ordinary Excel workbook (.xlsx)."""

    code = "catalog.workbook_strict"


class WorkbookRowsUnclear(WorkbookUnreadable):
    """Rows of the sheet are repeated or out of order, so that one would be lost: open the file in Excel and save it."""

    code = "catalog.workbook_rows_unclear"


class WorkbookColumnsWrong(Unprocessable):
    """The second row does not hold the field names of an inventory."""

    code = "catalog.workbook_columns_wrong"


class FondsUntold(Unprocessable):
    """Say which fonds these dossiers or documents belong to."""

    code = "catalog.fonds_untold"


class ImportUnknown(NotFound):
    """There is no such import."""

    code = "catalog.import_unknown"


class NoPreview(Conflict):
    """Only a dry run that has ended can be applied."""

    code = "catalog.no_preview"


class UploadGone(NotFound):
    """The uploaded file is not kept any more."""

    code = "catalog.upload_gone"
