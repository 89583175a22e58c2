"""XML from outside cannot do harm, whatever it holds; and a SOAP 1.1 envelope is told from others."""

import time

import pytest

from pkilab.errors import InvalidMessage
from pkilab.soap import envelope
from pkilab.soap.envelope import MAX_DEPTH, PKI, escaped, escaped_lines, parse

GET = '<GetCertificate xmlns="http://pki.intersystems.com"><number>7</number></GetCertificate>'
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def enveloped(content: str = GET, namespace: str = SOAP, before: str = "", header: str = "") -> str:
    return f'{before}<e:Envelope xmlns:e="{namespace}">{header}<e:Body>{content}</e:Body></e:Envelope>'


def refused(body: bytes | str, charset: str = "") -> str:
    with pytest.raises(InvalidMessage) as caught:
        parse(body.encode() if isinstance(body, str) else body, charset)
    return str(caught.value)


def test_the_operation_is_the_first_element_of_the_body() -> None:
    assert parse(enveloped().encode()).tag == f"{{{PKI}}}GetCertificate"
    assert parse(enveloped(f"<!-- a comment --><?pi?> {GET}").encode()).tag == f"{{{PKI}}}GetCertificate"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE e>",
        '<!DOCTYPE e SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused(doctype: str) -> None:
    assert "DOCTYPE" in refused(enveloped("<GetCertificate>7</GetCertificate>", before=doctype))


def test_a_document_type_in_utf_16_is_refused_too() -> None:
    body = enveloped(before='<?xml version="1.0" encoding="utf-16"?><!DOCTYPE e>').encode("utf-16")
    assert "DOCTYPE" in refused(body)


def test_a_billion_laughs_are_not_laughed() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = enveloped("<a b='&l9;'>&l9;</a>", before=f'<!DOCTYPE e [<!ENTITY l0 "lol">{entities}]>')
    began = time.monotonic()
    assert "DOCTYPE" in refused(body)
    assert time.monotonic() - began < 1


def test_an_entity_that_nobody_declared_is_refused() -> None:
    assert "well-formed" in refused(enveloped("<a>&secret;</a>"))


def test_the_depth_is_bounded() -> None:
    inside = MAX_DEPTH - 2  # below Envelope and Body
    assert parse(enveloped("<a>" * inside + "</a>" * inside).encode()).tag == "a"
    assert "deeper than 50" in refused(enveloped("<a>" * (inside + 1) + "</a>" * (inside + 1)))
    assert "deeper than 50" in refused("<a>" * 100_000)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1"])
def test_other_encodings_are_read_as_they_declare_themselves(encoding: str) -> None:
    named = "utf-8" if encoding == "utf-8-sig" else encoding.removesuffix("-le")
    body = enveloped("<a>é</a>", before=f'<?xml version="1.0" encoding="{named}"?>').encode(encoding)
    assert parse(b"\xff\xfe" + body if encoding == "utf-16-le" else body).text == "é"


def test_the_charset_of_the_transport_weighs_more_than_the_declaration_and_less_than_a_byte_order_mark() -> None:
    text = enveloped("<a>é</a>", before='<?xml version="1.0" encoding="iso-8859-1"?>')
    assert parse(text.encode(), "utf-8").text == "é"
    declared = enveloped("<a>é</a>", before='<?xml version="1.0" encoding="utf-16"?>')
    assert parse(declared.encode("utf-16"), "utf-8").text == "é"
    assert parse(declared.encode(), "utf-8").text == "é"


def test_a_charset_that_is_unknown_or_wrong_leaves_the_word_to_the_document() -> None:
    text = enveloped("<a>é</a>", before='<?xml version="1.0" encoding="iso-8859-1"?>')
    assert parse(text.encode("iso-8859-1"), "no-such-charset").text == "é"
    assert parse(text.encode("iso-8859-1"), "utf-8").text == "é"


def test_an_unknown_encoding_is_refused() -> None:
    assert "well-formed" in refused(enveloped("<a>é</a>", before='<?xml version="1.0" encoding="klingon"?>'))


