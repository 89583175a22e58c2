"""Names, algorithms and public keys (RFC 5280 §4.1, appendix A; RFC 3279, 4055, 5480, 8410, 8018)."""

from __future__ import annotations

from pkilab.explain.schema import (
    ANY,
    BIT_STRING,
    IA5,
    INTEGER,
    NULL,
    OCTET_STRING,
    OID,
    PRINTABLE,
    By,
    Type,
    bits_of,
    by,
    choice,
    f,
    numbers,
    octets,
    seq,
    seq_of,
    set_of,
    simple,
)

# ------------------------------------------------------------------ distinguished names

ATTRIBUTE = seq("AttributeTypeAndValue", f("type", OID), f("value", ANY))
RELATIVE_NAME = set_of("RelativeDistinguishedName", ATTRIBUTE)
NAME = seq_of("Name", RELATIVE_NAME, some=False)

DIRECTORY_STRING = choice(
    "DirectoryString",
    f("teletexString", simple("TeletexString")),
    f("printableString", PRINTABLE),
    f("universalString", simple("UniversalString")),
    f("utf8String", simple("UTF8String")),
    f("bmpString", simple("BMPString")),
)

# ------------------------------------------------------------------ algorithms


def _parameters(oid: str) -> Type:
    return PARAMETERS.get(oid, ANY)


ALGORITHM = seq(
    "AlgorithmIdentifier",
    f("algorithm", OID),
    f("parameters", By(name="parameters", selector="algorithm", find=_parameters), optional=True),
)
PSS = seq(
    "RSASSA-PSS-params",
    f("hashAlgorithm", ALGORITHM, explicit=0, optional=True),
    f("maskGenAlgorithm", ALGORITHM, explicit=1, optional=True),
    f("saltLength", INTEGER, explicit=2, default=b"\x02\x01\x14"),
    f("trailerField", numbers("TrailerField", {1: "BC"}), explicit=3, default=b"\x02\x01\x01"),
)
OAEP = seq(
    "RSAES-OAEP-params",
    f("hashFunc", ALGORITHM, explicit=0, optional=True),
    f("maskGenFunc", ALGORITHM, explicit=1, optional=True),
    f("pSourceFunc", ALGORITHM, explicit=2, optional=True),
)
CURVE = seq(
    "SpecifiedECDomain",
    f("version", INTEGER),
    f("fieldID", seq("FieldID", f("fieldType", OID), f("parameters", ANY))),
    f(
        "curve",
        seq("Curve", f("a", OCTET_STRING), f("b", OCTET_STRING), f("seed", BIT_STRING, optional=True)),
    ),
    f("base", OCTET_STRING),
    f("order", INTEGER),
    f("cofactor", INTEGER, optional=True),
)
EC_PARAMETERS = choice(
    "ECParameters",
    f("namedCurve", OID),
    f("implicitCurve", NULL),
    f("specifiedCurve", CURVE),
    shown=True,
)
DSA_PARAMETERS = seq("Dss-Parms", f("p", INTEGER), f("q", INTEGER), f("g", INTEGER))
DH_PARAMETERS = seq(
    "DHParameter", f("prime", INTEGER), f("base", INTEGER), f("privateValueLength", INTEGER, optional=True)
)
PBKDF2 = seq(
    "PBKDF2-params",
    f("salt", choice("Salt", f("specified", OCTET_STRING), f("otherSource", ALGORITHM))),
    f("iterationCount", INTEGER),
    f("keyLength", INTEGER, optional=True),
    f("prf", ALGORITHM, optional=True),
)
SCRYPT = seq(
    "scrypt-params",
    f("salt", OCTET_STRING),
    f("costParameter", INTEGER),
    f("blockSize", INTEGER),
    f("parallelizationParameter", INTEGER),
    f("keyLength", INTEGER, optional=True),
)
PBES2 = seq("PBES2-params", f("keyDerivationFunc", ALGORITHM), f("encryptionScheme", ALGORITHM))
PBMAC1 = seq("PBMAC1-params", f("keyDerivationFunc", ALGORITHM), f("messageAuthScheme", ALGORITHM))
PBE = seq("PBEParameter", f("salt", OCTET_STRING), f("iterations", INTEGER))
GCM = seq("GCMParameters", f("aes-nonce", OCTET_STRING), f("aes-ICVlen", INTEGER, default=b"\x0c"))
_PBES1 = ("1", "3", "4", "6", "10", "11")

