"""The protocol of a restore: what was done when, how long it took, what was counted, and every difference."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from cli.language import say
from shared.clock import VIETNAM, now
from shared.storage.tree import sync_folder

NAMED = 50
STEPS = {
    "databases": say("Tạo cơ sở dữ liệu mới", "New databases"),
    "registers": say("Nạp sổ đăng ký", "Registers loaded"),
    "packages": say("Khôi phục gói tin vào hai kho, đọc lại", "Packages into both stores, read back"),
    "facts": say("Lập lại sổ theo gói tin", "Registers completed from the packages"),
    "comparing": say("Đối chiếu", "Compared"),
}
COUNTS = {
    "register_rows": say("Dòng sổ đăng ký", "Rows of registers"),
    "manifests": say("Bản kê hồ sơ", "Manifests"),
    "dossiers": say("Hồ sơ bảo quản trong sổ", "Preserved dossiers in the registers"),
    "pages": say("Trang ảnh", "Pages"),
    "objects": say("Tệp trong mỗi kho", "Objects in each store"),
    "bytes": say("Byte trong mỗi kho", "Bytes in each store"),
    "packages": say("Gói bàn giao", "Packages of deliveries"),
    "from_packages": say("Hồ sơ lập lại từ gói tin", "Dossiers entered from their packages"),
    "scanned_again": say("Hồ sơ chưa bảo quản, phải quét lại", "Dossiers not preserved yet, to be scanned again"),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A register that was taken: its head, what moment it tells of, and how many rows came into the database."""

    key: str
    as_of: datetime
    row_count: int

    def told(self) -> str:
        """Tell it in a line."""
        return say(
            f"sổ đăng ký đến {minute(self.as_of)}, {self.row_count:,} dòng ({self.key})",
            f"register as of {minute(self.as_of)}, {self.row_count:,} rows ({self.key})",
        )


@dataclass(slots=True)
class Protocol:
    """A protocol that is being kept. `differences` are what stands against calling the restore whole.

    `damaged` are the keys of objects that some place had wrong; a drill has their dossiers read. `held_against` are the
    services whose databases told which of their heads is the newest.
    """

    origin: list[str]
    folder: str
    seed: int | None = None
    sample: list[str] | None = None
    sampled_dossiers: int = 0
    began_at: datetime = field(default_factory=now)
    ended_at: datetime | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    registers: dict[str, Loaded] = field(default_factory=dict)
    held_against: list[str] | None = None
    notes: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - began, 2)

    def differs(self, what: str) -> None:
        """Enter a difference."""
        self.differences.append(what)

    @property
    def agrees(self) -> bool:
        """Say whether everything agreed."""
        return not self.differences

    def json(self) -> dict[str, object]:
        """Give the protocol as plain data."""
        return {
            "format": "saoluu.restore.v1",
            "software": f"saoluu {version('saoluu')}",
            "agrees": self.agrees,
            "from": self.origin,
            "to": self.folder,
            **(
                {"seed": self.seed, "dossiers": self.sampled_dossiers, "sample": self.sample}
                if self.sample is not None
                else {}
            ),
            "began_at": self.began_at.isoformat(),
            "ended_at": (self.ended_at or now()).isoformat(),
            "seconds": self.seconds,
            "counts": self.counts,
            "registers": {service: each.key for service, each in self.registers.items()},
            "register_states": {
                service: {"as_of": each.as_of.isoformat(), "rows": each.row_count}
                for service, each in self.registers.items()
            },
            **({} if self.held_against is None else {"registers_held_against": self.held_against}),
            "notes": self.notes,
            "differences": self.differences,
        }

    def to_bytes(self) -> bytes:
        """Write the protocol as canonical JSON."""
        return (json.dumps(self.json(), ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()

    def lines(self) -> Iterator[str]:
        """Write the protocol for people."""
        if self.sample is None:
            yield say("BIÊN BẢN KHÔI PHỤC", "PROTOCOL OF A RESTORE")
        else:
            yield say("BIÊN BẢN DIỄN TẬP KHÔI PHỤC", "PROTOCOL OF A RESTORE DRILL")
        yield say("Nguồn: ", "From: ") + ", ".join(self.origin)
        yield say("Vào: ", "To: ") + self.folder
        yield say("Bắt đầu: ", "Began: ") + stamp(self.began_at)
        yield say("Kết thúc: ", "Ended: ") + stamp(self.ended_at or now())
        if self.sample is not None:
            yield say(
                f"Mẫu ngẫu nhiên: {self.sampled_dossiers} hồ sơ ({len(self.sample)} bản kê), hạt giống {self.seed}",
                f"Random sample: {self.sampled_dossiers} dossiers ({len(self.sample)} manifests), seed {self.seed}",
            )
        for name, seconds in self.seconds.items():
            yield f"  {STEPS.get(name, name)}: {seconds:,.2f} s"
        for name, count in self.counts.items():
            yield f"  {COUNTS.get(name, name)}: {count:,}"
        for service, each in self.registers.items():
            yield f"  {service}: {each.told()}"
        if self.held_against is not None:
            known = ", ".join(self.held_against)
            yield say(
                f"  Sổ đăng ký mới nhất, đối chiếu với cơ sở dữ liệu của: {known}",
                f"  Newest registers held against the databases of: {known}",
            )
        yield from few("!", self.notes)
        yield from few("✗", self.differences)
        yield (
            say("KẾT LUẬN: mọi số liệu khớp.", "CONCLUSION: everything agrees.")
            if self.agrees
            else say(
                f"KẾT LUẬN: {len(self.differences)} chênh lệch.", f"CONCLUSION: {len(self.differences)} differences."
            )
        )

    def keep(self, folder: Path) -> None:
        """Write the protocol beside what was restored, for programs and for people."""
        for name, body in (
            ("restore-protocol.json", self.to_bytes()),
            ("restore-protocol.txt", "".join(f"{line}\n" for line in self.lines()).encode()),
        ):
            (folder / name).write_bytes(body)
        sync_folder(folder)


def stamp(moment: datetime) -> str:
    """Write a moment as people here read it."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")


def minute(moment: datetime | None) -> str:
    """Write a moment to the minute."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "?"


def few(mark: str, told: list[str]) -> Iterator[str]:
    """Give the first of many lines, and count the rest."""
    yield from (f"{mark} {each}" for each in told[:NAMED])
    if len(told) > NAMED:
        yield f"{mark} ... +{len(told) - NAMED:,}"
