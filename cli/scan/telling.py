"""What the station's operator reads: counts, and every file and folder that somebody should look at."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from cli.language import say
from cli.scan.clearing import CHANGED, NOT_SENT, REPLACED
from cli.scan.folder import EMPTY, LINK, NOT_A_FILE, NOT_AN_IMAGE, OUTSIDE, UNREADABLE
from cli.scan.matching import ScanOrder
from cli.scan.plan import Act
from cli.scan.round import Round
from shared.eark.fault import LONGEST_LINE, printable

WHY = {
    Act.CHANGED: say("đã thay đổi sau khi gửi", "changed since it was sent"),
    Act.OUT_OF_ORDER: say(
        "đứng trước những trang đã có số; chưa gửi, cần người xem lại",
        "sorts before pages that have their numbers; not sent, a person must decide",
    ),
    Act.TOO_LATE: say("hồ sơ đã đóng; chưa gửi", "the dossier is closed; not sent"),
    Act.GONE: say(
        "đã có số trang nhưng chưa gửi, và tệp không còn hoặc không còn là ảnh; hãy đặt ảnh lại đúng tên này",
        "has its page number but was not sent, and is gone or no image any more; put the image back under this name",
    ),
    Act.GONE_BUT_HELD: say(
        "tệp không còn, chưa nhận được xác nhận, nhưng hệ thống đã giữ một trang ở số này; hãy đặt lại tệp đã gửi",
        "gone and never confirmed, but the archive holds a page under its number; put the file back as it was sent",
    ),
}
NO_PAGE = {
    LINK: say("là liên kết, không đi theo", "a link that is not followed"),
    NOT_A_FILE: say("không phải tệp", "not a file"),
    UNREADABLE: say("không đọc được", "cannot be read"),
    EMPTY: say("tệp rỗng, chưa gửi", "empty, not sent"),
    NOT_AN_IMAGE: say("không nhận ra là ảnh, chưa gửi", "not known as an image, not sent"),
    OUTSIDE: say("nằm ngoài thư mục hồ sơ, chưa gửi", "lies outside the dossier folders, not sent"),
}
AGAINST = {
    **NO_PAGE,
    NOT_SENT: say("chưa gửi từ trạm này", "not sent from this station"),
    CHANGED: say("khác với ảnh đã gửi", "differs from what was sent"),
    REPLACED: say("hệ thống giữ một phiên bản khác", "the archive holds another version"),
}


def tell(console: Console, done: Round) -> None:
    """Show what a round did, and what the station may clear."""
    table = Table(title=say("Trạm quét", "Scanner station"), show_header=False)
    table.add_row(say("Trang vừa gửi", "Pages sent now"), str(done.sent))
    table.add_row(say("Trang đã gửi trước", "Pages sent before"), str(done.known))
    table.add_row(say("Trang quét lại", "Pages rescanned"), str(done.rescanned))
    table.add_row(say("Đang chờ máy quét ghi xong", "Still being written"), str(len(done.waiting)))
    table.add_row(say("Cần quét lại", "To be scanned again"), str(len(done.to_scan_again)))
    table.add_row(say("Bị từ chối", "Refused"), str(len(done.refused)))
    table.add_row(say("Cần người xem lại", "A person must look"), str(len(done.for_a_person)))
    table.add_row(say("Tệp không phải ảnh", "Files that are no images"), str(len(done.left_out)))
    table.add_row(
        say("Đã có hai bản sao, có thể dọn", "Preserved twice, may be cleared"), str(len(done.preserved_twice))
    )
    console.print(table)
    for line in lines_of(done):
        console.print(printable(line, LONGEST_LINE), markup=False, highlight=False, soft_wrap=True)


def lines_of(done: Round) -> Iterator[str]:
    """Give a line for each thing worth a look."""
    if done.unreached:
        yield "✗ " + say(f"không còn liên lạc được: {done.unreached}", f"nobody answers any more: {done.unreached}")
    for path, reason in done.refused:
        yield f"✗ {path}: {reason}"
    for path, act in done.for_a_person:
        yield f"✗ {path}: {WHY[act]}"
    for path in done.waiting:
        yield "… " + say(f"{path}: chưa gửi, chờ lượt sau", f"{path}: not sent yet, waits for the next round")
    yield from lines_of_rescans(done)
    for left in done.left_out:
        yield f"- {left.path}: {NO_PAGE.get(left.reason, left.reason)}"
    for path in done.unknown_folders:
        yield "? " + say(
            f"{path}: không khớp lệnh quét nào (xem tên thư mục: --list)",
            f"{path}: matches no scan order (--list shows the names)",
        )
    yield from lines_of_dossiers(done)


def lines_of_rescans(done: Round) -> Iterator[str]:
    """Give a line for each page that is to be scanned again: why, and where its old image is."""
    for path in done.to_scan_again:
        why = done.wanted[path].reason
        yield "↻ " + say(f"{path}: cần quét lại: {why}", f"{path}: to be scanned again: {why}")
        if path in done.old_images:
            yield "  " + say(f"ảnh cũ: {done.old_images[path]}", f"the old image: {done.old_images[path]}")


def lines_of_dossiers(done: Round) -> Iterator[str]:
    """Give a line for each dossier that was closed, may be cleared, or may not."""
    for path, orders in done.ambiguous_folders:
        names = ", ".join(order.folder_name for order in orders)
        yield "? " + say(
            f"{path}: không rõ là hồ sơ nào ({names})",
            f"{path}: not clear which dossier this is ({names})",
        )
    for code in done.closed:
        yield "■ " + say(f"{code}: đã đóng", f"{code}: closed")
    for code, sent, expected in done.left_open:
        yield "□ " + say(
            f"{code}: chưa đóng, đã gửi {sent}/{expected} trang", f"{code}: not closed, {sent}/{expected} pages sent"
        )
    for code, against in done.not_to_be_cleared:
        yield "✗ " + say(f"{code}: chưa được dọn", f"{code}: not to be cleared")
        for left in against:
            yield f"  {left.path}: {AGAINST.get(left.reason, left.reason)}"
    for code in done.preserved_twice:
        yield f"✓ {code}"


def list_orders(console: Console, orders: list[ScanOrder], there: dict[str, str], unknown: list[str]) -> None:
    """Show how the folder of each open dossier is to be named, what is there for it, and what fits none."""
    for order in orders:
        if order.is_open:
            counts = f"{order.scanned_count}/{order.expected_count}"
            place = there.get(order.dossier_id, say("chưa có thư mục", "no folder yet"))
            line = f"{order.folder_name}  {order.file_code}  {counts}  [{place}]  {order.title}"
            console.print(printable(line, LONGEST_LINE), markup=False, highlight=False, soft_wrap=True)
    for name in unknown:
        console.print(
            "? " + printable(name) + say(": không khớp lệnh quét nào", ": matches no scan order"),
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
