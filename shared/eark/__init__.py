"""Packages as E-ARK has them: their names, METS and descriptions, their form as ZIP, and the check of all this."""
