"""What names are made of: attribute types, and the purposes, policies and places that certificates name."""

from __future__ import annotations

from pkilab.explain.words.entry import Named


def _attribute(name: str, title: str, purpose: str, clause: str = "RFC 5280 §A.1", without: str = "") -> Named:
    return Named(name, title, clause, purpose, without)


ATTRIBUTES: dict[str, Named] = {
    "2.5.4.3": _attribute(
        "CN",
        "Common name",
        "The name by which people know the subject: a person, a CA, and in older days a server.",
        without="A server's name is looked for among the alternative names, so nothing breaks without it.",
    ),
    "2.5.4.4": _attribute("SN", "Surname", "The subject's family name."),
    "2.5.4.5": _attribute(
        "serialNumber",
        "Serial number of the subject",
        "A number that tells subjects of the same name apart, such as a personal or a company's number. It is not the "
        "certificate's serial number.",
    ),
    "2.5.4.6": _attribute("C", "Country", "The country of the subject: two letters of ISO 3166, in a PrintableString."),
    "2.5.4.7": _attribute("L", "Locality", "The city or place of the subject."),
    "2.5.4.8": _attribute("ST", "State or province", "The state, province or region of the subject."),
    "2.5.4.9": _attribute("street", "Street", "The street and house of the subject.", "RFC 4519 §2.34"),
    "2.5.4.10": _attribute("O", "Organisation", "The organisation that the subject is or belongs to."),
    "2.5.4.11": _attribute(
        "OU",
        "Organisational unit",
        "A part of the organisation. Public CAs no longer write it for web servers, as nobody can check it.",
    ),
    "2.5.4.12": _attribute("title", "Title", "The subject's position or function in its organisation."),
    "2.5.4.13": _attribute("description", "Description", "A description of the subject, in words.", "RFC 4519 §2.5"),
    "2.5.4.15": _attribute(
        "businessCategory",
        "Business category",
        "What kind of organisation the subject is, such as Private Organization. Extended validation wants it.",
        "RFC 4519 §2.1",
    ),
    "2.5.4.16": _attribute(
        "postalAddress", "Postal address", "The whole postal address of the subject, in lines.", "RFC 4519 §2.23"
    ),
    "2.5.4.17": _attribute("postalCode", "Postal code", "The postal code of the subject.", "RFC 4519 §2.24"),
    "2.5.4.20": _attribute("telephoneNumber", "Telephone number", "The subject's phone number.", "RFC 4519 §2.35"),
    "2.5.4.41": _attribute(
        "name", "Name", "A name of the subject; the other name types, such as the surname, are special kinds of it."
    ),
    "2.5.4.42": _attribute("GN", "Given name", "The part of a person's name that is not the family name."),
    "2.5.4.43": _attribute("initials", "Initials", "A person's initials, without that of the family name."),
    "2.5.4.44": _attribute("generationQualifier", "Generation qualifier", "What follows a name, such as Jr. or III."),
    "2.5.4.45": _attribute(
        "x500UniqueIdentifier", "Unique identifier", "Bits that tell apart two subjects of one name.", "RFC 4519 §2.43"
    ),
    "2.5.4.46": _attribute("dnQualifier", "Name qualifier", "Text that tells apart two entries of one name."),
    "2.5.4.65": _attribute("pseudonym", "Pseudonym", "A name that is not the subject's real one."),
    "2.5.4.97": _attribute(
        "organizationIdentifier",
        "Organisation identifier",
        "The organisation's number in a public register, led by the register's kind and country, as in "
        "VATDE-123456789.",
        "ETSI EN 319 412-1 §5.1.4",
    ),
    "1.2.840.113549.1.9.1": _attribute(
        "emailAddress",
        "Mail address",
        "A mail address within the name, as older programs want it. New certificates have to have it among the "
        "alternative names.",
        "RFC 5280 §4.1.2.6",
    ),
    "1.2.840.113549.1.9.2": _attribute(
        "unstructuredName",
        "Unstructured name",
        "A name of the subject as plain text; routers put their host name there.",
        "RFC 2985 §5.2.2",
    ),
    "1.2.840.113549.1.9.8": _attribute(
        "unstructuredAddress", "Unstructured address", "An address of the subject as plain text.", "RFC 2985 §5.2.3"
    ),
    "0.9.2342.19200300.100.1.1": _attribute("UID", "User id", "The subject's log-in name.", "RFC 4519 §2.39"),
    "0.9.2342.19200300.100.1.3": _attribute(
        "mail", "Mail", "A mail address, as directories have it.", "RFC 4524 §2.16"
    ),
    "0.9.2342.19200300.100.1.25": _attribute(
        "DC",
        "Domain component",
        "One label of a DNS name: several in a row spell it, the last label first.",
        "RFC 4519 §2.4",
    ),
    "1.3.6.1.4.1.311.60.2.1.1": _attribute(
        "jurisdictionL",
        "Place of registration",
        "The town whose register the organisation is in.",
        "CA/Browser Forum EVG §7.1.4.2.4",
    ),
    "1.3.6.1.4.1.311.60.2.1.2": _attribute(
        "jurisdictionST",
        "State of registration",
        "The state or province whose register the organisation is in.",
        "CA/Browser Forum EVG §7.1.4.2.4",
    ),
    "1.3.6.1.4.1.311.60.2.1.3": _attribute(
        "jurisdictionC",
        "Country of registration",
        "The country under whose law the organisation exists.",
        "CA/Browser Forum EVG §7.1.4.2.4",
    ),
}
"""Attribute types of distinguished names (RFC 5280 §A.1, RFC 4519); their short names are those of RFC 4514."""


