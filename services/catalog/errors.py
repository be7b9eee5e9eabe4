"""Everything that can go wrong while describing and choosing.

ArchiveError
├── CodeTaken             409  another fonds, series or dossier has this code
├── FondsCodeFrozen       409  the code of a fonds that a list was submitted with
├── HoldingFrozen         409  what a list that is being decided on says of its fonds or series; `fields` tells which
├── DossierChanged        412  somebody changed the dossier after the caller saw it; `version` tells the present one
├── VersionUntold         428  a change names the version that it changes (If-Match)
├── VersionUnknown        404  the dossier, fonds or series has never been so
├── DescriptionFrozen     409  the dossier is on a submitted or approved list
├── ListMoved             409  lists changed hands meanwhile; trying again helps
├── DescribedMeanwhile    409  somebody else added a dossier that an import adds; trying again helps
├── NotEligible           409  dossiers may not be on a list: `dossiers` tells which and why
├── ListNotChangeable     409  submitted or approved already
├── ListOvertaken         412  the list is not as the caller saw it; `tag` tells the present one
├── ListEmpty             409  an empty list cannot be submitted
├── ListChanged           409  the digest of what was submitted no longer holds
├── StateGoesBackwards    409
├── OwnList               403  nobody appraises, approves or returns a list of their own
├── OwnAppraisal          403  whoever appraised a list does not approve it
├── AppraisalMissing      409  here a list is approved only once it was appraised
├── ListNotApproved       409  only an approved list is amended, or has a decision that may be told or corrected
├── NoAmendment           409  the list is a first edition: it replaces none
├── AmendmentOpen         409  the list has an open amendment: `list_id` tells which
├── AmendmentDiffers      409  an amendment with differences cannot be abandoned: `differences` tells them
├── RemarkMisplaced       422  a remark on a dossier that is not on the list
├── ListDocumentEmpty     422  the file has no bytes
├── ListDocumentMissing   404  no scanned decision is attached
├── DossierArchived       409  an archived dossier is brought back before it is changed
├── SeriesArchived        409  so is an archived series
├── ArchivingRefused      409  something depends on it still; `reason` tells what
├── ArchivingUnasked      409  nobody asked for it to be archived, or it was brought back
├── OwnArchiving          403  whoever asks for archiving does not confirm it
├── SecretRefused         422  a secret dossier cannot be kept on a networked installation
├── CriterionUnknown      422
├── FieldWrong            422  a field of a description; `field` and `reason` tell which and why
├── SeriesUnknown         422  the fonds has no such series
├── DocumentsWrong        422  documents of a dossier; `documents` tells which and why
├── FondsCodeWrong        422  a fonds is given a code of other than plain letters, digits, _ and -
└── TextUnseen            422  signs without width, or that turn the direction of text; `characters` names them
"""

from shared.errors import Conflict, Forbidden, NotFound, Refused, Unprocessable


class CodeTaken(Conflict):
    """This code is taken."""

    code = "catalog.code_taken"


class FondsCodeFrozen(Conflict):
    """A list was submitted under the code of the fonds, which stays."""

    code = "catalog.fonds_code_frozen"


class HoldingFrozen(Conflict):
    """A list that is being decided on says this, and it cannot be changed meanwhile."""

    code = "catalog.holding_frozen"


class DossierChanged(Conflict):
    """The dossier was changed by somebody else meanwhile."""

    code = "catalog.dossier_changed"
    status = 412


class VersionUntold(Refused):
    """Say in If-Match which version is to be changed."""

    code = "catalog.version_untold"
    status = 428


class VersionUnknown(NotFound):
    """There is no such version."""

    code = "catalog.version_unknown"


class DescriptionFrozen(Conflict):
    """The dossier is on a submitted or approved list and cannot be changed."""

    code = "catalog.description_frozen"


class ListMoved(Conflict):
    """A dossier was put on another list meanwhile; try again."""

    code = "catalog.list_moved"
    retryable = True


class DescribedMeanwhile(Conflict):
    """Somebody else has added one of these dossiers meanwhile; try again."""

    code = "catalog.described_meanwhile"
    retryable = True


class NotEligible(Conflict):
    """This dossier may not be put on a list."""

    code = "catalog.not_eligible"


class ListNotChangeable(Conflict):
    """The list is submitted or approved and cannot be changed."""

    code = "catalog.list_not_changeable"


class ListOvertaken(Conflict):
    """Somebody decided on the list, or submitted it anew, since it was looked at."""

    code = "catalog.list_overtaken"
    status = 412


class ListEmpty(Conflict):
    """A list without dossiers cannot be submitted."""

    code = "catalog.list_empty"


class ListChanged(Conflict):
    """What is on the list is not what was submitted."""

    code = "catalog.list_changed"


class StateGoesBackwards(Conflict):
    """A list does not move this way."""

    code = "catalog.state_goes_backwards"


class OwnList(Forbidden):
    """Nobody approves or returns a list of their own."""

    code = "catalog.own_list"


class OwnAppraisal(Forbidden):
    """Whoever appraised a list does not approve it."""

    code = "catalog.own_appraisal"


class AppraisalMissing(Conflict):
    """The list has to be appraised before it is approved."""

    code = "catalog.appraisal_missing"


class ListNotApproved(Conflict):
    """The list is not approved."""

    code = "catalog.list_not_approved"


class NoAmendment(Conflict):
    """The list replaces no other."""

    code = "catalog.no_amendment"


class AmendmentOpen(Conflict):
    """The list is being amended already."""

    code = "catalog.amendment_open"


class AmendmentDiffers(Conflict):
    """The amendment changes something and cannot be abandoned."""

    code = "catalog.amendment_differs"


class RemarkMisplaced(Unprocessable):
    """A remark is on a dossier that is not on the list."""

    code = "catalog.remark_misplaced"


class ListDocumentEmpty(Unprocessable):
    """The scanned decision has no bytes."""

    code = "catalog.list_document_empty"


class ListDocumentMissing(NotFound):
    """No scanned decision is attached to the list."""

    code = "catalog.list_document_missing"


class DossierArchived(Conflict):
    """The dossier is archived and cannot be changed."""

    code = "catalog.dossier_archived"


class SeriesArchived(Conflict):
    """The series is archived and cannot be changed."""

    code = "catalog.series_archived"


class ArchivingRefused(Conflict):
    """This cannot be archived."""

    code = "catalog.archiving_refused"


class ArchivingUnasked(Conflict):
    """Nobody has asked for this to be archived."""

    code = "catalog.archiving_unasked"


class OwnArchiving(Forbidden):
    """Whoever asks for archiving does not confirm it."""

    code = "catalog.own_archiving"


class SecretRefused(Unprocessable):
    """A dossier that is still secret cannot be kept on a networked installation."""

    code = "catalog.secret_refused"


class CriterionUnknown(Unprocessable):
    """The programme has no such criterion."""

    code = "catalog.criterion_unknown"


class FieldWrong(Unprocessable):
    """A field of the description is wrong."""

    code = "catalog.field_wrong"


class SeriesUnknown(Unprocessable):
    """The fonds has no such series."""

    code = "catalog.series_unknown"


class DocumentsWrong(Unprocessable):
    """The documents of the dossier do not fit together."""

    code = "catalog.documents_wrong"


class FondsCodeWrong(Unprocessable):
    """A fonds is given a code of other signs than folders and packages can be named by."""

    code = "catalog.fonds_code_wrong"


class TextUnseen(Unprocessable):
    """A text holds what nobody sees."""

    code = "catalog.text_unseen"
