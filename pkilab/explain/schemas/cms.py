"""Signed and encrypted messages (RFC 5652), and PKCS#12 containers (RFC 7292)."""

from __future__ import annotations

from pkilab.explain.schema import (
    ANY,
    BIT_STRING,
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    OCTET_STRING,
    OID,
    Later,
    Of,
    Simple,
    Type,
    by,
    choice,
    f,
    octets,
    seq,
    seq_of,
    set_of,
    simple,
)
from pkilab.explain.schemas.extensions import EXTENSIONS, KEY_ID, SERIAL
from pkilab.explain.schemas.keys import ENCRYPTED_KEY, PRIVATE_KEY
from pkilab.explain.schemas.names import ALGORITHM, GENERAL_NAME, NAME, SIGNATURES
from pkilab.explain.schemas.pkix import ATTRIBUTES, CERTIFICATE, LIST

_DATA = "1.2.840.113549.1.7.1"
_VERSION = simple("CMSVersion", "INTEGER")
ISSUER_AND_SERIAL = seq("IssuerAndSerialNumber", f("issuer", NAME), f("serialNumber", SERIAL))
CERTIFICATE_SET = set_of(
    "CertificateSet",
    choice("CertificateChoices", f("certificate", CERTIFICATE), f("other", ANY), shown=True),
    some=False,
)
LISTS = set_of(
    "RevocationInfoChoices",
    choice("RevocationInfoChoice", f("crl", LIST), f("other", ANY), shown=True),
    some=False,
)

# ------------------------------------------------------------------ time stamps (RFC 3161)

IMPRINT = seq("MessageImprint", f("hashAlgorithm", ALGORITHM), f("hashedMessage", OCTET_STRING))
TIME_STAMP = seq(
    "TSTInfo",
    f("version", INTEGER),
    f("policy", OID),
    f("messageImprint", IMPRINT),
    f("serialNumber", INTEGER),
    f("genTime", GENERALIZED_TIME),
    f("accuracy", ANY, optional=True),
    f("ordering", BOOLEAN, default=b"\0"),
    f("nonce", INTEGER, optional=True),
    f("tsa", GENERAL_NAME, explicit=0, optional=True),
    f("extensions", EXTENSIONS, implicit=1, optional=True),
)

# ------------------------------------------------------------------ signed

_SIGNED_CONTENT: dict[str, Type] = {
    "1.2.840.113549.1.9.16.1.4": octets(TIME_STAMP),
    "1.3.6.1.4.1.311.2.1.4": ANY,  # Authenticode is PKCS #7 of old, without the OCTET STRING
}
ENCAPSULATED = seq(
    "EncapsulatedContentInfo",
    f("eContentType", OID),
    f("eContent", by("eContentType", _SIGNED_CONTENT, OCTET_STRING), explicit=0, optional=True),
)
SIGNER_ID = choice(
    "SignerIdentifier",
    f("issuerAndSerialNumber", ISSUER_AND_SERIAL),
    f("subjectKeyIdentifier", KEY_ID, implicit=0),
    shown=True,
)
_SIGNATURES: dict[str, Type] = {
    oid: octets(type_.inner) for oid, type_ in SIGNATURES.items() if isinstance(type_, Simple)
}
SIGNER = seq(
    "SignerInfo",
    f("version", _VERSION),
    f("sid", SIGNER_ID),
    f("digestAlgorithm", ALGORITHM),
    f("signedAttrs", ATTRIBUTES, implicit=0, optional=True),
    f("signatureAlgorithm", ALGORITHM),
    f("signature", by("signatureAlgorithm", _SIGNATURES, OCTET_STRING, OCTET_STRING.tags)),
    f("unsignedAttrs", ATTRIBUTES, implicit=1, optional=True),
)
SIGNED = seq(
    "SignedData",
    f("version", _VERSION),
    f("digestAlgorithms", set_of("DigestAlgorithmIdentifiers", ALGORITHM, some=False)),
    f("encapContentInfo", ENCAPSULATED),
    f("certificates", CERTIFICATE_SET, implicit=0, optional=True),
    f("crls", LISTS, implicit=1, optional=True),
    f("signerInfos", set_of("SignerInfos", SIGNER, some=False)),
)

