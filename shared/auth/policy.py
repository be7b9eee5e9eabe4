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
    "catalog.create_dossier": DESCRIBERS,
    "catalog.list_dossiers": READERS,
    "catalog.read_dossier": READERS,
    "catalog.change_dossier": DESCRIBERS,
    "catalog.set_documents": DESCRIBERS,
    "catalog.restore_dossier": DESCRIBERS,
    "catalog.list_history": READERS,
    "catalog.set_criteria": DESCRIBERS,
    "catalog.list_criteria": READERS,
    "catalog.import_workbook": DESCRIBERS,
    "catalog.read_import": DESCRIBERS | {Role.AUDITOR},
    "catalog.read_marked": DESCRIBERS | {Role.AUDITOR},
    "catalog.export_fonds": DESCRIBERS | {Role.AUDITOR},
    "catalog.read_template": DESCRIBERS,
    "catalog.create_list": DESCRIBERS,
    "catalog.list_lists": READERS,
    "catalog.read_list": READERS,
    "catalog.put_on_list": DESCRIBERS,
    "catalog.take_off_list": DESCRIBERS,
    "catalog.submit_list": DESCRIBERS,
    "catalog.approve_list": frozenset({Role.APPROVER}),
    "catalog.return_list": frozenset({Role.APPROVER}),
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
    "identity.disable_account": ADMINS,
    "identity.enable_account": ADMINS,
    "identity.renew_credential": ADMINS,
}


def roles_for(service: str, route: str) -> frozenset[Role] | None:
    """Give the roles that may call a route, or None when anyone may; KeyError when the table does not know it."""
    if route in ON_EVERY_SERVICE:
        return ON_EVERY_SERVICE[route]
    return POLICY[f"{service}.{route}"]
