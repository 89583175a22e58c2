"""Frozen nouns of a public key infrastructure, with the rules that their values keep. No I/O."""
