"""How papers are made: workbooks, typeset pages, documents for a word processor, in the layout of Decree 30/2020."""
