"""The inventory of a selection list, as a document for a word processor and as typeset pages."""
