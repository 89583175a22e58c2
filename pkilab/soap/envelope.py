"""XML from outside, read with bounds, and the parts of a SOAP 1.1 envelope."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from html import escape

from lxml import etree
from lxml.etree import _Element as Element

from pkilab.errors import InvalidMessage
from pkilab.model.text import one_line

PKI = "http://pki.intersystems.com"
"""The service's namespace."""
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
"""The namespace of SOAP 1.1 (§4.1.2)."""
MAX_DEPTH = 50
"""How deep elements may be nested; the service's own messages need six."""

_OURS = f"{{{PKI}}}"
_SOAP_1_2 = "http://www.w3.org/2003/05/soap-envelope"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NEXT_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_UTF_8 = frozenset({"", "utf-8", "utf8"})
# A message that says of itself, if anything, that it is UTF-8.
_PLAIN = re.compile(
    rb"""(?:<\?xml\s+version=["']1\.0["'](?:\s+encoding=["']utf-8["'])?\s*\?>)?\s*<[A-Za-z_]""", re.IGNORECASE
)
_CHARSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}", re.ASCII)
# What is no Char of XML 1.0 §2.2.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _BoundedBuilder:
    """A parser target that builds a tree without comments, and stops at a DTD or at too much depth."""

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder()
        self._depth = 0
        self._problem: InvalidMessage | None = None

    def doctype(self, *_declaration: object) -> None:
        """Refuse a document type declaration before its content is read."""
        self._stop("a document type declaration (DOCTYPE) is not allowed in SOAP; leave it out")

    def start(self, tag: str, attributes: Mapping[str | bytes, str | bytes]) -> None:
        """Begin an element."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._stop(f"its elements are nested deeper than {MAX_DEPTH}")
        self._builder.start(tag, {**attributes})

    def end(self, tag: str) -> None:
        """End an element."""
        self._depth -= 1
        self._builder.end(tag)

    def data(self, text: str) -> None:
        """Add text."""
        self._builder.data(text)

    def close(self) -> Element:
        """Return the root."""
        if self._problem is not None:
            raise self._problem
        return self._builder.close()

    def _stop(self, why: str) -> None:
        # lxml stops parsing at an exception, but calls `close` and lets what that raises prevail.
        self._problem = self._problem or InvalidMessage(why)
        raise self._problem


def parse(body: bytes, charset: str = "") -> Element:
    """Return the operation's element: the first child of the SOAP 1.1 body.

    Entities, document types and the network are off; `charset`, from the Content-Type, weighs more than the XML
    declaration and less than a byte order mark (RFC 7303 §3).

    Raises:
        InvalidMessage: it is no such message.
    """
    root = _tree(body, charset)
    name = etree.QName(root)
    if name.localname != "Envelope":
        raise InvalidMessage(f"its first element is {_named(name)}, not a SOAP Envelope")
    if name.namespace == _SOAP_1_2:
        raise InvalidMessage(f"this is SOAP 1.2; send SOAP 1.1, whose Envelope is in the namespace {SOAP}")
    if name.namespace != SOAP:
        raise InvalidMessage(f"its Envelope is not in the namespace of SOAP 1.1, which is {SOAP}")
    _check_header(root)
    found = root.find(f"{{{SOAP}}}Body")
    if found is None:
        raise InvalidMessage("its Envelope has no Body")
    for child in found:
        return child
    raise InvalidMessage("its Body is empty; it must hold one operation")


def child(element: Element, name: str) -> Element | None:
    """Return the child `name`, in the service's namespace or in none.

    Raises:
        InvalidMessage: there is more than one.
    """
    found = [*element.iterchildren(f"{{{PKI}}}{name}", name)]
    if len(found) > 1:
        raise InvalidMessage(f"{name} stands in it more than once")
    return found[0] if found else None


def text_of(element: Element, name: str) -> str:
    """Return the text of the child `name`; "" when it is absent, empty or nil.

    Raises:
        InvalidMessage: there is more than one, or it holds elements.
    """
    found = child(element, name)
    return "" if found is None else _text(found, name)


def texts_of(element: Element, names: Iterable[str]) -> dict[str, str]:
    """Return what `text_of` returns for each of these names, by name; raises as it does."""
    texts = dict.fromkeys(names, "")
    seen = set()
    for found in element:
        name = str(found.tag).removeprefix(_OURS)
        if name not in texts:
            continue
        if name in seen:
            raise InvalidMessage(f"{name} stands in it more than once")
        seen.add(name)
        texts[name] = _text(found, name)
    return texts


def _text(found: Element, name: str) -> str:
    if found.get(_NIL, "").strip() in {"1", "true"}:
        return ""
    if len(found):
        raise InvalidMessage(f"{name} holds elements, but only text belongs there")
    return found.text or ""


def escaped(text: str) -> str:
    """Return `text` for an element on one line; what XML 1.0 cannot hold becomes U+FFFD."""
    return escaped_lines(text).replace("\n", "&#10;")


def escaped_lines(text: str) -> str:
    """Return `text` for an element that keeps its lines; what XML 1.0 cannot hold becomes U+FFFD."""
    return escape(_NO_CHARACTER.sub("\ufffd", text), quote=False).replace("\r", "&#13;")


def envelope(content: str) -> bytes:
    """Return a message; `content` is finished XML, indented by four blanks and ending with a newline."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soap:Envelope xmlns:soap="{SOAP}">\n'
        "  <soap:Body>\n"
        f"{content}"
        "  </soap:Body>\n"
        "</soap:Envelope>\n"
    ).encode()


