"""The minutes of a delivery, as a document for a word processor and as typeset pages."""