def test_soap_1_2_is_told_what_would_do() -> None:
    said = refused(enveloped(namespace="http://www.w3.org/2003/05/soap-envelope"))
    assert "this is SOAP 1.2; send SOAP 1.1" in said
    assert SOAP in said


def test_another_namespace_is_told_what_would_do() -> None:
    assert SOAP in refused(enveloped(namespace="urn:other"))
    assert "not a SOAP Envelope" in refused("<html><body/></html>")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "empty"),
        (" \r\n\t", "empty"),
        ("{}", "well-formed"),
        ("<a><b></a>", "in line 1"),
        (enveloped("<a>"), "well-formed"),
        (enveloped(""), "Body is empty"),
        (enveloped("only text"), "Body is empty"),
        (f'<e:Envelope xmlns:e="{SOAP}"/>', "no Body"),
    ],
)
def test_what_is_missing_is_named(body: str, says: str) -> None:
    assert says in refused(body)


def test_a_header_that_must_be_understood_is_refused_and_others_are_ignored() -> None:
    def header(attributes: str) -> str:
        return enveloped(header=f'<e:Header><t:Token xmlns:t="urn:t" {attributes}/></e:Header>')

    assert "Token must be understood" in refused(header('e:mustUnderstand="1"'))
    assert "Token must" in refused(header('e:mustUnderstand="1" e:actor="http://schemas.xmlsoap.org/soap/actor/next"'))
    for harmless in ("", 'e:mustUnderstand="0"', 'e:mustUnderstand="1" e:actor="urn:somebody-else"'):
        assert parse(header(harmless).encode()).tag == f"{{{PKI}}}GetCertificate"


@pytest.mark.parametrize(
    "text",
    [
        enveloped(),
        enveloped(before='<?xml version="1.0" encoding="UTF-8"?>\n'),
        enveloped(before="<?xml version='1.0'?> ", header="<e:Header/>"),
        enveloped('<a b="1">é &lt;&#233; \r\n</a> tail'),
        enveloped("<a>" * 49 + "</a>" * 49),
        enveloped("<a/>" * 60 + "<b>" * 47 + "</b>" * 47),
        enveloped("<a>x<!-- c -->y<![CDATA[<z>]]></a>"),
        enveloped("<a>x<?pi?>y</a>"),
        enveloped("<a>&amp</a>"),
        enveloped("<a>\0</a>"),
        enveloped("<!DOCTYPE e>"),
        "\ufeff" + enveloped(),
        " " + enveloped(before='<?xml version="1.0"?>'),
        enveloped("<a>+ADw-</a>", before='<?xml version="1.0" encoding="utf-7"?>'),
    ],
)
@pytest.mark.parametrize("charset", ["", "UTF-8", "utf8"])
def test_a_plain_message_is_read_fast_and_alike(text: str, charset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome() -> object:
        try:
            found = parse(text.encode(), charset).iter()
            return [(each.tag, dict(each.attrib), each.text or "", each.tail or "") for each in found]
        except InvalidMessage as error:
            return str(error)

    fast = outcome()
    monkeypatch.setattr(envelope, "_is_plain", lambda *_: False)
    assert fast == outcome()


def test_what_could_hide_a_declaration_is_not_plain() -> None:
    assert envelope._is_plain(enveloped().encode(), "")
    assert not envelope._is_plain(enveloped().encode(), "utf-16")
    assert not envelope._is_plain(enveloped(before='<?xml version="1.0" encoding="utf-7"?>').encode(), "")
    assert not envelope._is_plain(enveloped().encode("utf-16-le"), "")
    assert not envelope._is_plain(enveloped("<!DOCTYPE e>").encode(), "")
    assert not envelope._is_plain(enveloped("<a/>" * 100).encode(), "")


def test_what_xml_cannot_hold_is_replaced_and_markup_is_escaped() -> None:
    assert escaped("a\x00b\x1b\ud800\ufffe") == "a\ufffdb\ufffd\ufffd\ufffd"
    assert escaped("<&>\r\n") == "&lt;&amp;&gt;&#13;&#10;"
    assert escaped_lines("a\nb") == "a\nb"
