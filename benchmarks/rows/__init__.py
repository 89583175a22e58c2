"""The rows of the table, one a file, in its order."""

from benchmarks.measure import Row
from benchmarks.rows import bulk_p256, bulk_rsa, crowded, listing, memory, ready, submissions

ROWS: tuple[Row, ...] = (
    bulk_p256.ROW,
    bulk_rsa.ROW,
    submissions.ROW,
    listing.ROW,
    memory.ROW,
    ready.ROW,
    crowded.ROW,
)
