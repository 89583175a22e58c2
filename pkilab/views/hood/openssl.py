"""What `openssl` is told to make keys, requests and certificates as pkilab does (docs/certificates.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pkilab.model.algorithm import KeyAlgorithm, PublicKey
from pkilab.model.certificate import Certificate
from pkilab.model.dn import Name
from pkilab.views.hood import shell
from pkilab.views.hood.shell import PASSWORD_FILE

OVERWRITES = "In an empty folder: openssl overwrites what is there."
KINDS = ("DNS", "IP", "email", "URI")
"""The kinds of alternative names that its configuration has words for, as pkilab has."""

_MAKES = {
    KeyAlgorithm.EC_P256: "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    KeyAlgorithm.EC_P384: "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
    KeyAlgorithm.EC_P521: "-algorithm EC -pkeyopt ec_paramgen_curve:P-521",
    KeyAlgorithm.ED25519: "-algorithm ED25519",
}
_HASHES = {256: "-sha256", 384: "-sha384", 521: "-sha512"}
_SPECIAL = re.compile(r"""[\\$#"'`]""")


def algorithm(key: PublicKey) -> KeyAlgorithm:
    """Return the algorithm of a key that pkilab made."""
    return {found.label: found for found in KeyAlgorithm}[key.label]


def cannot(*keys: PublicKey) -> str:
    """Return the sentence why `openssl` cannot do this with these keys; empty where it can."""
    found = next((key for key in keys if key.family == "ML-DSA"), None)
    if found is None:
        return ""
    return f"OpenSSL 3.0 can neither make nor read keys of {found.label}; OpenSSL 3.5 is the first that can."


def new_key(key: PublicKey, path: str, *, password: bool) -> str:
    """Return the commands that make a private key as pkilab keeps it: PKCS#8, 600,000 rounds where encrypted."""
    chosen = algorithm(key)
    how = _MAKES.get(chosen, f"-algorithm RSA -pkeyopt rsa_keygen_bits:{key.bits}")
    if not password:
        return shell.lines("umask 077", shell.command("openssl genpkey", how, f"-out {path}")).rstrip("\n")
    encrypt = "openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000"
    return shell.lines(
        "umask 077",
        shell.command(f"openssl genpkey {how} |", encrypt, f"-passout file:{PASSWORD_FILE} -out {path}"),
    ).rstrip("\n")


def digest(key: PublicKey) -> str:
    """Return the option for the hash that is signed with a key; none for those that have their own."""
    if key.family == "EC":
        return _HASHES[key.bits]
    return "-sha256" if key.family == "RSA" else ""


def configuration(subject: Name, extensions: Sequence[str], names: Iterable[str], *, section: str) -> str:
    """Return a configuration for `openssl req`: the subject in UTF-8, and the extensions under `section`."""
    attributes = [f"{short} = {value(text)}" for relative in subject for short, text in relative]
    content = ["[req]", "prompt = no", "utf8 = yes", "string_mask = utf8only", "distinguished_name = subject"]
    if extensions:
        content.append(f"{section} = wanted")
    content += ["", "[subject]", *attributes]
    if extensions:
        content += ["", "[wanted]", *extensions, *alternatives(names)]
    return "\n".join(content) + "\n"


def profile(certificate: Certificate) -> list[str]:
    """Return the extensions that a certificate of this profile has, without names and key identifiers."""
    limit = "" if certificate.path_length is None else f", pathlen:{certificate.path_length}"
    found = [
        f"basicConstraints = critical, CA:{'TRUE' if certificate.ca else 'FALSE'}{limit}",
        f"keyUsage = critical, {', '.join(certificate.key_usage)}",
    ]
    if certificate.extended_key_usage:
        found.append(f"extendedKeyUsage = {', '.join(certificate.extended_key_usage)}")
    return found


def alternatives(names: Iterable[str]) -> list[str]:
    """Return the section `names` with alternative names of the known kinds, in their order; nothing without any."""
    counts = dict.fromkeys(KINDS, 0)
    found = []
    for name in names:
        kind, _, text = name.partition(":")
        counts[kind] += 1
        found.append(f"{kind}.{counts[kind]} = {value(text)}")
    return ["", "[names]", *found] if found else []


def value(text: str) -> str:
    """Return a value as a configuration file of `openssl` holds it (config(5))."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], text)
