"""The rows of the table, one a file, in its order."""

from benchmarks.measure import Row
from benchmarks.rows import (
    bulk_p256,
    bulk_rsa,
    crl,
    crowded,
    listing,
    memory,
    ocsp,
    page_explain,
    page_html,
    page_live,
    page_memory,
    page_visible,
    ready,
    submissions,
)

ROWS: tuple[Row, ...] = (
    bulk_p256.ROW,
    bulk_rsa.ROW,
    submissions.ROW,
    listing.ROW,
    memory.ROW,
    ocsp.ROW,
    crl.ROW,
    ready.ROW,
    page_html.ROW,
    page_visible.ROW,
    page_memory.ROW,
    page_live.ROW,
    page_explain.ROW,
    crowded.ROW,
)