_REFUSED = "The certificate is refused for this purpose, if any are named at all."


def _purpose(name: str, title: str, purpose: str, clause: str = "RFC 5280 §4.2.1.12", without: str = _REFUSED) -> Named:
    return Named(name, title, clause, purpose, without)


PURPOSES: dict[str, Named] = {
    "2.5.29.37.0": _purpose(
        "anyExtendedKeyUsage",
        "Any purpose",
        "The certificate may be used for every purpose, named or not. Programs may insist on their own all the same.",
        without="It may be used for the purposes that are named, and no others.",
    ),
    "1.3.6.1.5.5.7.3.1": _purpose("serverAuth", "TLS server", "A TLS server shows the certificate to its clients."),
    "1.3.6.1.5.5.7.3.2": _purpose("clientAuth", "TLS client", "A TLS client shows the certificate to a server."),
    "1.3.6.1.5.5.7.3.3": _purpose("codeSigning", "Code signing", "Programs to be downloaded are signed with the key."),
    "1.3.6.1.5.5.7.3.4": _purpose("emailProtection", "Mail", "Mail is signed or encrypted with the key (S/MIME)."),
    "1.3.6.1.5.5.7.3.5": _purpose(
        "ipsecEndSystem",
        "IPsec end system",
        "It stood for an end system of IPsec. What that means was never settled; ipsecIKE took its place.",
        "RFC 4945 §5.1.3.12",
    ),
    "1.3.6.1.5.5.7.3.6": _purpose(
        "ipsecTunnel",
        "IPsec tunnel",
        "It stood for a tunnel of IPsec. What that means was never settled; ipsecIKE took its place.",
        "RFC 4945 §5.1.3.12",
    ),
    "1.3.6.1.5.5.7.3.7": _purpose(
        "ipsecUser",
        "IPsec user",
        "It stood for a user of IPsec. What that means was never settled; ipsecIKE took its place.",
        "RFC 4945 §5.1.3.12",
    ),
    "1.3.6.1.5.5.7.3.8": _purpose(
        "timeStamping",
        "Time stamps",
        "Time stamps are signed with the key. A time-stamping service's certificate names this purpose alone, in a "
        "critical extension (RFC 3161 §2.3).",
    ),
    "1.3.6.1.5.5.7.3.9": _purpose(
        "OCSPSigning",
        "OCSP responses",
        "OCSP responses are signed with the key, in place of the CA that issued this certificate. It speaks for no "
        "other CA.",
        "RFC 6960 §4.2.2.2",
        "Answers signed with the key are refused, unless it is the CA's own, or one that the client was told to trust.",
    ),
    "1.3.6.1.5.5.7.3.17": _purpose(
        "ipsecIKE",
        "IPsec key exchange",
        "A peer of IPsec shows the certificate when keys are agreed on (IKE).",
        "RFC 4945 §5.1.3.12",
    ),
    "1.3.6.1.5.5.7.3.21": _purpose(
        "secureShellClient", "SSH client", "A user who logs in by SSH shows the certificate.", "RFC 6187 §2.2.2"
    ),
    "1.3.6.1.5.5.7.3.22": _purpose(
        "secureShellServer", "SSH server", "An SSH server shows the certificate to its clients.", "RFC 6187 §2.2.2"
    ),
    "1.3.6.1.5.5.7.3.36": _purpose(
        "documentSigning", "Documents", "Documents that people read are signed with the key.", "RFC 9336 §3.1"
    ),
    "1.3.6.1.5.2.3.4": _purpose(
        "pkinitClient", "Kerberos client", "A user shows the certificate to log in to Kerberos.", "RFC 4556 §3.2.2"
    ),
    "1.3.6.1.5.2.3.5": _purpose(
        "pkinitKDC",
        "Kerberos server",
        "A Kerberos server (KDC) shows the certificate to users who log in with one.",
        "RFC 4556 §3.2.4",
    ),
    "1.3.6.1.4.1.311.10.3.3": _purpose(
        "msSGC",
        "Server gated cryptography",
        "It once let browsers of export versions use strong ciphers; history.",
        "Microsoft",
    ),
    "1.3.6.1.4.1.311.10.3.4": _purpose(
        "msEFS", "Encrypting file system", "Windows encrypts files on disk with the key.", "Microsoft"
    ),
    "1.3.6.1.4.1.311.10.3.12": _purpose(
        "msDocSigning",
        "Documents",
        "Documents of Office are signed with the key; Windows' older number for it.",
        "Microsoft",
    ),
    "1.3.6.1.4.1.311.20.2.2": _purpose(
        "msSmartcardLogin",
        "Smart card log-on",
        "A user logs on to a Windows domain with the certificate, mostly by a smart card.",
        "Microsoft",
    ),
    "2.16.840.1.113730.4.1": _purpose(
        "nsSGC",
        "Server gated cryptography",
        "It once let browsers of export versions use strong ciphers; history.",
        "Netscape",
    ),
    "1.3.6.1.4.1.11129.2.4.4": _purpose(
        "ctPrecertificateSigning",
        "Precertificates",
        "Precertificates are signed with the key, in place of the CA that issued this certificate.",
        "RFC 6962 §3.1",
    ),
}
"""Purposes in an extended key usage."""


