"""Reading forms: pages read, bound into one PDF/A a document, proved, and signed by the agency."""
