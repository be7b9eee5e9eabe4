"""How the papers of a delivery are made: workbooks, typeset pages and the document for a word processor."""