def _other(name: str, title: str, clause: str, purpose: str, without: str = "") -> Named:
    return Named(name, title, clause, purpose, without)


POLICIES: dict[str, Named] = {
    "2.5.29.32.0": _other(
        "anyPolicy",
        "Any policy",
        "RFC 5280 §4.2.1.4",
        "It stands for every policy. In a CA's certificate: it does not limit the policies below.",
    ),
    "2.23.140.1.1": _other(
        "extendedValidation",
        "Extended validation",
        "CA/Browser Forum EV Guidelines",
        "The CA checked the organisation by the strictest rules of the web. Browsers no longer show it in a special "
        "way.",
    ),
    "2.23.140.1.2.1": _other(
        "domainValidated",
        "Domain validated",
        "CA/Browser Forum BR §7.1.6.1",
        "The CA checked that the subject controls the domain, and nothing else.",
    ),
    "2.23.140.1.2.2": _other(
        "organizationValidated",
        "Organisation validated",
        "CA/Browser Forum BR §7.1.6.1",
        "The CA checked the domain and that the organisation exists.",
    ),
    "2.23.140.1.2.3": _other(
        "individualValidated",
        "Individual validated",
        "CA/Browser Forum BR §7.1.6.1",
        "The CA checked the domain and who the person is.",
    ),
    "1.3.6.1.5.5.7.2.1": _other(
        "cps", "Practice statement", "RFC 5280 §4.2.1.4", "What follows is the address of the CA's practice statement."
    ),
    "1.3.6.1.5.5.7.2.2": _other(
        "unotice", "User notice", "RFC 5280 §4.2.1.4", "What follows is a text to be shown to people."
    ),
}
PLACES: dict[str, Named] = {
    "1.3.6.1.5.5.7.48.1": _other(
        "ocsp",
        "OCSP responder",
        "RFC 5280 §4.2.2.1",
        "At this address a responder says whether the certificate is revoked.",
        "Clients have no responder to ask, and depend on lists.",
    ),
    "1.3.6.1.5.5.7.48.2": _other(
        "caIssuers",
        "Issuer's certificate",
        "RFC 5280 §4.2.2.1",
        "At this address lies the certificate of whoever issued this one, or of whoever signed this list.",
        "A client that was not sent it cannot complete the chain.",
    ),
    "1.3.6.1.5.5.7.48.3": _other(
        "timeStamping", "Time stamps", "RFC 5280 §4.2.2.2", "At this address time stamps are given."
    ),
    "1.3.6.1.5.5.7.48.5": _other(
        "caRepository",
        "CA's repository",
        "RFC 5280 §4.2.2.2",
        "There the CA publishes the certificates that it issues.",
    ),
}
OTHER_NAMES: dict[str, Named] = {
    "1.3.6.1.4.1.311.20.2.3": _other(
        "userPrincipalName",
        "User principal name",
        "Microsoft",
        "The log-in name of a Windows account, as user@domain. A smart card log-on goes by it.",
    ),
    "1.3.6.1.4.1.311.25.1": _other(
        "ntdsReplication",
        "Domain controller",
        "Microsoft",
        "The identity (GUID) of a domain controller of Windows, in 16 octets.",
    ),
    "1.3.6.1.5.5.7.8.5": _other(
        "xmppAddr",
        "XMPP address",
        "RFC 6120 §13.7.1.4",
        "An address of instant messaging (Jabber), of a user or a server.",
    ),
    "1.3.6.1.5.5.7.8.7": _other(
        "dnsSRV",
        "Service name",
        "RFC 4985 §2",
        "A service of a domain, such as `_imap.lab.test`: the certificate is good for that service only.",
    ),
    "1.3.6.1.5.5.7.8.9": _other(
        "smtpUtf8Mailbox",
        "Mail address in UTF-8",
        "RFC 9598 §3",
        "A mail address whose part before the @ has letters beyond ASCII.",
    ),
    "1.3.6.1.5.2.2": _other(
        "pkinitSAN", "Kerberos name", "RFC 4556 §3.2.2", "A user or service (principal) of Kerberos, with its realm."
    ),
}
