"""What a CA declares of a qualified certificate (ETSI EN 319 412-5, RFC 3739), by its OBJECT IDENTIFIER."""

from __future__ import annotations

from pkilab.explain.words.entry import Named


def _statement(name: str, title: str, clause: str, purpose: str, without: str = "") -> Named:
    return Named(name, title, clause, purpose, without)


STATEMENTS: dict[str, Named] = {
    "0.4.0.1862.1.1": _statement(
        "qcCompliance",
        "Qualified certificate",
        "ETSI EN 319 412-5 §4.2.1",
        "The CA declares that it is a qualified certificate in the sense of the law: of the EU (eIDAS), unless a "
        "country "
        "of the law is named.",
        "It is no qualified certificate.",
    ),
    "0.4.0.1862.1.2": _statement(
        "qcLimitValue",
        "Limit of value",
        "ETSI EN 319 412-5 §4.3.2",
        "The most that one transaction may be worth.",
        "There is no limit.",
    ),
    "0.4.0.1862.1.3": _statement(
        "qcRetentionPeriod",
        "Retention",
        "ETSI EN 319 412-5 §4.3.3",
        "For how many years after the certificate's end the CA keeps its records.",
    ),
    "0.4.0.1862.1.4": _statement(
        "qcSSCD",
        "Secure device",
        "ETSI EN 319 412-5 §4.2.2",
        "The private key lies in a device that is certified for qualified signatures or seals.",
        "Signatures are not qualified ones: in the EU they do not count as signed by hand.",
    ),
    "0.4.0.1862.1.5": _statement(
        "qcPDS",
        "Disclosure statement",
        "ETSI EN 319 412-5 §4.3.4",
        "Where the CA's disclosure statement can be read: in short what it promises and what the holder has to do.",
    ),
    "0.4.0.1862.1.6": _statement(
        "qcType",
        "Type of qualified certificate",
        "ETSI EN 319 412-5 §4.2.3",
        "What the certificate is qualified for: signatures, seals or web sites.",
        "It counts as one for signatures.",
    ),
    "0.4.0.1862.1.7": _statement(
        "qcCClegislation",
        "Country of the law",
        "ETSI EN 319 412-5 §4.2.4",
        "Under which countries' law it is qualified, if not under the EU's.",
        "It is qualified under the law of the EU.",
    ),
    "0.4.0.1862.1.6.1": _statement(
        "qctEsign", "Signatures", "ETSI EN 319 412-5 §4.2.3", "It is for signatures, which people make."
    ),
    "0.4.0.1862.1.6.2": _statement(
        "qctEseal", "Seals", "ETSI EN 319 412-5 §4.2.3", "It is for seals, which organisations make."
    ),
    "0.4.0.1862.1.6.3": _statement("qctWeb", "Web sites", "ETSI EN 319 412-5 §4.2.3", "It is for web sites (QWAC)."),
    "1.3.6.1.5.5.7.11.1": _statement(
        "qcSyntax-v1",
        "Qualified certificate (RFC 3039)",
        "RFC 3739 §3.2.6.1",
        "The CA declares that the certificate follows RFC 3039, which RFC 3739 replaced.",
    ),
    "1.3.6.1.5.5.7.11.2": _statement(
        "qcSyntax-v2",
        "Qualified certificate (RFC 3739)",
        "RFC 3739 §3.2.6.1",
        "The CA declares that the certificate follows RFC 3739; what follows says how the subject's name is to be "
        "read.",
    ),
    "0.4.0.194121.1.1": _statement(
        "semanticsId-Natural",
        "Natural person",
        "ETSI EN 319 412-1 §5.1.3",
        "The subject's serial number is a person's number: its kind, the country, and the number, as in PASDE-123.",
    ),
    "0.4.0.194121.1.2": _statement(
        "semanticsId-Legal",
        "Legal person",
        "ETSI EN 319 412-1 §5.1.4",
        "The subject's organisation identifier is built of its kind, the country, and the number, as in VATDE-123.",
    ),
}