# ------------------------------------------------------------------ encrypted

ENCRYPTED_CONTENT = seq(
    "EncryptedContentInfo",
    f("contentType", OID),
    f("contentEncryptionAlgorithm", ALGORITHM),
    f("encryptedContent", simple("EncryptedContent", "OCTET STRING"), implicit=0, optional=True),
)
ENCRYPTED = seq(
    "EncryptedData",
    f("version", _VERSION),
    f("encryptedContentInfo", ENCRYPTED_CONTENT),
    f("unprotectedAttrs", ATTRIBUTES, implicit=1, optional=True),
)
KEY_TRANSPORT = seq(
    "KeyTransRecipientInfo",
    f("version", _VERSION),
    f(
        "rid",
        choice(
            "RecipientIdentifier",
            f("issuerAndSerialNumber", ISSUER_AND_SERIAL),
            f("subjectKeyIdentifier", KEY_ID, implicit=0),
            shown=True,
        ),
    ),
    f("keyEncryptionAlgorithm", ALGORITHM),
    f("encryptedKey", OCTET_STRING),
)
ORIGINATOR = choice(
    "OriginatorIdentifierOrKey",
    f("issuerAndSerialNumber", ISSUER_AND_SERIAL),
    f("subjectKeyIdentifier", KEY_ID, implicit=0),
    f("originatorKey", seq("OriginatorPublicKey", f("algorithm", ALGORITHM), f("publicKey", BIT_STRING)), implicit=1),
    shown=True,
)
AGREED_KEY = seq(
    "RecipientEncryptedKey",
    f(
        "rid",
        choice(
            "KeyAgreeRecipientIdentifier",
            f("issuerAndSerialNumber", ISSUER_AND_SERIAL),
            f(
                "rKeyId",
                seq(
                    "RecipientKeyIdentifier",
                    f("subjectKeyIdentifier", KEY_ID),
                    f("date", GENERALIZED_TIME, optional=True),
                    f("other", ANY, optional=True),
                ),
                implicit=0,
            ),
            shown=True,
        ),
    ),
    f("encryptedKey", OCTET_STRING),
)
KEY_AGREEMENT = seq(
    "KeyAgreeRecipientInfo",
    f("version", _VERSION),
    f("originator", ORIGINATOR, explicit=0),
    f("ukm", OCTET_STRING, explicit=1, optional=True),
    f("keyEncryptionAlgorithm", ALGORITHM),
    f("recipientEncryptedKeys", seq_of("RecipientEncryptedKeys", AGREED_KEY)),
)
SHARED_KEY = seq(
    "KEKRecipientInfo",
    f("version", _VERSION),
    f(
        "kekid",
        seq(
            "KEKIdentifier",
            f("keyIdentifier", OCTET_STRING),
            f("date", GENERALIZED_TIME, optional=True),
            f("other", ANY, optional=True),
        ),
    ),
    f("keyEncryptionAlgorithm", ALGORITHM),
    f("encryptedKey", OCTET_STRING),
)
PASSWORD = seq(
    "PasswordRecipientInfo",
    f("version", _VERSION),
    f("keyDerivationAlgorithm", ALGORITHM, implicit=0, optional=True),
    f("keyEncryptionAlgorithm", ALGORITHM),
    f("encryptedKey", OCTET_STRING),
)
RECIPIENT = choice(
    "RecipientInfo",
    f("ktri", KEY_TRANSPORT),
    f("kari", KEY_AGREEMENT, implicit=1),
    f("kekri", SHARED_KEY, implicit=2),
    f("pwri", PASSWORD, implicit=3),
    f("ori", seq("OtherRecipientInfo", f("oriType", OID), f("oriValue", ANY)), implicit=4),
    shown=True,
)
ENVELOPED = seq(
    "EnvelopedData",
    f("version", _VERSION),
    f("originatorInfo", seq_of("OriginatorInfo", ANY, some=False), implicit=0, optional=True),
    f("recipientInfos", set_of("RecipientInfos", RECIPIENT)),
    f("encryptedContentInfo", ENCRYPTED_CONTENT),
    f("unprotectedAttrs", ATTRIBUTES, implicit=1, optional=True),
)
AUTHENTICATED = seq(
    "AuthEnvelopedData",
    f("version", _VERSION),
    f("originatorInfo", seq_of("OriginatorInfo", ANY, some=False), implicit=0, optional=True),
    f("recipientInfos", set_of("RecipientInfos", RECIPIENT)),
    f("authEncryptedContentInfo", ENCRYPTED_CONTENT),
    f("authAttrs", ATTRIBUTES, implicit=1, optional=True),
    f("mac", OCTET_STRING),
    f("unauthAttrs", ATTRIBUTES, implicit=2, optional=True),
)
DIGESTED = seq(
    "DigestedData",
    f("version", _VERSION),
    f("digestAlgorithm", ALGORITHM),
    f("encapContentInfo", ENCAPSULATED),
    f("digest", OCTET_STRING),
)
COMPRESSED = seq(
    "CompressedData",
    f("version", _VERSION),
    f("compressionAlgorithm", ALGORITHM),
    f("encapContentInfo", ENCAPSULATED),
)
_CONTENTS: dict[str, Type] = {
    _DATA: OCTET_STRING,
    "1.2.840.113549.1.7.2": SIGNED,
    "1.2.840.113549.1.7.3": ENVELOPED,
    "1.2.840.113549.1.7.5": DIGESTED,
    "1.2.840.113549.1.7.6": ENCRYPTED,
    "1.2.840.113549.1.9.16.1.9": COMPRESSED,
    "1.2.840.113549.1.9.16.1.23": AUTHENTICATED,
}
CONTENT = seq(
    "ContentInfo", f("contentType", OID), f("content", by("contentType", _CONTENTS), explicit=0, optional=True)
)

