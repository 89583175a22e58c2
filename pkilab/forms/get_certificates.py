"""Get certificates (C4, C5): the CA's own, this instance's, and all that the CA issued."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

import ipywidgets as widgets
from traitlets import Int, Unicode

from pkilab.errors import InvalidField, PkilabError
from pkilab.forms.explaining import explain_it
from pkilab.forms.fields import field, html
from pkilab.forms.model import act
from pkilab.forms.own_files import downloads
from pkilab.forms.paged_view import PagedView
from pkilab.forms.paging import PAGE, Paged
from pkilab.forms.parts.table import Column, RowAction, TableRow
from pkilab.forms.ports import Client
from pkilab.forms.traits import line, tick
from pkilab.forms.view import Surroundings, act_button, bar, card
from pkilab.model.acts import Saved
from pkilab.model.certificate import ListedCertificate, ListedPage
from pkilab.model.names import check_root
from pkilab.views import hood, words
from pkilab.views import html as views


class GetCertificates(Paged):
    """What the CA lists, in pages, and fetching from it."""

    mine = tick("Only certificates for this instance")
    root = line("File root", hint="The name under which it is saved here.", check=check_root)
    waiting = Unicode("")
    """The file root of a request whose certificate is waited for."""
    arrived = Int(None, allow_none=True)
    """The number of the certificate that was waited for."""

    narrowing = ("search", "mine")

    def __init__(self, client: Client) -> None:
        self.client = client
        super().__init__()
        self.asked_for: int | None = None
        """The number of a certificate that needs another name here."""
        self.renamed = False
        """Whether the last certificate was saved under another name than the server's."""
        self._known: frozenset[int] = frozenset()

    def hindrances(self, act: str) -> tuple[str, ...]:
        """An instance asks only once it is configured as a client."""
        del act
        if not self.client.configured:
            return ("Configure this instance as a CA client first.",)
        return ()

    @property
    def known(self) -> frozenset[int]:
        """Return the numbers that were known before one was waited for."""
        return self._known

    @act("Asking the CA …", needs=())
    def ask(self) -> ListedPage:
        """Return the page of the list that one is at, as it is now.

        Raises:
            PkilabError: as `client.certificates`.
        """
        return self._ask()

    def look_again(self) -> None:
        """Ask again quietly; what goes wrong is told beside the list."""
        if self.working or self.blocked("ask"):
            return
        with suppress(PkilabError):
            self._ask()

    def wait_for(self, root: str, known: Collection[int]) -> None:
        """Wait for a certificate of this instance under a file root, other than those known before.

        Raises:
            InvalidField: it is no file root.
        """
        self._known = frozenset(known)
        self.waiting, self.arrived = check_root(root), None

    @act("Fetching the CA certificate …", needs=())
    def get_ca_certificate(self) -> Saved:
        """Fetch the CA's certificate and its chain, and save both (C4).

        Raises:
            PkilabError: as `client.get_ca_certificate`.
        """
        self.result = self.client.get_ca_certificate()
        return self.result

    @act("Fetching the certificate …", needs=("root",))
    def get(self, number: int) -> Saved:
        """Fetch a certificate and save it under the server's file root, or under `root` (C5).

        Raises:
            InvalidField: the server's file root cannot be a file's name here; fill in `root` and ask again.
            PkilabError: as `client.get`.
        """
        self.renamed = bool(self.root.strip())
        try:
            self.result = self.client.get(number, root=self.root.strip() or None)
        except InvalidField:
            self.asked_for = number
            raise
        self.asked_for, self.root = None, ""
        if number == self.arrived:
            self.waiting = ""
        return self.result

    def _ask(self) -> ListedPage:
        with self.reaching():
            found: ListedPage = self.client.certificates(
                search=self.search, mine=self.mine, after=self.after, limit=PAGE
            )
        self.page = found
        if self.waiting and self.arrived is None:
            own = self.client.certificates(search=self.waiting, mine=True, limit=500).certificates
            new = [each.number for each in own if each.root == self.waiting and each.number not in self._known]
            self.arrived = new[-1] if new else None
        return found


