"""Files that come in and go out: workbooks, CSV, EAD; read safely, kept, told back."""
