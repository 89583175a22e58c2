"""Extensions of certificates, lists and OCSP (RFC 5280 §4.2, §5.2, §5.3; RFC 6960 §4.4), and the usual others."""

from __future__ import annotations

from pkilab.explain.schema import (
    ANY,
    BMP,
    BOOLEAN,
    GENERALIZED_TIME,
    IA5,
    INTEGER,
    NULL,
    OCTET_STRING,
    OID,
    PRINTABLE,
    UTF8,
    VISIBLE,
    By,
    Type,
    by,
    choice,
    f,
    named_bits,
    numbers,
    octets,
    seq,
    seq_of,
    set_of,
    simple,
)
from pkilab.explain.schemas.names import ALGORITHM, GENERAL_NAME, GENERAL_NAMES, NAME, RELATIVE_NAME
from pkilab.x509.extensions import KEY_USAGES

REASONS = {
    0: "unspecified",
    1: "keyCompromise",
    2: "cACompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
    6: "certificateHold",
    8: "removeFromCRL",
    9: "privilegeWithdrawn",
    10: "aACompromise",
}
KEY_USAGE = named_bits("KeyUsage", *KEY_USAGES)
REASON_FLAGS = named_bits(
    "ReasonFlags",
    "unused",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
)
KEY_ID = simple("KeyIdentifier", "OCTET STRING")
SERIAL = simple("CertificateSerialNumber", "INTEGER")
AUTHORITY_KEY_ID = seq(
    "AuthorityKeyIdentifier",
    f("keyIdentifier", KEY_ID, implicit=0, optional=True),
    f("authorityCertIssuer", GENERAL_NAMES, implicit=1, optional=True),
    f("authorityCertSerialNumber", SERIAL, implicit=2, optional=True),
)
BASIC_CONSTRAINTS = seq(
    "BasicConstraints", f("cA", BOOLEAN, default=b"\0"), f("pathLenConstraint", INTEGER, optional=True)
)
PERIOD = seq(
    "PrivateKeyUsagePeriod",
    f("notBefore", GENERALIZED_TIME, implicit=0, optional=True),
    f("notAfter", GENERALIZED_TIME, implicit=1, optional=True),
)
SUBTREE = seq(
    "GeneralSubtree",
    f("base", GENERAL_NAME),
    f("minimum", INTEGER, implicit=0, default=b"\0"),
    f("maximum", INTEGER, implicit=1, optional=True),
)
SUBTREES = seq_of("GeneralSubtrees", SUBTREE)
NAME_CONSTRAINTS = seq(
    "NameConstraints",
    f("permittedSubtrees", SUBTREES, implicit=0, optional=True),
    f("excludedSubtrees", SUBTREES, implicit=1, optional=True),
)
POINT_NAME = choice(
    "DistributionPointName",
    f("fullName", GENERAL_NAMES, implicit=0),
    f("nameRelativeToCRLIssuer", RELATIVE_NAME, implicit=1),
    shown=True,
)
POINTS = seq_of(
    "CRLDistributionPoints",
    seq(
        "DistributionPoint",
        f("distributionPoint", POINT_NAME, explicit=0, optional=True),
        f("reasons", REASON_FLAGS, implicit=1, optional=True),
        f("cRLIssuer", GENERAL_NAMES, implicit=2, optional=True),
    ),
)
ISSUING_POINT = seq(
    "IssuingDistributionPoint",
    f("distributionPoint", POINT_NAME, explicit=0, optional=True),
    f("onlyContainsUserCerts", BOOLEAN, implicit=1, default=b"\0"),
    f("onlyContainsCACerts", BOOLEAN, implicit=2, default=b"\0"),
    f("onlySomeReasons", REASON_FLAGS, implicit=3, optional=True),
    f("indirectCRL", BOOLEAN, implicit=4, default=b"\0"),
    f("onlyContainsAttributeCerts", BOOLEAN, implicit=5, default=b"\0"),
)
DISPLAY_TEXT = choice(
    "DisplayText", f("ia5String", IA5), f("visibleString", VISIBLE), f("bmpString", BMP), f("utf8String", UTF8)
)
USER_NOTICE = seq(
    "UserNotice",
    f(
        "noticeRef",
        seq(
            "NoticeReference",
            f("organization", DISPLAY_TEXT),
            f("noticeNumbers", seq_of("NoticeNumbers", INTEGER, some=False)),
        ),
        optional=True,
    ),
    f("explicitText", DISPLAY_TEXT, optional=True),
)
QUALIFIERS: dict[str, Type] = {"1.3.6.1.5.5.7.2.1": simple("CPSuri", "IA5String"), "1.3.6.1.5.5.7.2.2": USER_NOTICE}
POLICY = seq(
    "PolicyInformation",
    f("policyIdentifier", OID),
    f(
        "policyQualifiers",
        seq_of(
            "PolicyQualifiers",
            seq(
                "PolicyQualifierInfo",
                f("policyQualifierId", OID),
                f("qualifier", by("policyQualifierId", QUALIFIERS)),
            ),
        ),
        optional=True,
    ),
)
POLICIES = seq_of("CertificatePolicies", POLICY)
MAPPINGS = seq_of("PolicyMappings", seq("PolicyMapping", f("issuerDomainPolicy", OID), f("subjectDomainPolicy", OID)))
POLICY_CONSTRAINTS = seq(
    "PolicyConstraints",
    f("requireExplicitPolicy", INTEGER, implicit=0, optional=True),
    f("inhibitPolicyMapping", INTEGER, implicit=1, optional=True),
)
INFO_ACCESS = seq_of(
    "AuthorityInfoAccessSyntax",
    seq("AccessDescription", f("accessMethod", OID), f("accessLocation", GENERAL_NAME)),
)
_PDS = seq_of("PdsLocations", seq("PdsLocation", f("url", IA5), f("language", PRINTABLE)))
_LIMIT = seq(
    "QcEuLimitValue",
    f("currency", choice("Iso4217CurrencyCode", f("alphabetic", PRINTABLE), f("numeric", INTEGER))),
    f("amount", INTEGER),
    f("exponent", INTEGER),
)
_SEMANTICS = seq(
    "SemanticsInformation",
    f("semanticsIdentifier", OID, optional=True),
    f("nameRegistrationAuthorities", GENERAL_NAMES, optional=True),
)
STATEMENTS: dict[str, Type] = {
    "0.4.0.1862.1.2": _LIMIT,
    "0.4.0.1862.1.3": INTEGER,
    "0.4.0.1862.1.5": _PDS,
    "0.4.0.1862.1.6": seq_of("QcType", OID),
    "0.4.0.1862.1.7": seq_of("QcCClegislation", PRINTABLE),
    "1.3.6.1.5.5.7.11.2": _SEMANTICS,
}
QC_STATEMENTS = seq_of(
    "QCStatements",
    seq("QCStatement", f("statementId", OID), f("statementInfo", by("statementId", STATEMENTS), optional=True)),
    some=False,
)
TEMPLATE = seq(
    "CertificateTemplate",
    f("templateID", OID),
    f("templateMajorVersion", INTEGER, optional=True),
    f("templateMinorVersion", INTEGER, optional=True),
)
NETSCAPE_TYPE = named_bits(
    "NetscapeCertType",
    *("sslClient", "sslServer", "smime", "objectSigning", "reserved", "sslCA", "smimeCA", "objectSigningCA"),
)
ATTRIBUTES = seq_of(
    "SubjectDirectoryAttributes", seq("Attribute", f("type", OID), f("values", set_of("AttributeValues", ANY, "value")))
)
CRL_NUMBER = simple("CRLNumber", "INTEGER")
SCT_LIST = simple("SignedCertificateTimestampList", "OCTET STRING")

