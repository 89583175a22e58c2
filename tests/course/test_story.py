"""The story of the walkthrough: each lesson finds what came before it, and nothing that is there is changed."""

import stat

import pytest

from pkilab import Lab
from pkilab.course import Story, lesson_password
from pkilab.errors import WrongPassword
from pkilab.model.contact import Contact
from pkilab.model.dn import DN


@pytest.mark.parametrize("until", ["nothing", "configured", "client", "submitted", "issued", "fetched"])
def test_the_story_is_told_up_to_a_chapter_and_again(until: str) -> None:
    first = repr(Story(Lab(), until))
    assert repr(Story(Lab(), until)) == first
    assert first.count("\n") == {"nothing": 0, "configured": 1, "client": 1, "submitted": 2}.get(until, 2)


def test_the_password_lies_there_before_a_form_is_filled_in_by_hand() -> None:
    story = Story(Lab())
    assert (story.lab.path / "course" / "password").read_text().strip() == story.password


def test_what_is_there_is_not_changed() -> None:
    story = Story(Lab(), "issued")
    number = story.certificates()[-1].number
    again = Story(Lab(), "fetched")
    assert [each.number for each in again.certificates()] == [number]
    saved = again.client.manager / "SantiagoDev.cer"
    assert saved.read_bytes() == story.certificates()[-1].pem.encode()


def test_a_request_waits_even_after_one_was_issued() -> None:
    Story(Lab(), "issued")
    assert Story(Lab(), "submitted").request.root == "SantiagoDev"


def test_the_contact_that_somebody_chose_stays_when_the_service_moved() -> None:
    story = Story(Lab(), "client")
    client = story.client.client
    client.configure(host="localhost", port=1, path=story.path, contact=Contact("Eva"))
    Story(Lab(), "client")
    assert client.settings.contact == Contact("Eva")
    assert client.settings.port != 1


def test_the_password_of_the_lessons_is_made_up_once() -> None:
    lab = Lab()
    password = lesson_password(lab)
    assert lesson_password(Lab()) == password
    assert lesson_password(Lab(lab.path.with_name("another"))) != password
    assert stat.S_IMODE((lab.path / "course" / "password").stat().st_mode) == 0o600


def test_a_ca_with_a_password_of_ones_own_is_noticed_and_taken_over() -> None:
    own = "correct horse of my own"
    lab = Lab()
    server = Story(lab).ca.server
    server.configure(
        root="MyCA", directory="ca", password=own, subject=DN(common_name="My CA"), ca_days=30, issued_days=3,
        key_algorithm="ec-p256",
    )  # fmt: skip
    with pytest.warns(UserWarning, match=r"Type it into a form's field .*story\.take_over\(getpass\(\)\)"):
        story = Story(lab, "submitted")
    with pytest.warns(UserWarning, match="take_over"), pytest.raises(WrongPassword):
        Story(lab, "issued")
    key = story.ca.manager / "ca" / "MyCA.key"
    before = key.read_bytes()
    with pytest.raises(WrongPassword):
        story.take_over("correct horse of another")
    assert key.read_bytes() == before
    story.take_over(own)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert Story(lab, "issued").certificates()  # and nothing is warned of any more
