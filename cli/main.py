"""The command line's table of contents."""

import typer

from cli import (
    account,
    deliver,
    demo,
    entering,
    importing,
    preparing,
    pull,
    qc,
    resending,
    scan,
    serving,
    template,
    token,
    verify,
)
from cli.copies import command as copies
from cli.drill import command as drilling
from cli.explaining import explained_failures
from cli.language import say
from cli.restore import command as restoring

app = typer.Typer(
    name="saoluu",
    help=say(
        "Sao lưu dự phòng tài liệu lưu trữ: lựa chọn, số hóa, kiểm tra, gìn giữ, bàn giao.",
        "Reserve copies of archives: choose, scan, prove, keep, hand over.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("up", help=serving.UP)(serving.up)
app.command("serve", help=serving.SERVE)(serving.serve)
app.command("work", help=serving.WORK)(serving.work)
app.command("scrub", help=serving.SCRUB)(serving.scrub)
app.command("copy", help=copies.HELP)(copies.copy)
app.command("restore", help=restoring.HELP)(restoring.restore)
app.command("drill", help=drilling.HELP)(drilling.drill)
app.command("migrate", help=serving.MIGRATE)(serving.migrate)
app.command("resend", help=resending.HELP)(resending.resend)
app.command("prepare", help=preparing.HELP)(preparing.prepare)
app.command("demo", help=demo.HELP)(demo.demo)
app.command("scan", help=scan.HELP)(scan.scan)
app.command("template", help=template.HELP)(template.write_template)
app.command("import", help=importing.HELP)(importing.import_workbook)
app.command("deliver", help=deliver.HELP)(deliver.deliver)
app.command("pull", help=pull.HELP)(pull.pull)
app.command("receipts", help=entering.HELP)(entering.enter)
app.command("token", help=token.HELP)(token.token)
app.command("verify", help=verify.HELP)(verify.verify)
app.add_typer(qc.app, name="qc", help=qc.HELP)
app.add_typer(account.app, name="account", help=account.HELP)


def run() -> None:
    """Run the command line; what stops a command is told in words."""
    with explained_failures():
        app()
