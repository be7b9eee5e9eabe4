"""Is a page good enough: measures, findings, the machine's judgement and the inspector's verdict."""
