"""Cards and tables of certificates, and chains of trust."""

from dataclasses import replace

import pytest
from lxml import etree

from pkilab.model.certificate import CertificateState, Chain, Listing, Worth
from pkilab.model.dn import Name
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.views import chain, html, text
from tests.model.samples import (
    CA_NAME,
    CHAIN,
    ISSUED,
    LEAF,
    LISTED,
    LISTING,
    MIDDLE,
    NOW,
    OWN,
    REVOKED,
    ROOT,
    certificate,
)
from tests.views.hostile import Reader


@pytest.mark.parametrize("drawn", [text.draw(ISSUED), Reader(html.draw(ISSUED)).words], ids=["text", "html"])
def test_an_issued_certificate_is_shown_in_full(drawn: str) -> None:
    for told in (
        "certificate 7, valid",
        "TLS/SSL and XML security",
        "C = CL, O = Lab Santiago, OU = Development, CN = santiago.lab.test",
        "O = Lab, CN = Training CA",
        "DNS santiago.lab.test",
        "from 23 November 2026, 14:02 UTC",
        "until 23 November 2027, 14:02 UTC",
        "no certificates",
        "digitalSignature, keyEncipherment",
        "serverAuth, clientAuth",
        "AA:BB:01",
        "CC:DD:02",
        ISSUED.fingerprint.sha256,
        ISSUED.fingerprint.sha1,
        "instance SANTIAGO on host santiago, request 3",
        "by eva",
    ):
        assert told in drawn


def test_a_revoked_certificate_tells_when_by_whom_and_why() -> None:
    drawn = text.draw(REVOKED)
    assert "certificate 8, revoked" in drawn
    assert "23 November 2026, 14:02 UTC, by eva: keyCompromise" in drawn
    assert "Cut, so as not to outlive the CA's own certificate." in drawn
    assert "certificate 7" in drawn  # the one that it renews
    assert 'class="pkilab-badge pkilab-bad">certificate 8, revoked<' in html.draw(REVOKED)


def test_a_hold_is_called_a_hold() -> None:
    hold = Revocation(reason=RevocationReason.CERTIFICATE_HOLD, at=NOW, by="eva")
    drawn = text.draw(replace(REVOKED, state=CertificateState.HELD, revocation=hold))
    assert "certificate 8, on hold" in drawn
    assert "On hold" in drawn


def test_number_0_is_the_own_certificate_of_the_ca() -> None:
    drawn = text.draw(OWN)
    assert "0, the CA's own certificate" in drawn
    assert "certificates, and CAs below it" in drawn
    assert "itself" in drawn


@pytest.mark.parametrize(
    ("found", "role", "may"),
    [
        (ROOT, "root CA", "certificates, and CAs below it"),
        (MIDDLE, "intermediate CA", "certificates, but no CAs"),
        (replace(MIDDLE, path_length=2), "intermediate CA", "certificates, and 2 CAs deep"),
        (LEAF, "end entity", "no certificates"),
    ],
)
def test_a_certificate_says_what_it_is_and_may_issue(found: object, role: str, may: str) -> None:
    assert f"({role})" in text.draw(found)
    assert may in text.draw(found)


def test_serial_numbers_are_shown_as_other_tools_show_them() -> None:
    assert "Serial          07\n" in text.draw(LEAF)
    assert "40:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:30:39" in text.draw(ROOT)


def test_a_fingerprint_is_copied_whole_and_breaks_after_colons() -> None:
    markup = html.draw(LEAF)
    assert f'<code class="pkilab-fp">{LEAF.fingerprint.sha1.replace(":", ":<wbr>")}</code>' in markup
    assert "pkilab-read-only" not in markup


def test_a_page_of_certificates_says_that_there_are_more() -> None:
    drawn = text.draw(LISTING)
    assert [line.split()[0] for line in drawn.split("\n")[2:4]] == ["7", "8"]
    assert drawn.endswith("These are 2 of 120; more follow.")
    assert "more follow" not in text.draw(replace(LISTING, after=None))


def test_an_empty_page_says_what_to_do() -> None:
    empty = Listing(certificates=(), total=0)
    assert text.draw(empty) == "No certificate to show. Issue one from a pending request, or search for something else."
    assert "<table" not in html.draw(empty)
    assert "Submit a request" in html.listed(())


def test_a_list_of_the_original_has_dashes_where_it_tells_nothing() -> None:
    first, second = text.listed(LISTED).split("\n")[2:]
    assert first.split() == ["7", "santiago", "SANTIAGO", "SantiagoDev", "–", "–", "–"]
    assert "CN = quito.lab.test  23 November 2027  valid" in second


