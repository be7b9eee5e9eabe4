"""Tell what a checker said of a reading form, as it was written down then."""

from services.ingest.domain.proof import Proof
from services.ingest.operations.actors import Acted, checking_program
from shared.eark.premis import Actor, Identifier, PreservationEvent


def proof_told(proof: Proof, *of: Identifier) -> PreservationEvent:
    """Tell a proof of the file that is here, or of one that failed, for which only its document stands."""
    checked: Acted = ((Actor(proof.checker, "software", proof.checker_version), "executing program"),)
    if proof.is_signed:  # the checker knows no form fields; the rules for them are this program's
        checked += ((checking_program(proof.program), "executing program"),)
    state = "signed" if proof.is_signed else "unsigned"
    return PreservationEvent(
        "validation",
        proof.at,
        checked,
        of,
        outcome="fail" if proof.fault else "success",
        detail=f"profile {proof.profile}, {state}" + (", not kept" if proof.fault else ""),
        note=proof.fault,
    )
