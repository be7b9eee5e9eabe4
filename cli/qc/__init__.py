"""`saoluu qc`: look at image files without a running system, and learn limits from a running one."""

import typer

from cli.language import say
from cli.qc import calibrate, check, duplicates

HELP = say("Kiểm tra chất lượng tệp ảnh; học ngưỡng từ kết luận.", "Quality control of images; limits from verdicts.")

app = typer.Typer(help=HELP, no_args_is_help=True)
app.command("check", help=check.HELP)(check.check)
app.command("duplicates", help=duplicates.HELP)(duplicates.duplicates)
app.command("calibrate", help=calibrate.HELP)(calibrate.calibrate)
