"""ASN.1's own types (X.680, X.690 §8), for what has no field of its own."""

from __future__ import annotations

from pkilab.explain.words.entry import Words


def _w(title: str, clause: str, purpose: str, here: str = "{value}.") -> Words:
    return Words(title, clause, purpose, "", here)


TYPES: dict[str, Words] = {
    "END-OF-CONTENTS": _w("End of contents", "X.690 §8.1.5", "It closes an element of indefinite length.", "00 00."),
    "BOOLEAN": _w("Truth value", "X.690 §8.2", "FF is TRUE, 00 is FALSE.", "It says {value}."),
    "INTEGER": _w(
        "Number", "X.690 §8.3", "A whole number, the highest octet first, in two's complement.", "It is {value}."
    ),
    "BIT STRING": _w(
        "Bits",
        "X.690 §8.6",
        "A row of bits: the first octet says how many at the end are unused. Keys and signatures are written so too.",
    ),
    "OCTET STRING": _w(
        "Octets", "X.690 §8.7", "Plain octets. Where they stand says what they mean; often they hold DER again."
    ),
    "NULL": _w("Nothing", "X.690 §8.8", "It fills a place that may not be empty, and says nothing.", "Nothing."),
    "OBJECT IDENTIFIER": _w(
        "Object identifier",
        "X.690 §8.19",
        "A number out of a tree that the whole world shares: whoever holds a branch hands out numbers below it.",
        "It is {value}.",
    ),
    "ObjectDescriptor": _w("Description", "X.690 §8.25", "A text that describes an object."),
    "EXTERNAL": _w("External", "X.690 §8.18", "A value with a number that says of which type it is; history."),
    "REAL": _w("Real number", "X.690 §8.5", "A number with a fraction; PKI does not use it."),
    "ENUMERATED": _w("Choice by number", "X.690 §8.4", "One of several named values.", "It is {value}."),
    "EMBEDDED PDV": _w(
        "Embedded value", "X.690 §8.17", "A value that says itself of which type and in which encoding it is; rare."
    ),
    "UTF8String": _w(
        "Text in UTF-8", "X.680 §41.16", "A text of letters of all scripts, the usual form today.", "It says {value}."
    ),
    "RELATIVE-OID": _w(
        "Relative object identifier",
        "X.690 §8.20",
        "The last numbers of an object identifier, below one that is known.",
    ),
    "SEQUENCE": _w("Sequence", "X.690 §8.9", "Elements one after another, in an order that counts."),
    "SET": _w("Set", "X.690 §8.11", "Elements whose order says nothing, so DER sorts them."),
    "NumericString": _w("Digits", "X.680 §41.2", "A text of digits and blanks only.", "It says {value}."),
    "PrintableString": _w(
        "Text of few letters",
        "X.680 §41.4",
        "A text of letters, digits, blanks and '()+,-./:=? only; no @ and no _.",
        "It says {value}.",
    ),
    "TeletexString": _w(
        "Text of teletex", "X.680 §41.1", "A text, in practice of Latin-1; history.", "It says {value}."
    ),
    "VideotexString": _w(
        "Text of videotex", "X.680 §41.1", "A text for television screens of the 1980s; history.", "It says {value}."
    ),
    "IA5String": _w(
        "Text in ASCII", "X.680 §41.1", "A text of the 128 characters of ASCII, as addresses are.", "It says {value}."
    ),
    "UTCTime": _w(
        "Time",
        "X.680 §47",
        "A time with two digits of the year: 50 to 99 mean 1950 to 1999, 00 to 49 mean 2000 to 2049.",
        "It is {value}.",
    ),
    "GeneralizedTime": _w("Time", "X.680 §46", "A time with four digits of the year.", "It is {value}."),
    "GraphicString": _w(
        "Text", "X.680 §41.1", "A text without controls, in any character set; history.", "It says {value}."
    ),
    "VisibleString": _w(
        "Text in printing ASCII", "X.680 §41.1", "A text of ASCII without controls.", "It says {value}."
    ),
    "GeneralString": _w(
        "Text", "X.680 §41.1", "A text in any character set; history, but Kerberos uses it.", "It says {value}."
    ),
    "UniversalString": _w(
        "Text in UTF-32", "X.680 §41.6", "A text with four octets a letter; rare.", "It says {value}."
    ),
    "CHARACTER STRING": _w("Text", "X.690 §8.24", "Text of a kind that it names itself."),
    "BMPString": _w(
        "Text in UCS-2",
        "X.680 §41.15",
        "A text with two octets a letter; Windows and PKCS #12 write it.",
        "It says {value}.",
    ),
}
OTHERS: dict[str, Words] = {
    "nonsense": _w(
        "No element", "X.690 §8.1", "Here the octets cannot be read as DER; what they were meant to be is not known."
    ),
    "trailing octets": _w(
        "Octets behind the end", "X.690 §8.1", "They belong to nothing. Strict software refuses the whole for them."
    ),
    "segment": _w("Segment", "X.690 §8.7.3", "A piece of a string; BER allows to write strings in pieces."),
    "end of contents": TYPES["END-OF-CONTENTS"],
}
