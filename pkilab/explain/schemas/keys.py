"""Private keys (RFC 5958, RFC 5208, RFC 8017 A.1, RFC 5915, RFC 8410 §7, RFC 9881 §6)."""

from __future__ import annotations

from pkilab.explain.schema import (
    BIT_STRING,
    OCTET_STRING,
    Type,
    by,
    choice,
    f,
    numbers,
    octets,
    seq,
    seq_of,
    simple,
)
from pkilab.explain.schemas.names import ALGORITHM, EC_PARAMETERS
from pkilab.explain.schemas.pkix import ATTRIBUTES

SECRET_NUMBER = simple("INTEGER", secret=True)
SECRET_OCTETS = simple("OCTET STRING", secret=True)
_INTEGER = simple("INTEGER")

PRIME = seq("OtherPrimeInfo", f("prime", SECRET_NUMBER), f("exponent", SECRET_NUMBER), f("coefficient", SECRET_NUMBER))
RSA = seq(
    "RSAPrivateKey",
    f("version", numbers("RSAVersion", {0: "two-prime", 1: "multi"})),
    f("modulus", _INTEGER),
    f("publicExponent", _INTEGER),
    f("privateExponent", SECRET_NUMBER),
    f("prime1", SECRET_NUMBER),
    f("prime2", SECRET_NUMBER),
    f("exponent1", SECRET_NUMBER),
    f("exponent2", SECRET_NUMBER),
    f("coefficient", SECRET_NUMBER),
    f("otherPrimeInfos", seq_of("OtherPrimeInfos", PRIME), optional=True),
)
EC = seq(
    "ECPrivateKey",
    f("version", numbers("ECVersion", {1: "ecPrivkeyVer1"})),
    f("privateKey", SECRET_OCTETS),
    f("parameters", EC_PARAMETERS, explicit=0, optional=True),
    f("publicKey", BIT_STRING, explicit=1, optional=True),
)
DSA = seq(
    "DSAPrivateKey",
    f("version", _INTEGER),
    f("p", _INTEGER),
    f("q", _INTEGER),
    f("g", _INTEGER),
    f("pub_key", _INTEGER),
    f("priv_key", SECRET_NUMBER),
)
CURVE_KEY = simple("CurvePrivateKey", "OCTET STRING", secret=True)
BOTH = seq("BothMLDSA", f("seed", SECRET_OCTETS), f("expandedKey", SECRET_OCTETS))
MLDSA = choice(
    "MLDSAPrivateKey",
    f("seed", SECRET_OCTETS, implicit=0),
    f("expandedKey", SECRET_OCTETS),
    f("both", BOTH),
    shown=True,
)
_SECRET_INTEGER = octets(SECRET_NUMBER)
_KEYS: dict[str, Type] = {
    "1.2.840.113549.1.1.1": octets(RSA),
    "1.2.840.113549.1.1.10": octets(RSA),
    "1.2.840.10045.2.1": octets(EC),
    "1.2.840.10040.4.1": _SECRET_INTEGER,
    "1.2.840.113549.1.3.1": _SECRET_INTEGER,
    **{f"1.3.101.{n}": octets(CURVE_KEY) for n in (110, 111, 112, 113)},
    **{f"2.16.840.1.101.3.4.3.{n}": octets(MLDSA) for n in (17, 18, 19)},
}
PRIVATE_KEY = seq(
    "PrivateKeyInfo",
    f("version", numbers("KeyVersion", {0: "v1", 1: "v2"})),
    f("privateKeyAlgorithm", ALGORITHM),
    f("privateKey", by("privateKeyAlgorithm", _KEYS, SECRET_OCTETS, SECRET_OCTETS.tags)),
    f("attributes", ATTRIBUTES, implicit=0, optional=True),
    f("publicKey", BIT_STRING, implicit=1, optional=True),
)
ENCRYPTED_KEY = seq(
    "EncryptedPrivateKeyInfo",
    f("encryptionAlgorithm", ALGORITHM),
    f("encryptedData", OCTET_STRING),
)