def _tree(body: bytes, charset: str) -> Element:
    """Return the root of `body`; first as `charset` says, then as the document itself does."""
    if not body.strip():
        raise InvalidMessage("it is empty; a SOAP envelope is needed")
    if _is_plain(body, charset):
        try:
            plain: Element = etree.fromstring(body, _plain_parser())
            return plain
        except etree.LxmlError:
            pass  # read it again below, which says what is wrong
    if _CHARSET.fullmatch(charset) and not body.startswith(_BYTE_ORDER_MARKS):
        try:
            return _parsed(body, charset)
        except (InvalidMessage, LookupError):
            pass  # an unknown or wrong charset: the document's own word counts
    return _parsed(body, None)


def _is_plain(body: bytes, charset: str) -> bool:
    """Tell whether the octets themselves show that a message keeps the bounds that `_BoundedBuilder` keeps.

    In UTF-8 each declaration, comment and CDATA section begins with `<!`, each processing instruction with `<?`, and
    elements nested deeper than `MAX_DEPTH` have more tags than this.
    """
    return (
        charset.lower() in _UTF_8
        and body.count(b"<") <= 2 * MAX_DEPTH
        and b"<!" not in body
        and b"\0" not in body
        and body.count(b"<?") == body.startswith(b"<?")
        and _PLAIN.match(body) is not None
    )


_of_thread = threading.local()


def _plain_parser() -> etree.XMLParser:
    """Return this thread's parser for what `_is_plain`; to make one takes longer than to read a message."""
    try:
        parser: etree.XMLParser = _of_thread.parser
    except AttributeError:
        parser = _of_thread.parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
        )
    return parser


def _parsed(body: bytes, encoding: str | None) -> Element:
    parser = etree.XMLParser(
        target=_BoundedBuilder(),  # type: ignore[arg-type]  # the stubs ask for names that lxml does not
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        root: Element = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError) as error:
        first = next(iter(parser.error_log), None)
        why = f"{first.message} in line {first.line}" if first is not None else str(error)
        raise InvalidMessage(f"it is no well-formed XML ({one_line(why)[:200]})") from None
    return root


def _check_header(root: Element) -> None:
    """Refuse a header entry for us that must be understood (SOAP 1.1 §4.2.3); none is known here."""
    for entry in root.iterfind(f"{{{SOAP}}}Header/*"):
        actor = entry.get(f"{{{SOAP}}}actor", "")
        if entry.get(f"{{{SOAP}}}mustUnderstand", "").strip() in {"1", "true"} and actor in {"", _NEXT_ACTOR}:
            raise InvalidMessage(f"its header {_named(etree.QName(entry))} must be understood, but is unknown here")


def _named(name: etree.QName) -> str:
    return one_line(name.localname)[:60]
