"""What can be wrong with the values a package is made from.

ArchiveError
├── Unprocessable
│   ├── UnsafePath              a path that would leave its package
│   ├── PackageMisdescribed     values that no package can carry
│   ├── PagesDisorderly         pages or documents that contradict each other
│   ├── RecordUnreadable        a dossier.json or manifest that is not ours
│   ├── ProfileUnknown          no profile of packages has this name
│   └── SchemasMissing          the schemas that lie in every package are not installed
├── RangeUnsatisfiable   416    bytes outside a ZIP were asked for
└── SourceDisagrees             a store gave other bytes than the layout promised
"""

from shared.errors import ArchiveError, Unprocessable


class UnsafePath(Unprocessable):
    """The path is no plain relative path inside a package."""

    code = "eark.unsafe_path"


class PackageMisdescribed(Unprocessable):
    """The package is described by values it cannot carry."""

    code = "eark.package_misdescribed"


class PagesDisorderly(Unprocessable):
    """The pages, documents and left-out pages of the dossier contradict each other."""

    code = "eark.pages_disorderly"


class RecordUnreadable(Unprocessable):
    """The record is not one that this system writes."""

    code = "eark.record_unreadable"


class ProfileUnknown(Unprocessable):
    """No profile of packages has this name."""

    code = "eark.profile_unknown"


class SchemasMissing(Unprocessable):
    """The schemas of METS and E-ARK are not installed; `requirements-schemas.lock` names what brings them."""

    code = "eark.schemas_missing"


class RangeUnsatisfiable(ArchiveError):
    """The bytes asked for lie outside the package."""

    code = "eark.range_unsatisfiable"
    status = 416


class SourceDisagrees(ArchiveError):
    """The store gave other bytes than the package promised."""

    code = "eark.source_disagrees"
