"""Where bytes are kept: one port, a folder and an S3 server behind it."""
