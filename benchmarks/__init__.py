"""What performance is measured with: one file a row, see `python -m benchmarks --help` and docs/performance.md."""