def test_a_chain_is_told_from_the_end_up() -> None:
    assert chain.sentences(CHAIN) == (
        "santiago.lab.test was signed by Lab Intermediate.",
        "Lab Intermediate was signed by Training CA.",
        "Training CA signed itself: it is the root, and who trusts it trusts all that is below.",
    )
    assert all(sentence in text.draw(CHAIN) for sentence in chain.sentences(CHAIN))
    assert all(sentence in Reader(html.draw(CHAIN)).words for sentence in chain.sentences(CHAIN))


def test_a_chain_without_its_root_says_which_certificate_is_missing() -> None:
    cut = Chain(certificates=(LEAF, MIDDLE))
    assert chain.sentences(cut)[-1] == "Lab Intermediate was signed by Training CA, whose certificate is not here."
    assert "stroke-dasharray" in chain.svg(cut)
    assert "stroke-dasharray" not in chain.svg(CHAIN)


@pytest.mark.parametrize(
    ("worth", "told", "drawn"),
    [
        (
            Worth(state=CertificateState.REVOKED, since=NOW, reason="keyCompromise"),
            "Lab Intermediate is revoked since 23 November 2026 (keyCompromise): whoever asks for revocations ",
            "revoked since 23 November 2026",
        ),
        (
            Worth(state=CertificateState.HELD, since=NOW, reason="certificateHold"),
            "Lab Intermediate is on hold since 23 November 2026: until that is lifted, ",
            "on hold since 23 November 2026",
        ),
        (Worth(state=CertificateState.EXPIRED), "Lab Intermediate expired on ", "expired, until "),
        (Worth(state=CertificateState.NOT_YET_VALID), "Lab Intermediate is not valid before ", "not yet valid, until "),
    ],
)
def test_a_chain_tells_what_is_wrong_with_one_of_its_certificates(worth: Worth, told: str, drawn: str) -> None:
    good = Worth(state=CertificateState.VALID)
    broken = Chain(certificates=CHAIN.certificates, worth=(good, worth, None))
    assert chain.sentences(broken)[:-1] == chain.sentences(CHAIN)
    assert chain.sentences(broken)[-1].startswith(told)
    assert told in text.draw(broken)
    lines = [each.text or "" for each in etree.fromstring(chain.svg(broken)).iter("{http://www.w3.org/2000/svg}text")]
    assert [each.startswith(drawn) for each in lines].count(True) == 1
    assert chain.sentences(Chain(certificates=CHAIN.certificates, worth=(good,) * 3)) == chain.sentences(CHAIN)


def test_a_chain_of_nothing_can_be_drawn() -> None:
    nothing = Chain(certificates=())
    assert chain.sentences(nothing) == ("There is no certificate in this chain.",)
    assert "There is no certificate" in text.draw(nothing)
    assert "<svg" not in html.draw(nothing)
    etree.fromstring(chain.svg(nothing))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_picture_is_svg_with_a_title_a_description_and_a_box_for_each(size: int) -> None:
    drawn = Chain(certificates=CHAIN.certificates[-size:])
    picture = etree.fromstring(chain.svg(drawn))
    space = "{http://www.w3.org/2000/svg}"
    title, description = picture.find(f"{space}title"), picture.find(f"{space}desc")
    assert title is not None
    assert description is not None
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert description.text == " ".join(chain.sentences(drawn))
    assert len(picture.findall(f"{space}rect")) == size
    assert len(picture.findall(f"{space}path")) == size - 1


def test_the_picture_has_no_colour_of_its_own() -> None:
    assert "#" not in chain.svg(CHAIN).replace("&#x27;", "")
    assert "currentColor" in chain.svg(CHAIN)


@pytest.mark.parametrize("letter", ["m", "東"])
def test_a_name_too_long_for_its_box_is_cut_in_the_picture_and_whole_in_the_words(letter: str) -> None:
    name: Name = ((("CN", letter * 64),),)
    long = Chain(certificates=(certificate(name, CA_NAME), ROOT))
    picture = etree.fromstring(chain.svg(long))
    texts = [text.text or "" for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert max(map(len, texts)) < 50
    assert any(text.endswith("…") for text in texts)
    assert letter * 64 in chain.sentences(long)[0]


def test_different_chains_on_one_page_have_different_identifiers() -> None:
    one, two = (etree.fromstring(chain.svg(found)) for found in (CHAIN, Chain(certificates=(ROOT,))))
    assert one.get("aria-labelledby") != two.get("aria-labelledby")
