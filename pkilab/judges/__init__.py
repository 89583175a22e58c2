"""Verifiers side by side: cryptography's, and the commands `openssl` and `certtool` as bounded processes."""
