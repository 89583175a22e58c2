"""Form models: problems beside fields, blockers of acts, secrets that are emptied, one act at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from traitlets import TraitError

from pkilab.errors import InvalidField, NotReady, Unreachable
from pkilab.forms.model import FormModel, act
from pkilab.forms.traits import choice, line, secret, tick
from pkilab.model.names import check_root

PASSWORD = "correct horse of a form"


class Small(FormModel):
    """A form with one field of each kind."""

    root = line("File root", required=True, check=check_root)
    number = line("Number")
    password = secret("Password", required=True)
    colour = choice("Colour", (("Red", "red"), ("Blue", "blue")), default="red")
    agreed = tick("Agreed")
    extra = line("Extra", required=True)

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.refuse: Exception | None = None
        self.inside = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        super().__init__()

    def absent(self, name: str) -> bool:
        return name == "extra" and self.colour == "red"

    def crosswise(self) -> dict[str, str]:
        return {"number": "It is unlucky."} if self.number == "13" else {}

    def hindrances(self, act: str) -> Sequence[str]:
        return () if self.agreed or act == "peek" else ("Agree first.",)

    @act("Doing it …")
    def do(self) -> str:
        self.seen.append(self.password)
        self.inside.set()
        assert self.go_on.wait(10)
        if self.refuse is not None:
            raise self.refuse
        self.result = f"done with {self.root}"
        return "done"

    @act("Peeking …", needs=("root",))
    def peek(self) -> str:
        return self.root


def filled() -> Small:
    form = Small()
    form.root, form.password, form.agreed = "MyCA", PASSWORD, True
    return form


def test_an_untouched_form_complains_of_nothing_and_says_what_is_needed() -> None:
    form = Small()
    assert form.problems == {}
    assert form.blockers["do"] == ("File root is needed.", "Password is needed.", "Agree first.")
    assert form.blockers["peek"] == ("File root is needed.",)


def test_a_problem_stands_beside_its_field_as_soon_as_it_is_known() -> None:
    form = Small()
    form.root = "a b"
    assert form.problems == {"root": "Only the letters A-Z and a-z, digits, - and _ are allowed; no path, no ending."}
    assert form.blockers["peek"][0].startswith("File root: only the letters")
    form.root = ""
    assert form.problems == {"root": "This is needed."}
    form.number = "13"
    assert form.problems["number"] == "It is unlucky."


def test_a_field_that_is_not_on_the_form_blocks_nothing() -> None:
    form = filled()
    assert form.blockers["do"] == ()
    form.colour = "blue"
    assert form.blockers["do"] == ("Extra is needed.",)


def test_a_cell_may_set_a_number_and_no_other_thing() -> None:
    form = Small()
    form.number = 365
    assert form.number == "365"
    with pytest.raises(TraitError):
        form.number = True
    with pytest.raises(TraitError):
        form.colour = "green"


def test_a_blocked_act_is_refused_whoever_calls_and_shows_what_is_missing() -> None:
    form = Small()
    with pytest.raises(NotReady, match="File root is needed"):
        form.do()
    assert form.seen == []
    assert form.problems == {"root": "This is needed.", "password": "This is needed."}
    assert form.told is not None
    assert not form.told.good


def test_a_secret_is_emptied_whatever_came_of_the_act() -> None:
    form = filled()
    assert form.do() == "done"
    assert (form.seen, form.password, form.result) == ([PASSWORD], "", "done with MyCA")
    assert "password" not in form.problems
    form.password, form.refuse = PASSWORD, Unreachable("http://ca.lab.test", "nobody answers")
    with pytest.raises(Unreachable):
        form.do()
    assert form.password == ""
    form.password, form.refuse = PASSWORD, ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        form.do()
    assert form.password == ""
    assert form.working == ""


def test_an_act_takes_only_the_secrets_that_it_needs() -> None:
    form = filled()
    assert form.peek() == "MyCA"
    assert form.password == PASSWORD


def test_what_the_domain_refuses_stands_beside_its_field_until_that_is_changed() -> None:
    form = filled()
    form.refuse = InvalidField("File root", "it is in use already; choose another.")
    with pytest.raises(InvalidField):
        form.do()
    assert form.problems["root"] == "It is in use already; choose another."
    assert form.told.sentences[0].startswith("File root: it is in use already")
    form.root = "Other"
    assert "root" not in form.problems


def test_only_one_act_runs_at_a_time() -> None:
    form = filled()
    form.go_on.clear()
    thread = threading.Thread(target=form.do)
    thread.start()
    assert form.inside.wait(10)
    assert form.blocked("peek") == ("Doing it …",)
    with pytest.raises(NotReady, match="Doing it"):
        form.do()
    form.go_on.set()
    thread.join(10)
    assert form.seen == [PASSWORD]
    assert form.blocked("peek") == ()


def test_what_an_earlier_act_gave_back_is_put_away_when_a_later_one_fails() -> None:
    form = filled()
    form.do()
    form.password, form.refuse = PASSWORD, Unreachable("http://ca.lab.test", "nobody answers")
    with pytest.raises(Unreachable):
        form.do()
    assert form.result is None
    form.password, form.refuse = PASSWORD, None
    form.do()
    form.password, form.refuse = PASSWORD, ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        form.do()
    assert form.result is None


def test_an_act_that_is_blocked_puts_nothing_away() -> None:
    form = filled()
    form.do()
    with pytest.raises(NotReady):
        form.do()  # its password was emptied
    assert form.result == "done with MyCA"


def test_notes_of_an_error_are_told_with_it() -> None:
    form = filled()
    form.refuse = Unreachable("http://ca.lab.test", "nobody answers")
    form.refuse.add_note("Start the lab.")
    with pytest.raises(Unreachable):
        form.do()
    assert form.told.sentences[1:] == ("Start the lab.",)
