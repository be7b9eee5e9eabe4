"""Packages as E-ARK describes them: their names, their METS, EAD and PREMIS, their ZIP form, and the check of all this."""
