"""`saoluu qc`: look at image files without a running system."""

import typer

from cli.language import say
from cli.qc import check, duplicates

HELP = say("Kiểm tra chất lượng tệp ảnh, không cần hệ thống.", "Quality control of image files, without a system.")

app = typer.Typer(help=HELP, no_args_is_help=True)
app.command("check", help=check.HELP)(check.check)
app.command("duplicates", help=duplicates.HELP)(duplicates.duplicates)
