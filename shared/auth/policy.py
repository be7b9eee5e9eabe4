"""The one table of permissions: every route of every service, and the roles that may call it.

A route is named `<service>.<function>`. A route that is missing here keeps its service from starting.
Separation of duties that depends on the thing itself (nobody approves a list of their own) is a rule of its service.
"""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for; an account may have several."""

    ARCHIVIST = "archivist"
    APPRAISER = "appraiser"
    APPROVER = "approver"
    OPERATOR = "operator"
    INSPECTOR = "inspector"
    HANDOVER_OFFICER = "handover_officer"
    AGENCY = "agency"
    AUDITOR = "auditor"
    ADMIN = "admin"
    STATION = "station"
    RECEIVER = "receiver"
    MONITOR = "monitor"


ANYONE: frozenset[Role] | None = None
EVERYONE = frozenset(Role)
PEOPLE = EVERYONE - {Role.STATION, Role.RECEIVER, Role.MONITOR, Role.AGENCY}
READERS = PEOPLE - {Role.ADMIN}
DESCRIBERS = frozenset({Role.ARCHIVIST})
SCANNERS = frozenset({Role.STATION, Role.OPERATOR})
INSPECTORS = frozenset({Role.INSPECTOR})
LOT_JUDGES = frozenset({Role.INSPECTOR, Role.APPROVER})
LIMIT_KEEPERS = frozenset({Role.INSPECTOR, Role.APPROVER, Role.AUDITOR, Role.ADMIN})
OFFICERS = frozenset({Role.HANDOVER_OFFICER})
AGREEING = OFFICERS | {Role.APPROVER}
WORKERS = PEOPLE - {Role.ADMIN, Role.AUDITOR}  # whoever may write anything at the centre
ANSWERING = frozenset({Role.ARCHIVIST, Role.APPRAISER, Role.APPROVER})
ADMINS = frozenset({Role.ADMIN})

ON_EVERY_SERVICE: dict[str, frozenset[Role] | None] = {
    "livez": ANYONE,
    "readyz": frozenset({Role.MONITOR, Role.ADMIN}),
    "metrics": frozenset({Role.MONITOR, Role.ADMIN}),
    "openapi": frozenset({Role.ADMIN, Role.AUDITOR}),
    "list_audit": frozenset({Role.AUDITOR}),
    "list_jobs": READERS | ADMINS,
    "retry_job": ADMINS | {Role.OPERATOR},
    "list_dead_letters": frozenset({Role.ADMIN, Role.AUDITOR}),
    "replay_dead_letter": ADMINS,
}

POLICY: dict[str, frozenset[Role] | None] = {
    "catalog.create_fonds": DESCRIBERS,
    "catalog.list_fonds": READERS,
    "catalog.read_fonds": READERS,
    "catalog.create_series": DESCRIBERS,
    "catalog.list_series": READERS,
    "catalog.create_agency": DESCRIBERS,
    "catalog.list_agencies": READERS | {Role.AGENCY},
    "catalog.find_agency_by_code": READERS | {Role.AGENCY},
    "catalog.read_agency": READERS | {Role.AGENCY},
    "catalog.rename_agency": DESCRIBERS,
    "catalog.recode_agency": DESCRIBERS,
    "catalog.place_agency": DESCRIBERS,
    "catalog.succeed_agency": DESCRIBERS,
    "catalog.list_agency_past": READERS,
    "catalog.give_access_to": DESCRIBERS,
    "catalog.take_access_from": DESCRIBERS,
    "catalog.list_access": READERS,
    "catalog.read_fonds_agencies": READERS,
    "catalog.attribute_fonds": DESCRIBERS,
    "catalog.register_transfer": DESCRIBERS | {Role.AGENCY},
    "catalog.list_transfers": READERS | {Role.AGENCY},
    "catalog.read_transfer": READERS | {Role.AGENCY},
    "catalog.change_transfer": DESCRIBERS | {Role.AGENCY},
    "catalog.report_arrangement": DESCRIBERS | {Role.AGENCY},
    "catalog.list_arrangements": READERS | {Role.AGENCY},
    "catalog.withdraw_transfer": DESCRIBERS | {Role.AGENCY},
    "catalog.receive_transfer": DESCRIBERS,
    "catalog.attach_minutes": DESCRIBERS,
    "catalog.read_minutes": READERS | {Role.AGENCY},
    "catalog.conclude_transfer": DESCRIBERS,
    "catalog.list_transfer_past": READERS | {Role.AGENCY},
    "catalog.list_transfer_progress": READERS | {Role.AGENCY},
    "catalog.list_difficulty_kinds": READERS | {Role.AGENCY},
    "catalog.raise_difficulty": WORKERS | {Role.AGENCY},
    "catalog.list_difficulties": READERS | {Role.AGENCY},
    "catalog.read_difficulty": READERS | {Role.AGENCY},
    "catalog.change_difficulty": WORKERS | {Role.AGENCY},
    "catalog.answer_difficulty": ANSWERING,
    "catalog.close_difficulty": ANSWERING,
    "catalog.list_difficulty_past": READERS | {Role.AGENCY},
    "catalog.create_yearly_list": DESCRIBERS,
    "catalog.list_yearly_lists": READERS,
    "catalog.read_yearly_list": READERS,
    "catalog.list_yearly_dossiers": READERS,
    "catalog.list_yearly_differences": READERS,
    "catalog.freeze_yearly_list": DESCRIBERS | {Role.APPROVER},
    "catalog.send_yearly_list": DESCRIBERS | {Role.APPROVER},
    "catalog.read_yearly_workbook": READERS,
    "catalog.create_dossier": DESCRIBERS,
    "catalog.list_dossiers": READERS,
    "catalog.count_dossiers": READERS,
    "catalog.read_dossier": READERS,
    "catalog.change_dossier": DESCRIBERS,
    "catalog.set_documents": DESCRIBERS,
    "catalog.restore_dossier": DESCRIBERS,
    "catalog.list_history": READERS,
    "catalog.set_criteria": DESCRIBERS,
    "catalog.list_criteria": READERS,
    "catalog.list_codes": READERS,
    "catalog.preview_marking": DESCRIBERS,
    "catalog.mark_dossiers": DESCRIBERS,
    "catalog.list_markings": READERS,
    "catalog.read_marking": READERS,
    "catalog.undo_marking": DESCRIBERS,
    "catalog.list_suggestions": READERS,
    "catalog.suggest_criteria": READERS,
    "catalog.import_workbook": DESCRIBERS,
    "catalog.read_import": DESCRIBERS | {Role.AUDITOR},
    "catalog.read_marked": DESCRIBERS | {Role.AUDITOR},
    "catalog.export_fonds": DESCRIBERS | {Role.AUDITOR},
    "catalog.read_template": DESCRIBERS,
    "catalog.create_list": DESCRIBERS,
    "catalog.list_lists": READERS,
    "catalog.read_list": READERS,
    "catalog.read_inventory": READERS,
    "catalog.put_on_list": DESCRIBERS,
    "catalog.take_off_list": DESCRIBERS,
    "catalog.submit_list": DESCRIBERS,
    "catalog.appraise_list": frozenset({Role.APPRAISER}),
    "catalog.approve_list": frozenset({Role.APPROVER}),
    "catalog.return_list": frozenset({Role.APPROVER, Role.APPRAISER}),
    "catalog.list_remarks": READERS,
    "catalog.tell_decision": frozenset({Role.APPROVER}),
    "catalog.attach_decision": frozenset({Role.APPROVER}),
    "catalog.read_decision": READERS,
    "catalog.list_entries": READERS,
    "catalog.read_totals": READERS,
    "catalog.list_differences": READERS,
    "catalog.amend_list": DESCRIBERS,
    "catalog.abandon_amendment": DESCRIBERS,
    "catalog.list_archivings": READERS,
    "catalog.archive_dossier": DESCRIBERS,
    "catalog.archive_series": DESCRIBERS,
    "catalog.archive_list": DESCRIBERS,
    "catalog.confirm_dossier_archiving": DESCRIBERS | {Role.APPROVER},
    "catalog.confirm_series_archiving": DESCRIBERS | {Role.APPROVER},
    "catalog.confirm_list_archiving": DESCRIBERS | {Role.APPROVER},
    "catalog.recover_dossier": DESCRIBERS,
    "catalog.recover_series": DESCRIBERS,
    "catalog.recover_list": DESCRIBERS,
    "ingest.list_scan_orders": READERS | SCANNERS,
    "ingest.read_dossier": READERS | SCANNERS,
    "ingest.list_pages": READERS | SCANNERS,
    "ingest.read_form": READERS,
    "ingest.put_page": SCANNERS,
    "ingest.list_rescan_orders": READERS | SCANNERS,
    "ingest.put_rescan": SCANNERS,
    "ingest.close_dossier": SCANNERS,
    "ingest.seal_again": frozenset({Role.OPERATOR}),
    "ingest.list_copies": READERS | ADMINS,
    "ingest.list_fixity_checks": READERS | ADMINS,
    "ingest.scrub_now": ADMINS | {Role.OPERATOR, Role.ARCHIVIST},
    "ingest.read_receipt_key": EVERYONE,
    "ingest.tus_options": SCANNERS,
    "ingest.create_upload": SCANNERS,
    "ingest.read_upload": SCANNERS,
    "ingest.append_upload": SCANNERS,
    "ingest.cancel_upload": SCANNERS,
    "qc.list_dossiers": READERS,
    "qc.read_dossier": READERS,
    "qc.list_pages": READERS,
    "qc.read_thumbnail": READERS,
    "qc.read_reading_copy": READERS,
    "qc.preflight_image": ANYONE,
    "qc.redirect_to_image": READERS,
    "qc.describe_image": READERS,
    "qc.read_image": READERS,
    "qc.give_verdict": INSPECTORS,
    "qc.give_queue": INSPECTORS,
    "qc.take_next_pages": INSPECTORS,
    "qc.hold_on": INSPECTORS,
    "qc.let_go": INSPECTORS,
    "qc.lock": INSPECTORS,
    "qc.unlock": INSPECTORS,
    "qc.accept_many_pages": INSPECTORS,
    "qc.read_scope_progress": READERS,
    "qc.read_history": READERS,
    "qc.list_reasons": READERS,
    "qc.list_judged_pages": LIMIT_KEEPERS,
    "qc.read_judged_totals": LIMIT_KEEPERS,
    "qc.list_rescan_orders": READERS | SCANNERS,
    "qc.read_old_image": READERS | SCANNERS,
    "qc.accept_dossier": INSPECTORS,
    "qc.reject_dossier": INSPECTORS,
    "qc.list_lots": READERS,
    "qc.read_lot": READERS,
    "qc.list_lot_pages": READERS,
    "qc.create_lot": INSPECTORS,
    "qc.start_lot": INSPECTORS,
    "qc.withdraw_lot": INSPECTORS,
    "qc.accept_lot": LOT_JUDGES,
    "qc.reject_lot": LOT_JUDGES,
    "qc.give_leave": frozenset({Role.APPROVER}),
    "handover.list_preserved": OFFICERS | {Role.AUDITOR},
    "handover.create_agreement": OFFICERS,
    "handover.attach_document": OFFICERS,
    "handover.approve_agreement": frozenset({Role.APPROVER}),
    "handover.end_agreement": OFFICERS | {Role.APPROVER},
    "handover.list_agreements": AGREEING | {Role.AUDITOR, Role.RECEIVER},
    "handover.read_agreement": AGREEING | {Role.AUDITOR, Role.RECEIVER},
    "handover.read_document": AGREEING | {Role.AUDITOR, Role.RECEIVER},
    "handover.create_delivery": OFFICERS,
    "handover.open_delivery": OFFICERS,
    "handover.cancel_delivery": OFFICERS,
    "handover.release_delivery": OFFICERS,
    "handover.withdraw_package": OFFICERS,
    "handover.list_deliveries": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.read_delivery": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.list_packages": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.read_paper": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.list_parts": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.note_medium": OFFICERS,
    "handover.list_media": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.read_manifest": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.read_manifest_signature": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.read_content": OFFICERS | {Role.RECEIVER},
    "handover.put_receipt": frozenset({Role.RECEIVER}),
    "handover.read_receipt": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.list_reasons": OFFICERS | {Role.AUDITOR, Role.RECEIVER},
    "handover.list_corrections": OFFICERS | {Role.AUDITOR},
    "handover.explain_correction": OFFICERS,
    "reporting.read_progress": READERS,
    "reporting.list_periods": READERS,
    "reporting.set_target": DESCRIBERS,
    "reporting.read_totals": READERS,
    "reporting.list_ledger": READERS,
    "reporting.list_differences": READERS,
    "reporting.list_difficulties": READERS,
    "reporting.read_transfer_figures": READERS,
    "reporting.rebuild": ADMINS,
    "identity.show_setup": ANYONE,
    "identity.set_up": ANYONE,
    "identity.sign_in": ANYONE,
    "identity.sign_out": ANYONE,
    "identity.take_token": ANYONE,
    "identity.grant_to_client": ANYONE,
    "identity.read_keys": ANYONE,
    "identity.read_me": EVERYONE,
    "identity.change_password": EVERYONE,
    "identity.create_account": ADMINS,
    "identity.list_accounts": ADMINS | {Role.AUDITOR},
    "identity.list_receivers": OFFICERS | ADMINS | {Role.AUDITOR},
    "identity.list_agency_accounts": DESCRIBERS | ADMINS | {Role.AUDITOR},
    "identity.disable_account": ADMINS,
    "identity.enable_account": ADMINS,
    "identity.renew_credential": ADMINS,
}


def roles_for(service: str, route: str) -> frozenset[Role] | None:
    """Give the roles that may call a route, or None when anyone may; KeyError when the table does not know it."""
    if route in ON_EVERY_SERVICE:
        return ON_EVERY_SERVICE[route]
    return POLICY[f"{service}.{route}"]
