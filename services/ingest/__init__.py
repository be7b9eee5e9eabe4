"""How scans come in and are kept: scan orders, pages, masters, rescans, sealing into two verified copies."""