# ------------------------------------------------------------------ PKCS#12

_CERTIFICATES: dict[str, Type] = {"1.2.840.113549.1.9.22.1": octets(CERTIFICATE)}
_LISTS: dict[str, Type] = {"1.2.840.113549.1.9.23.1": octets(LIST)}
_SECRET = simple("OCTET STRING", secret=True)
_BAGS: dict[str, Type] = {
    "1.2.840.113549.1.12.10.1.1": PRIVATE_KEY,
    "1.2.840.113549.1.12.10.1.2": ENCRYPTED_KEY,
    "1.2.840.113549.1.12.10.1.3": seq(
        "CertBag", f("certId", OID), f("certValue", by("certId", _CERTIFICATES), explicit=0)
    ),
    "1.2.840.113549.1.12.10.1.4": seq("CRLBag", f("crlId", OID), f("crlValue", by("crlId", _LISTS), explicit=0)),
    "1.2.840.113549.1.12.10.1.5": seq("SecretBag", f("secretTypeId", OID), f("secretValue", _SECRET, explicit=0)),
    "1.2.840.113549.1.12.10.1.6": Later(name="SafeContents", find=lambda: SAFE_CONTENTS),
}
BAG = seq(
    "SafeBag",
    f("bagId", OID),
    f("bagValue", by("bagId", _BAGS), explicit=0),
    f("bagAttributes", ATTRIBUTES, optional=True),
)
SAFE_CONTENTS: Of = seq_of("SafeContents", BAG, some=False)
_SAFES: dict[str, Type] = {**_CONTENTS, _DATA: octets(SAFE_CONTENTS)}
SAFE = seq("ContentInfo", f("contentType", OID), f("content", by("contentType", _SAFES), explicit=0, optional=True))
AUTHENTICATED_SAFE = seq_of("AuthenticatedSafe", SAFE, some=False)
_PACKED: dict[str, Type] = {**_CONTENTS, _DATA: octets(AUTHENTICATED_SAFE)}
MAC = seq(
    "MacData",
    f("mac", seq("DigestInfo", f("digestAlgorithm", ALGORITHM), f("digest", OCTET_STRING))),
    f("macSalt", OCTET_STRING),
    f("iterations", INTEGER, default=b"\x01"),
)
PFX = seq(
    "PFX",
    f("version", INTEGER),
    f(
        "authSafe",
        seq("ContentInfo", f("contentType", OID), f("content", by("contentType", _PACKED), explicit=0, optional=True)),
    ),
    f("macData", MAC, optional=True),
)