class GetCertificatesView(PagedView):
    """The form: the CA's certificate, then the list."""

    form: GetCertificates

    def __init__(self, form: GetCertificates, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Get certificates",
            lead="Fetch the CA's certificate once, and each certificate as soon as it was issued. "
            "They are saved in the manager directory, this instance's own folder.",
            table={
                "caption": "Certificates of this CA",
                "columns": [
                    Column(key="number", label="Number"),
                    Column(key="host", label="Host"),
                    Column(key="instance", label="Instance"),
                    Column(key="root", label="File root"),
                    Column(key="subject", label="Subject"),
                    Column(key="validity", label="Valid until"),
                    Column(key="state", label="Status"),
                ],
                "empty": "This CA lists no certificate that fits. Submit a request, and let its operator verify and "
                "issue it.",
                "on_act": self._pressed,
            },
        )
        self._fetch_ca = act_button(form, "get_ca_certificate", "Get the CA certificate", around.guard, main=True)
        self._waiting = widgets.VBox()
        self._result = widgets.VBox()
        self._other = widgets.VBox()
        form.observe(lambda _: self._show(), names=["page", "unreached"])
        form.observe(lambda _: self._saved(), names="result")
        form.observe(lambda _: self.look(), names="mine")
        form.observe(lambda _: self._wait(), names=["waiting", "arrived"])
        self.fill(
            self._waiting,
            card(
                "The CA's certificate",
                self._fetch_ca,
                why="It says whom to trust. Compare its fingerprint with the CA's operator before you do.",
            ),
            self._result,
            self._other,
            card("Issued certificates", field(form, "mine"), self.unreached, self.table),
        )

    def refresh(self) -> None:
        """Ask the CA again."""
        self.form.recheck()
        self.form.look_again()
        self._show()

    def opened(self, **words: str) -> None:
        """Wait for the certificate of a request, where the desk says which; or fetch the CA's, where it says so."""
        if words.get("fetch") == "ca":
            self.around.guard.start(self.form, self.form.get_ca_certificate)
        with suppress(InvalidField):
            if words.get("waiting"):
                known = [int(number) for number in words.get("known", "").split(",") if number.isdecimal()]
                self.form.wait_for(words["waiting"], known)
                self.form.result = None

    def kept(self) -> dict[str, str]:
        """Return what is waited for."""
        form = self.form
        return {"waiting": form.waiting, "known": ",".join(map(str, sorted(form.known)))} if form.waiting else {}

    def _wait(self) -> None:
        root, number = self.form.waiting, self.form.arrived
        if not root:
            self._waiting.children = ()
        elif number is None:
            self._waiting.children = (
                card(
                    f"Waiting for the certificate of {root}",
                    why="The CA's operator calls the contact and asks for the fingerprint, then issues it. "
                    "This page looks every second; you may leave it.",
                ),
            )
        else:
            fetch = self.button(
                "Get it", lambda: self.around.guard.start(self.form, lambda: self._get(number)), main=True
            )
            self._waiting.children = (card(f"Certificate {number} of {root} was issued", bar(fetch)),)

    def look(self) -> None:
        """Ask the CA for the page, quietly."""
        self.around.guard.aside(self.form.look_again, lambda _: None)

    def _pressed(self, row: str, act: str) -> None:
        if act == "get":
            self.around.guard.start(self.form, lambda: self._get(int(row)))

    def _get(self, number: int) -> None:
        try:
            self.form.get(number)
        finally:
            self._ask_for_a_name()

    def _ask_for_a_name(self) -> None:
        """Ask for another name where the server's cannot be a file's."""
        number = self.form.asked_for
        if number is None:
            self._other.children = ()
            return
        save = self.button(
            f"Get certificate {number}",
            lambda: self.around.guard.start(self.form, lambda: self._get(number)),
            main=True,
        )
        self._other.children = (
            card("Another name", field(self.form, "root"), bar(save), why="Its name at the CA cannot be used here."),
        )

    def _saved(self) -> None:
        saved: Saved | None = self.form.result
        if saved is None:
            self._result.children = ()
            self._fetch_ca.button.add_class("pkilab-go")
            return
        self._fetch_ca.button.remove_class("pkilab-go")
        under = hood.get(saved, instance=self.form.client.instance, renamed=self.form.renamed)
        self._result.children = (
            html(views.draw(saved, under=under)),
            bar(*self._next(saved), *explain_it(self, "file", name=f"{saved.root}.cer")),
            downloads(self.form.client, saved.root, self.around.guard),
        )

    def _next(self, saved: Saved) -> list[widgets.Widget]:
        """Return the button of a client's next step: to a request of its own, or to what a certificate is for."""
        go, root = self.around.go, saved.root
        if go is None or not self.around.for_client:
            return []
        if saved.number:
            label = "Use it" if saved.key_path else "Look at it"
            return [self.button(label, lambda: go("own", root=root), main=saved.key_path is not None)]
        if self.form.waiting:
            return []
        if (waits := self._waiting_root()) is not None:
            root, known = waits
            label = f"Get the certificate of {root}"
            return [self.button(label, lambda: go("get_certificates", waiting=root, known=known), main=True)]
        return [self.button("Submit a request", lambda: go("submit"), main=True)]

    def _waiting_root(self) -> tuple[str, str] | None:
        """Return a file root whose certificate is not here yet, and the number of the one that it renews, if any."""
        waits = next((each for each in self.form.client.own(ask=False) if each.waiting), None)
        if waits is None:
            return None
        return waits.root, str(waits.certificate.serial) if waits.certificate is not None else ""

    def _show(self) -> None:
        page: ListedPage | None = self.form.page
        self.say_unreached(self.form.unreached or " ".join(self.form.hindrances("ask")))
        if page is not None:
            of = words.counted(page.total, "certificate", "certificates")
            self.show_rows([_row(each) for each in page.certificates], of)


def _row(each: ListedCertificate) -> TableRow:
    return TableRow(
        id=str(each.number),
        name=f"certificate {each.number}, {each.root}",
        cells=(
            str(each.number),
            each.host,
            each.instance,
            each.root,
            each.subject or "–",
            words.day(each.not_after) if each.not_after else "–",
            each.status or "–",
        ),
        actions=(RowAction(act="get", label="Get"),),
    )
