"""Extensions that RFC 5280 does not define for certificates: others' in certificates, those of lists and of OCSP."""

from __future__ import annotations

from pkilab.explain.words.entry import Named

OTHER_EXTENSIONS: dict[str, Named] = {
    # ------------------------------------------------------------ the usual others in certificates
    "1.3.6.1.5.5.7.1.3": Named(
        "qcStatements",
        "Qualified certificate statements",
        "RFC 3739 §3.2.6",
        "In it the CA declares legal properties, mostly of European law (ETSI EN 319 412-5): that the certificate is "
        "qualified, for signatures, seals or a web site, that its key lies in a secure device.",
        "It is not a qualified certificate in the sense of the law; technically it works all the same.",
    ),
    "1.3.6.1.5.5.7.1.2": Named(
        "biometricInfo",
        "Biometric information",
        "RFC 3739 §3.2.5",
        "It holds hashes of biometric features of the subject, such as a picture or a handwritten signature.",
        "Nothing: hardly anything reads it.",
    ),
    "1.3.6.1.5.5.7.1.12": Named(
        "logotype",
        "Logotypes",
        "RFC 9399 §4.1",
        "It holds logos of the subject or the issuer, or their addresses with hashes. Mail programs show them (BIMI).",
        "No logo is shown.",
    ),
    "1.3.6.1.5.5.7.1.7": Named(
        "ipAddrBlocks",
        "IP address blocks",
        "RFC 3779 §2",
        "It lists the address blocks that the subject has the right to use, which the Internet's routing checks "
        "(RPKI). It is critical.",
        "The certificate says nothing about routing.",
    ),
    "1.3.6.1.5.5.7.1.8": Named(
        "autonomousSysIds",
        "Autonomous system identifiers",
        "RFC 3779 §3",
        "It lists the autonomous systems (networks, by number) that the subject holds in the Internet's routing "
        "(RPKI). "
        "It is critical.",
        "The certificate says nothing about routing.",
    ),
    "1.3.6.1.5.5.7.1.24": Named(
        "tlsFeature",
        "TLS feature (must-staple)",
        "RFC 7633 §4",
        "The server that holds the certificate promises to support a feature of TLS. With status_request it staples an "
        "OCSP response to its handshake if the client asks, so that nobody can suppress the news of a revocation.",
        "A client that gets no OCSP response mostly goes on without. With it, a client may refuse a server that "
        "staples none.",
    ),
    "1.3.6.1.5.5.7.48.1.5": Named(
        "ocspNoCheck",
        "OCSP no check",
        "RFC 6960 §4.2.2.2.1",
        "In the certificate of an OCSP responder it says that clients trust it for as long as it is valid, without "
        "asking whether it is revoked: that would mean asking the responder about itself. If its key is stolen, only "
        "the certificate's end helps, so it should live for a short time.",
        "A client may ask whether the responder's certificate is revoked, get an answer that the same certificate "
        "signed, and go round in circles or give up.",
    ),
    "1.3.6.1.4.1.11129.2.4.2": Named(
        "signedCertificateTimestampList",
        "Signed certificate timestamps",
        "RFC 6962 §3.3",
        "Each is a log's signed promise to publish this certificate, so that one issued by mistake or malice does not "
        "stay hidden. The list is not in DER but in the encoding of TLS.",
        "Browsers refuse a public CA's certificate without enough of them, unless they come in the handshake or in an "
        "OCSP response. A private CA, as in a lab, needs none.",
    ),
    "1.3.6.1.4.1.11129.2.4.3": Named(
        "ctPoison",
        "Certificate Transparency poison",
        "RFC 6962 §3.1",
        "It marks a precertificate, which a CA sends to logs before it makes the certificate. It is critical and "
        "nobody "
        "implements it, so that a precertificate can never be used.",
        "A precertificate could be used as a certificate, though no log has promised anything yet.",
    ),
    "1.3.6.1.4.1.11129.2.4.5": Named(
        "ocspSignedCertificateTimestampList",
        "Signed certificate timestamps in an OCSP response",
        "RFC 6962 §3.3",
        "Timestamps of Certificate Transparency logs that come with the OCSP response, not with the certificate.",
        "The timestamps have to come in the certificate or in the TLS handshake.",
    ),
    "1.3.6.1.4.1.311.20.2": Named(
        "enrollCerttype",
        "Microsoft certificate type",
        "Microsoft [MS-WCCE] §2.2.2.7.7.1",
        "Windows' CA notes in it by which template of version 1 it was issued, by the template's name.",
        "Windows does not recognise the certificate when it comes to renewing it automatically.",
    ),
    "1.3.6.1.4.1.311.21.1": Named(
        "cAVersion",
        "Microsoft CA version",
        "Microsoft",
        "In a CA's certificate Windows counts the CA's certificates (low 16 bits) and keys (high 16 bits), both from "
        "0.",
        "Nothing outside of Windows' CA.",
    ),
    "1.3.6.1.4.1.311.21.2": Named(
        "prevCertHash",
        "Microsoft previous CA certificate hash",
        "Microsoft",
        "The SHA-1 hash of the certificate that this CA had before it was renewed.",
        "Nothing outside of Windows' CA.",
    ),
    "1.3.6.1.4.1.311.21.7": Named(
        "certificateTemplate",
        "Microsoft certificate template",
        "Microsoft [MS-WCCE] §2.2.2.7.7.2",
        "Windows' CA notes in it by which template, and which version of it, the certificate was issued.",
        "Windows does not recognise the certificate when it comes to renewing it automatically.",
    ),
    "1.3.6.1.4.1.311.21.10": Named(
        "applicationPolicies",
        "Microsoft application policies",
        "Microsoft [MS-WCCE] §2.2.2.7.7.3",
        "Windows' own list of purposes, in the form of certificate policies; it mostly repeats the extended key usage.",
        "Windows reads the extended key usage.",
    ),
    "1.3.6.1.4.1.311.25.2": Named(
        "ntdsCASecurityExt",
        "Microsoft security identifier",
        "Microsoft [MS-WCCE] §2.2.2.7.7.4",
        "It holds the security identifier (SID) of the account that asked for the certificate, so that it logs on to "
        "this account and no other with the same name.",
        "Domain controllers that enforce strong mapping refuse the certificate for logging on.",
    ),
    "2.16.840.1.113730.1.1": Named(
        "netscapeCertType",
        "Netscape certificate type",
        "Netscape, 1990s",
        "Before there was an extended key usage it said what the certificate is for. Today it is history.",
        "Nothing: it is not read any more, except by a few very old programs.",
    ),
    "2.16.840.1.113730.1.2": Named(
        "netscapeBaseUrl",
        "Netscape base URL",
        "Netscape, 1990s",
        "A prefix for the other Netscape addresses in the certificate.",
        "Nothing: it is not read any more.",
    ),
    "2.16.840.1.113730.1.3": Named(
        "netscapeRevocationUrl",
        "Netscape revocation URL",
        "Netscape, 1990s",
        "Where one could ask for the state of this certificate, before OCSP.",
        "Nothing: it is not read any more.",
    ),
    "2.16.840.1.113730.1.4": Named(
        "netscapeCaRevocationUrl",
        "Netscape CA revocation URL",
        "Netscape, 1990s",
        "Where one could ask for the state of certificates that this CA issued.",
        "Nothing: it is not read any more.",
    ),
    "2.16.840.1.113730.1.7": Named(
        "netscapeRenewalUrl",
        "Netscape renewal URL",
        "Netscape, 1990s",
        "The page on which the holder could renew the certificate.",
        "Nothing: it is not read any more.",
    ),
    "2.16.840.1.113730.1.8": Named(
        "netscapeCaPolicyUrl",
        "Netscape CA policy URL",
        "Netscape, 1990s",
        "Where the rules of the CA could be read; certificate policies took its place.",
        "Nothing: it is not read any more.",
    ),
    "2.16.840.1.113730.1.12": Named(
        "netscapeSSLServerName",
        "Netscape server name",
        "Netscape, 1990s",
        "The server's host name; the subject alternative name took its place.",
        "Nothing: it is not read any more.",
    ),
    "2.16.840.1.113730.1.13": Named(
        "netscapeComment",
        "Netscape comment",
        "Netscape, 1990s",
        "A text for people, which programs such as old OpenSSL scripts put there.",
        "Nothing: it has no effect.",
    ),
    "1.2.840.113533.7.65.0": Named(
        "entrustVersInfo",
        "Entrust version",
        "Entrust, 1990s",
        "It says which version of Entrust's software made the certificate.",
        "Nothing: it has no effect.",
    ),
    "2.23.140.3.1": Named(
        "cabfOrganizationIdentifier",
        "Organisation identifier (CA/Browser Forum)",
        "CA/Browser Forum EV Guidelines §7.1.2.2",
        "It holds the organisation's number in a public register, with the register's kind and country.",
        "An EV certificate needs it if its subject has an organisation identifier, as a qualified one has; others do "
        "not.",
    ),
    # ------------------------------------------------------------ lists, RFC 5280 §5.2 and §5.3
    "2.5.29.20": Named(
        "cRLNumber",
        "CRL number",
        "RFC 5280 §5.2.3",
        "Lists of a CA are counted upwards, complete and delta lists together, so that the newer of two can be told. "
        "Every list has to have it.",
        "Somebody could show an older list, from before a revocation, and nobody could tell by its number.",
    ),
    "2.5.29.27": Named(
        "deltaCRLIndicator",
        "Delta CRL indicator",
        "RFC 5280 §5.2.4",
        "It says that this list holds only what changed since the complete list of the number in it. It has to be "
        "critical.",
        "A delta list without it would be taken for a complete one, and all that is not in it for good.",
    ),
    "2.5.29.28": Named(
        "issuingDistributionPoint",
        "Issuing distribution point",
        "RFC 5280 §5.2.5",
        "It says which certificates the list is about: only those of CAs, only some reasons, or also those of other "
        "issuers. It has to be critical.",
        "The list is about all certificates of its issuer. If a partial list lacked it, it could be put in the place "
        "of another.",
    ),
    "2.5.29.21": Named(
        "reasonCode",
        "Revocation reason",
        "RFC 5280 §5.3.1",
        "It says why a certificate was revoked. Instead of saying unspecified, it should be left out.",
        "The reason is unspecified; the certificate is revoked all the same.",
    ),
    "2.5.29.23": Named(
        "holdInstructionCode",
        "Hold instruction",
        "RFC 3280 §5.3.2",
        "It said what to do about a certificate on hold. RFC 5280 dropped it.",
        "Nothing: it is not read any more.",
    ),
    "2.5.29.24": Named(
        "invalidityDate",
        "Invalidity date",
        "RFC 5280 §5.3.2",
        "The time since when the key is known or thought to be in wrong hands, or the certificate invalid otherwise. "
        "It may be before the revocation.",
        "Only the time of the revocation is known, and signatures made shortly before it look sound.",
    ),
    "2.5.29.29": Named(
        "certificateIssuer",
        "Certificate issuer",
        "RFC 5280 §5.3.3",
        "In a list for several issuers it says who issued this certificate and those after it, up to the next entry "
        "that has it. It has to be critical.",
        "The issuer is that of the entry before; of the first entry it is the list's own.",
    ),
    # ------------------------------------------------------------ OCSP, RFC 6960 §4.4
    "1.3.6.1.5.5.7.48.1.2": Named(
        "ocspNonce",
        "OCSP nonce",
        "RFC 9654 §2.1",
        "Octets drawn by the client, 32 or more (128 at most), which the responder repeats: so the answer was made for "
        "this question.",
        "An older answer, from before a revocation, can be sent again for as long as it is valid. Responders that make "
        "answers in advance cannot repeat a nonce.",
    ),
    "1.3.6.1.5.5.7.48.1.3": Named(
        "ocspCrlReference",
        "OCSP CRL reference",
        "RFC 6960 §4.4.2",
        "It says on which revocation list the certificate is found.",
        "Nobody can compare the answer with the list.",
    ),
    "1.3.6.1.5.5.7.48.1.4": Named(
        "ocspAcceptableResponses",
        "OCSP acceptable responses",
        "RFC 6960 §4.4.3",
        "The client says which kinds of response it understands.",
        "The responder sends a basic response, which everybody understands.",
    ),
    "1.3.6.1.5.5.7.48.1.6": Named(
        "ocspArchiveCutoff",
        "OCSP archive cutoff",
        "RFC 6960 §4.4.4",
        "The responder still knows of certificates that expired after this time whether they were revoked, so that old "
        "signatures can be checked.",
        "Of an expired certificate `good` says nothing: the responder may have forgotten the revocation.",
    ),
    "1.3.6.1.5.5.7.48.1.7": Named(
        "ocspServiceLocator",
        "OCSP service locator",
        "RFC 6960 §4.4.6",
        "The client tells the responder which responder the certificate names, so that the question can be passed on.",
        "A responder that is not responsible cannot pass the question on.",
    ),
    "1.3.6.1.5.5.7.48.1.8": Named(
        "ocspPreferredSignatureAlgorithms",
        "OCSP preferred signature algorithms",
        "RFC 6960 §4.4.7.1",
        "The client says with which algorithms it would like the answer to be signed, the best first.",
        "The responder chooses by itself, perhaps one that the client does not know.",
    ),
    "1.3.6.1.5.5.7.48.1.9": Named(
        "ocspExtendedRevoke",
        "OCSP extended revoked definition",
        "RFC 6960 §4.4.8",
        "It says that this responder answers `revoked` also of certificates that were never issued.",
        "`Revoked` means that the certificate was issued and revoked.",
    ),
}