PARAMETERS: dict[str, Type] = {
    "1.2.840.113549.1.1.1": NULL,
    "1.2.840.113549.1.1.7": OAEP,
    "1.2.840.113549.1.1.8": ALGORITHM,
    "1.2.840.113549.1.1.10": PSS,
    "1.2.840.113549.1.3.1": DH_PARAMETERS,
    "1.2.840.10040.4.1": DSA_PARAMETERS,
    "1.2.840.10045.2.1": EC_PARAMETERS,
    "1.2.840.113549.1.5.12": PBKDF2,
    "1.2.840.113549.1.5.13": PBES2,
    "1.2.840.113549.1.5.14": PBMAC1,
    "1.3.132.1.11.1": ALGORITHM,
    "1.3.133.16.840.63.0.2": ALGORITHM,
    "1.3.6.1.4.1.11591.4.11": SCRYPT,
    "1.2.840.113549.3.7": OCTET_STRING,
    **{f"2.16.840.1.101.3.4.1.{n}": OCTET_STRING for n in (2, 22, 42)},
    **{f"2.16.840.1.101.3.4.1.{n}": GCM for n in (6, 26, 46)},
    **{f"1.2.840.113549.1.12.1.{n}": PBE for n in range(1, 7)},
    **{f"1.2.840.113549.1.5.{n}": PBE for n in _PBES1},
}

# ------------------------------------------------------------------ public keys and signatures

RSA_PUBLIC = seq("RSAPublicKey", f("modulus", INTEGER), f("publicExponent", INTEGER))
DSA_PUBLIC = simple("DSAPublicKey", "INTEGER")
_KEYS: dict[str, Type] = {
    "1.2.840.113549.1.1.1": bits_of(RSA_PUBLIC),
    "1.2.840.113549.1.1.10": bits_of(RSA_PUBLIC),
    "1.2.840.10040.4.1": bits_of(DSA_PUBLIC),
    "1.2.840.113549.1.3.1": bits_of(simple("DHPublicKey", "INTEGER")),
}
PUBLIC_KEY = seq(
    "SubjectPublicKeyInfo",
    f("algorithm", ALGORITHM),
    f("subjectPublicKey", by("algorithm", _KEYS, BIT_STRING, BIT_STRING.tags)),
)
ECDSA = seq("ECDSA-Sig-Value", f("r", INTEGER), f("s", INTEGER))
_SIGNED = bits_of(ECDSA)
_PAIRS = (
    *("1.2.840.10045.4.1", *(f"1.2.840.10045.4.3.{n}" for n in range(1, 5))),
    *("1.2.840.10040.4.3", "2.16.840.1.101.3.4.3.1", "2.16.840.1.101.3.4.3.2"),
    *(f"2.16.840.1.101.3.4.3.{n}" for n in range(9, 13)),
)
SIGNATURES: dict[str, Type] = dict.fromkeys(_PAIRS, _SIGNED)
"""Signatures that are a pair of numbers; all others are octets."""
SIGNATURE = by("signatureAlgorithm", SIGNATURES, BIT_STRING, BIT_STRING.tags)

# ------------------------------------------------------------------ general names

_OTHER_NAMES: dict[str, Type] = {
    "1.3.6.1.4.1.311.20.2.3": simple("UTF8String"),
    "1.3.6.1.5.5.7.8.5": simple("UTF8String"),
    "1.3.6.1.5.5.7.8.7": IA5,
    "1.3.6.1.5.5.7.8.9": simple("UTF8String"),
    "1.3.6.1.4.1.311.25.1": octets(None),
}
OTHER_NAME = seq("OtherName", f("type-id", OID), f("value", by("type-id", _OTHER_NAMES), explicit=0))
EDI_PARTY_NAME = seq(
    "EDIPartyName",
    f("nameAssigner", DIRECTORY_STRING, explicit=0, optional=True),
    f("partyName", DIRECTORY_STRING, explicit=1),
)
GENERAL_NAME = choice(
    "GeneralName",
    f("otherName", OTHER_NAME, implicit=0),
    f("rfc822Name", IA5, implicit=1),
    f("dNSName", IA5, implicit=2),
    f("x400Address", seq_of("ORAddress", ANY), implicit=3),
    f("directoryName", NAME, explicit=4),
    f("ediPartyName", EDI_PARTY_NAME, implicit=5),
    f("uniformResourceIdentifier", IA5, implicit=6),
    f("iPAddress", simple("IPAddress", "OCTET STRING"), implicit=7),
    f("registeredID", OID, implicit=8),
    shown=True,
)
GENERAL_NAMES = seq_of("GeneralNames", GENERAL_NAME)
