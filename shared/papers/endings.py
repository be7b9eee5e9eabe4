"""How the process that typesets a paper ends, apart from it: who waits for it needs no typesetter."""

NO_FACE, NOT_SET = 3, 4
