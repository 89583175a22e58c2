"""`python -m pkilab.cli`."""

from pkilab.cli import main

main()
