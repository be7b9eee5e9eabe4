"""The proof of a reading form: what a checker said of the file, written down when it said it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Proof(BaseModel):
    """A checker's word on one file: by which profile, when, and what was wrong (`fault`), empty where nothing was.

    `program` is the version of this program that asked it. A form that fails is never kept, but that it failed is.
    """

    model_config = ConfigDict(frozen=True)

    at: datetime
    checker: str
    checker_version: str
    profile: str
    program: str
    is_signed: bool = False
    fault: str = ""


PROOFS = TypeAdapter(tuple[Proof, ...])
