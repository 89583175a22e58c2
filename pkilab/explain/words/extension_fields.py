"""Fields within extensions (RFC 5280 §4.2 and §5.2, RFC 3739, RFC 7633, RFC 6960)."""

from __future__ import annotations

from pkilab.explain.words.entry import Words


def _w(title: str, section: str, purpose: str, without: str = "", here: str = "{value}.") -> Words:
    clause = section if " " in section else f"RFC 5280 §{section}"
    return Words(title, clause, purpose, without, here)


EXTENSION_FIELDS: dict[str, Words] = {
    "BasicConstraints.cA": _w(
        "CA flag",
        "4.2.1.9",
        "TRUE: the subject is a CA, and this key may sign certificates. FALSE is the default, and DER leaves a default "
        "out.",
        "Left out, the subject is no CA, and nothing that it signs is accepted as a certificate.",
        "It says {value}.",
    ),
    "BasicConstraints.pathLenConstraint": _w(
        "Path length",
        "4.2.1.9",
        "How many CAs may stand between this one and the last certificate of the chain. 0: none, so it signs end "
        "certificates only. Certificates that a CA issues to itself are not counted. It is for CAs only, and needs "
        "keyCertSign.",
        "Any number of CAs may follow below.",
        "At most {value} CAs may follow below.",
    ),
    "KeyUsage": _w(
        "Bits of the key usage",
        "4.2.1.3",
        "One bit for each use; a bit that is set allows it. At least one is set.",
        "Without the extension the key may be used for everything that the other extensions allow.",
    ),
    "AuthorityKeyIdentifier.keyIdentifier": _w(
        "Key of the issuer",
        "4.2.1.1",
        "The subject key identifier of the issuer's certificate, repeated. Only a self-signed certificate may lack it.",
        "The issuer's certificate is found by its name alone, or by name and number.",
    ),
    "AuthorityKeyIdentifier.authorityCertIssuer": _w(
        "Issuer of the issuer's certificate",
        "4.2.1.1",
        "With the number that follows it names one certificate of the issuer. When that is renewed, it fits no more: "
        "the key identifier is the better hint.",
        "Nothing, if there is a key identifier.",
    ),
    "AuthorityKeyIdentifier.authorityCertSerialNumber": _w(
        "Number of the issuer's certificate",
        "4.2.1.1",
        "The serial number of the issuer's certificate. The name before it is that of whoever issued that one.",
        "",
        "It is number {value}.",
    ),
    "PrivateKeyUsagePeriod.notBefore": _w(
        "Signs from",
        "RFC 3280 §4.2.1.4",
        "Before this the key makes no signatures.",
        "It signs from the start of the certificate's validity on.",
        "From {value} on.",
    ),
    "PrivateKeyUsagePeriod.notAfter": _w(
        "Signs until",
        "RFC 3280 §4.2.1.4",
        "After this the key makes no signatures; those that it made can be checked until the certificate ends.",
        "It signs until the end of the certificate's validity.",
        "Until {value}.",
    ),
    "ExtKeyUsageSyntax.KeyPurposeId": _w(
        "Purpose", "4.2.1.12", "One purpose for which the certificate may be used.", "", "It is {value}."
    ),
    "NameConstraints.permittedSubtrees": _w(
        "Permitted names",
        "4.2.1.10",
        "In all certificates below, names of a kind that is named here have to lie within one of these. Kinds that are "
        "not named stay free.",
        "All names are permitted that are not excluded.",
    ),
    "NameConstraints.excludedSubtrees": _w(
        "Excluded names",
        "4.2.1.10",
        "No name below may lie within one of these, even if it is permitted.",
        "No name is excluded.",
    ),
    "GeneralSubtrees.GeneralSubtree": _w(
        "Range of names",
        "4.2.1.10",
        "Names that belong together. What is within depends on the kind: of DNS the name and all names below it, of "
        "mail and URIs a host or, with a dot before it, all hosts below it, of IP a network, of distinguished names "
        "all that begin with these steps.",
    ),
    "GeneralSubtree.base": _w("Base", "4.2.1.10", "The name that says which range it is."),
    "GeneralSubtree.minimum": _w("Minimum", "4.2.1.10", "It has to be 0, and so is left out.", "0 is meant."),
    "GeneralSubtree.maximum": _w("Maximum", "4.2.1.10", "RFC 5280 forbids it.", "The range has no lower end."),
    "CRLDistributionPoints.DistributionPoint": _w(
        "Distribution point",
        "4.2.1.13",
        "One place with a list. There can be several, for different reasons or issuers.",
    ),
    "DistributionPoint.distributionPoint": _w(
        "Where it lies",
        "4.2.1.13",
        "The address, or addresses, of one list.",
        "The list is looked for in a directory, under the name of who signs it.",
    ),
    "DistributionPointName.fullName": _w(
        "Addresses", "4.2.1.13", "Addresses of one and the same list; mostly there is one, by HTTP."
    ),
    "DistributionPointName.nameRelativeToCRLIssuer": _w(
        "Name below the issuer",
        "4.2.1.13",
        "The last step of a name in a directory: the steps before it are those of the list's issuer. RFC 5280 "
        "advises against it.",
    ),
    "DistributionPoint.reasons": _w(
        "Reasons", "4.2.1.13", "The list holds certificates revoked for these reasons only.", "It covers all reasons."
    ),
    "DistributionPoint.cRLIssuer": _w(
        "Issuer of the list",
        "4.2.1.13",
        "Who signs the list, if it is not the issuer of the certificate.",
        "The certificate's issuer signs the list.",
    ),
    "IssuingDistributionPoint.distributionPoint": _w(
        "Where it lies",
        "5.2.5",
        "The address of this list. It has to stand in every certificate that the list is about, too, so that the list "
        "for others cannot be put in its place.",
        "The list is about all certificates of its issuer that the other fields do not take out.",
    ),
    "IssuingDistributionPoint.onlyContainsUserCerts": _w(
        "Only end certificates",
        "5.2.5",
        "TRUE: the list is about certificates that are no CA's. A CA's that is missing in it may be revoked.",
        "The list is not limited in this way.",
        "It says {value}.",
    ),
    "IssuingDistributionPoint.onlyContainsCACerts": _w(
        "Only CA certificates",
        "5.2.5",
        "TRUE: the list is about certificates of CAs. Any other that is missing in it may be revoked.",
        "The list is not limited in this way.",
        "It says {value}.",
    ),
    "IssuingDistributionPoint.onlySomeReasons": _w(
        "Only some reasons",
        "5.2.5",
        "The list names certificates that were revoked for these reasons. What was revoked for others stands in "
        "another list.",
        "It covers all reasons.",
    ),
    "IssuingDistributionPoint.indirectCRL": _w(
        "Indirect list",
        "5.2.5",
        "TRUE: it holds certificates of other issuers too; an extension of the entry says whose each is.",
        "All entries are of the list's own issuer.",
        "It says {value}.",
    ),
    "IssuingDistributionPoint.onlyContainsAttributeCerts": _w(
        "Only attribute certificates",
        "5.2.5",
        "TRUE: it is about attribute certificates, which RFC 5280 does not treat: its lists leave this out.",
        "",
        "It says {value}.",
    ),
    "CertificatePolicies.PolicyInformation": _w(
        "Policy", "4.2.1.4", "One policy by its number, and what is said of it to people."
    ),
    "PolicyInformation.policyIdentifier": _w(
        "Number of the policy",
        "4.2.1.4",
        "The number of the policy. Whoever defined the policy has the number, and a text that says what it demands.",
        "Nobody could tell which rules are meant.",
        "It is {value}.",
    ),
    "PolicyInformation.policyQualifiers": _w(
        "What is said of the policy", "4.2.1.4", "More about it for people: an address or a text. It changes no rule."
    ),
    "PolicyQualifiers.PolicyQualifierInfo": _w(
        "Remark on a policy", "4.2.1.4", "One remark for people: where the practice statement is, or a text."
    ),
    "PolicyQualifierInfo.policyQualifierId": _w(
        "Kind of remark",
        "4.2.1.4",
        "The number that says what follows: an address (cps) or a text (unotice).",
        here="It is {value}.",
    ),
    "PolicyQualifierInfo.qualifier": _w(
        "The remark", "4.2.1.4", "The remark itself: the address of the practice statement, or a text to be shown."
    ),
    "UserNotice.noticeRef": _w(
        "Reference to a text", "4.2.1.4", "Numbers of an organisation's texts; RFC 5280 advises against it."
    ),
    "NoticeReference.organization": _w("Organisation", "4.2.1.4", "The organisation whose numbered texts are meant."),
    "NoticeReference.noticeNumbers": _w(
        "Numbers of texts", "4.2.1.4", "Which of the organisation's texts are meant; software has to have them."
    ),
    "NoticeNumbers.INTEGER": _w(
        "Number of a text", "4.2.1.4", "The number of one of the organisation's texts.", here="It is {value}."
    ),
    "UserNotice.explicitText": _w(
        "Text", "4.2.1.4", "A text to be shown to people, of at most 200 letters.", "", "It says {value}."
    ),
    "PolicyMappings.PolicyMapping": _w("Mapping", "4.2.1.5", "Below, the second policy counts as the first."),
    "PolicyMapping.issuerDomainPolicy": _w(
        "Issuer's policy",
        "4.2.1.5",
        "A policy of the CA that issued this certificate, and what those who trust that CA ask for.",
        "",
        "It is {value}.",
    ),
    "PolicyMapping.subjectDomainPolicy": _w(
        "Subject's policy",
        "4.2.1.5",
        "A policy of the CA that this certificate is for. Where certificates below bear it, they count as bearing the "
        "issuer's.",
        "",
        "It is {value}.",
    ),
    "PolicyConstraints.requireExplicitPolicy": _w(
        "Policy demanded after",
        "4.2.1.11",
        "How many more certificates may come before a policy is demanded. From then on the chain is refused unless "
        "every certificate in it, also those above, bears an acceptable policy.",
        "Whoever checks decides whether a policy is demanded.",
        "Further certificates before it is demanded: {value}.",
    ),
    "PolicyConstraints.inhibitPolicyMapping": _w(
        "No mapping after",
        "4.2.1.11",
        "In how many more certificates policy mappings still count. 0: in none below.",
        "Mappings count in all certificates below.",
        "Further certificates in which mappings count: {value}.",
    ),
    "SubjectDirectoryAttributes.Attribute": _w(
        "Attribute", "4.2.1.8", "A fact about the subject, by its number, with its values."
    ),
    "AuthorityInfoAccessSyntax.AccessDescription": _w("Place", "4.2.2", "One address, and what is to be had there."),
    "AccessDescription.accessMethod": _w(
        "What is to be had",
        "4.2.2",
        "The number that says what is to be had there: a responder's answers, a certificate, a repository.",
        here="It is {value}.",
    ),
    "AccessDescription.accessLocation": _w("Where", "4.2.2", "The address; mostly a URI with HTTP."),
    "Features.Feature": _w(
        "TLS feature",
        "RFC 7633 §4.1",
        "The number of a TLS extension that the server has to answer if the client sends it; 5 is status_request, OCSP "
        "stapling. In a CA's certificate: those below have to name it too.",
        here="It is {value}.",
    ),
    "CertificateTemplate.templateID": _w(
        "Template",
        "Microsoft [MS-WCCE] §2.2.2.7.7.2",
        "The number of the template, as the Windows forest knows it.",
        here="It is {value}.",
    ),
    "CertificateTemplate.templateMajorVersion": _w(
        "Major version",
        "Microsoft [MS-WCCE] §2.2.2.7.7.2",
        "The template's version then. An administrator counts it up to have all certificates of it enrolled anew.",
        here="It is {value}.",
    ),
    "CertificateTemplate.templateMinorVersion": _w(
        "Minor version",
        "Microsoft [MS-WCCE] §2.2.2.7.7.2",
        "It counts the changes of the template since that version.",
        here="It is {value}.",
    ),
    "QCStatements.QCStatement": _w(
        "Statement", "RFC 3739 §3.2.6", "One declaration of the CA: a number that says what is declared, and details."
    ),
    "QCStatement.statementId": _w(
        "Which statement", "RFC 3739 §3.2.6", "The number of the statement.", here="It is {value}."
    ),
    "QCStatement.statementInfo": _w(
        "Details",
        "RFC 3739 §3.2.6",
        "The details of the statement, in a form that its number says.",
        "The statement says everything by itself.",
    ),
    "QcType.OBJECT IDENTIFIER": _w(
        "Type", "ETSI EN 319 412-5 §4.2.3", "What the certificate is qualified for.", here="It is {value}."
    ),
    "QcCClegislation.PrintableString": _w(
        "Country",
        "ETSI EN 319 412-5 §4.2.4",
        "The two letters of a country under whose law it is qualified.",
        here="It is {value}.",
    ),
    "QcEuLimitValue.currency": _w(
        "Currency",
        "ETSI EN 319 412-5 §4.3.2",
        "The currency by its letters or number of ISO 4217.",
        here="It is {value}.",
    ),
    "QcEuLimitValue.amount": _w(
        "Amount", "ETSI EN 319 412-5 §4.3.2", "The limit is this times ten to the exponent.", here="It is {value}."
    ),
    "QcEuLimitValue.exponent": _w(
        "Exponent", "ETSI EN 319 412-5 §4.3.2", "How many zeros follow the amount.", here="It is {value}."
    ),
    "PdsLocations.PdsLocation": _w(
        "Disclosure statement",
        "ETSI EN 319 412-5 §4.3.4",
        "Where the statement lies in one language; one is in English.",
    ),
    "PdsLocation.url": _w(
        "Address", "ETSI EN 319 412-5 §4.3.4", "The address of the statement, with HTTPS.", here="It is {value}."
    ),
    "PdsLocation.language": _w(
        "Language", "ETSI EN 319 412-5 §4.3.4", "The language by its two letters of ISO 639-1.", here="It is {value}."
    ),
    "SemanticsInformation.semanticsIdentifier": _w(
        "How the name is to be read",
        "RFC 3739 §3.2.6.1",
        "The number of the rules by which names and numbers in the subject are built.",
        "Nobody can tell from what register a number is.",
        "By {value}.",
    ),
    "SemanticsInformation.nameRegistrationAuthorities": _w(
        "Who registered the name",
        "RFC 3739 §3.2.6.1",
        "Who is responsible for names and numbers in the subject.",
        "The rules say it, or the CA is.",
    ),
    "CrlID.crlUrl": _w(
        "Address of the list",
        "RFC 6960 §4.4.2",
        "The address where the list lies on which the certificate was found.",
        here="It is {value}.",
    ),
    "CrlID.crlNum": _w(
        "Number of the list",
        "RFC 6960 §4.4.2",
        "The CRL number of the list on which the certificate was found.",
        here="It is {value}.",
    ),
    "CrlID.crlTime": _w(
        "Time of the list",
        "RFC 6960 §4.4.2",
        "When the list was made on which the certificate was found.",
        here="It is {value}.",
    ),
    "ServiceLocator.issuer": _w("Issuer", "RFC 6960 §4.4.6", "The issuer of the certificate that is asked about."),
    "ServiceLocator.locator": _w(
        "Responders", "RFC 6960 §4.4.6", "The authority information access of the certificate, repeated."
    ),
    "PreferredSignatureAlgorithms.PreferredSignatureAlgorithm": _w(
        "Preferred algorithm",
        "RFC 6960 §4.4.7.1",
        "An algorithm that the client knows; the one it likes best is first.",
    ),
    "PreferredSignatureAlgorithm.sigIdentifier": _w(
        "Signature algorithm", "RFC 6960 §4.4.7.1", "How the answer should be signed.", "", "It is {value}."
    ),
    "PreferredSignatureAlgorithm.pubKeyAlgIdentifier": _w(
        "Kind of key",
        "RFC 6960 §4.4.7.1",
        "The kind of key that should sign, such as one of a certain curve.",
        "Any key that fits the algorithm.",
        "It is {value}.",
    ),
    "AcceptableResponses.OBJECT IDENTIFIER": _w(
        "Kind of response",
        "RFC 6960 §4.4.3",
        "One kind of response that the client understands.",
        "",
        "It is {value}.",
    ),
}