VALUES: dict[str, Type] = {
    "2.5.29.9": ATTRIBUTES,
    "2.5.29.14": KEY_ID,
    "2.5.29.15": KEY_USAGE,
    "2.5.29.16": PERIOD,
    "2.5.29.17": GENERAL_NAMES,
    "2.5.29.18": GENERAL_NAMES,
    "2.5.29.19": BASIC_CONSTRAINTS,
    "2.5.29.20": CRL_NUMBER,
    "2.5.29.21": numbers("CRLReason", REASONS, "ENUMERATED"),
    "2.5.29.23": OID,
    "2.5.29.24": GENERALIZED_TIME,
    "2.5.29.27": CRL_NUMBER,
    "2.5.29.28": ISSUING_POINT,
    "2.5.29.29": GENERAL_NAMES,
    "2.5.29.30": NAME_CONSTRAINTS,
    "2.5.29.31": POINTS,
    "2.5.29.32": POLICIES,
    "2.5.29.33": MAPPINGS,
    "2.5.29.35": AUTHORITY_KEY_ID,
    "2.5.29.36": POLICY_CONSTRAINTS,
    "2.5.29.37": seq_of("ExtKeyUsageSyntax", OID, "KeyPurposeId"),
    "2.5.29.46": POINTS,
    "2.5.29.54": INTEGER,
    "1.3.6.1.5.5.7.1.1": INFO_ACCESS,
    "1.3.6.1.5.5.7.1.3": QC_STATEMENTS,
    "1.3.6.1.5.5.7.1.11": INFO_ACCESS,
    "1.3.6.1.5.5.7.1.24": seq_of(
        "Features", numbers("Feature", {5: "status_request", 17: "status_request_v2"}), "Feature", some=False
    ),
    "1.3.6.1.5.5.7.48.1.2": simple("Nonce", "OCTET STRING"),
    "1.3.6.1.5.5.7.48.1.3": seq(
        "CrlID",
        f("crlUrl", IA5, explicit=0, optional=True),
        f("crlNum", INTEGER, explicit=1, optional=True),
        f("crlTime", GENERALIZED_TIME, explicit=2, optional=True),
    ),
    "1.3.6.1.5.5.7.48.1.4": seq_of("AcceptableResponses", OID, some=False),
    "1.3.6.1.5.5.7.48.1.5": NULL,
    "1.3.6.1.5.5.7.48.1.6": GENERALIZED_TIME,
    "1.3.6.1.5.5.7.48.1.7": seq("ServiceLocator", f("issuer", NAME), f("locator", INFO_ACCESS, optional=True)),
    "1.3.6.1.5.5.7.48.1.8": seq_of(
        "PreferredSignatureAlgorithms",
        seq(
            "PreferredSignatureAlgorithm",
            f("sigIdentifier", ALGORITHM),
            f("pubKeyAlgIdentifier", ALGORITHM, optional=True),
        ),
        some=False,
    ),
    "1.3.6.1.5.5.7.48.1.9": NULL,
    "1.3.6.1.4.1.11129.2.4.2": SCT_LIST,
    "1.3.6.1.4.1.11129.2.4.3": NULL,
    "1.3.6.1.4.1.11129.2.4.5": SCT_LIST,
    "1.3.6.1.4.1.311.20.2": BMP,
    "1.3.6.1.4.1.311.21.1": INTEGER,
    "1.3.6.1.4.1.311.21.2": OCTET_STRING,
    "1.3.6.1.4.1.311.21.7": TEMPLATE,
    "1.3.6.1.4.1.311.21.10": POLICIES,
    "2.16.840.1.113730.1.1": NETSCAPE_TYPE,
    "2.16.840.1.113730.1.12": IA5,
    "2.16.840.1.113730.1.13": IA5,
    **{f"2.16.840.1.113730.1.{n}": IA5 for n in (2, 3, 4, 7, 8)},
}
"""What the octets of an extension hold, by its OID."""

_UNKNOWN = octets(ANY, sure=False)
_OCTETS: dict[str, Type] = {oid: octets(type_) for oid, type_ in VALUES.items()}
EXTENSION = seq(
    "Extension",
    f("extnID", OID),
    f("critical", BOOLEAN, default=b"\0"),
    f(
        "extnValue",
        By(
            name="extnValue",
            tags=OCTET_STRING.tags,
            selector="extnID",
            find=lambda oid: _OCTETS.get(oid, _UNKNOWN),
        ),
    ),
)
EXTENSIONS = seq_of("Extensions", EXTENSION)
