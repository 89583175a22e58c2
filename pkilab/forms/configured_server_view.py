"""A CA server that is configured: its settings, its certificate, its chain, and *Start over* (S8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from pkilab.errors import NotConfigured, PkilabError
from pkilab.forms.configured_server import EncryptKey
from pkilab.forms.fields import Words, field, html
from pkilab.forms.guard import Guard
from pkilab.forms.model import Told
from pkilab.forms.view import Surroundings, act_button, bar, button, card, status
from pkilab.model.acts import Found
from pkilab.views import html as views
from pkilab.views.settings import ca_settings

if TYPE_CHECKING:
    from pkilab.forms.configure_server import ConfigureServer


def encrypt_card(form: EncryptKey, guard: Guard) -> widgets.VBox:
    """Return the card that encrypts a private key that lies open; then it says that it is encrypted."""
    inside = widgets.VBox()

    def shown() -> None:
        inside.children = (html(views.draw(form.result)),)

    inside.children = (
        card(
            "The private key is not encrypted",
            field(form, "password"),
            field(form, "confirmation"),
            act_button(form, "encrypt", "Encrypt it in place", guard, done=shown, main=False),
            status(form),
            why="Whoever reads its file can issue in this CA's name. A password protects it.",
        ),
    )
    return inside


class ConfiguredServer(widgets.VBox):
    """What a configured CA server is, and *Start over*.

    Args:
        form: the model, whose server this is.
        around: guard, and ways to other tasks.
    """

    def __init__(self, form: ConfigureServer, around: Surroundings) -> None:
        self.form = form
        self.around = around
        self._settings = html("")
        self._key = widgets.VBox()
        self._certificates = html("")
        self._over = widgets.VBox()
        self._told = status(form.start_over)
        self._seen: object = None
        self._over_open = False
        super().__init__([self._settings, self._key, self._certificates, self._over])
        self.add_class("pkilab-stack")
        self._offer()
        self.refresh()

    def refresh(self) -> None:
        """Show the settings, the files and the certificate as they are now."""
        server = self.form.server
        try:
            settings, certificate = server.settings, server.ca_certificate()
        except NotConfigured:
            return
        found = self._found(settings.root, settings.directory)
        chain = server.chain()
        seen = (settings, certificate, found, chain)
        if seen != self._seen:
            self._seen = seen
            self._settings.value = views.sheet(ca_settings(settings, found))
            self._certificates.value = views.draw(certificate) + views.draw(chain)
            self._offer_to_encrypt(found)
        if self._over_open:
            self.form.start_over.look()

    def _found(self, root: str, directory: str) -> Found | None:
        try:
            return self.form.server.look(root=root, directory=directory)
        except PkilabError:  # a medium that cannot be read now is no trouble of this page
            return None

    def _offer_to_encrypt(self, found: Found | None) -> None:
        lies_open = found is not None and found.key is not None and not found.key_encrypted
        if lies_open:
            self._key.children = (encrypt_card(self.form.encrypt_key, self.around.guard),)
        elif self.form.encrypt_key.result is None:
            self._key.children = ()

    # --- starting over ----------------------------------------------------------------------------------------

    def _button(self, label: str, pressed: Callable[[], object], *, danger: bool = False) -> widgets.Button:
        form = self.form.start_over

        def tell(told: Told) -> None:
            form.told = told

        return button(label, lambda: self.around.guard.now(pressed, tell), danger=danger)

    def _offer(self) -> None:
        self._over_open = False
        self.form.start_over.name_typed = ""
        self.form.start_over.untouch()
        self._over.children = (
            bar(self._button("Start over …", self._ask, danger=True)),
            self._told,
        )

    def _ask(self) -> None:
        """State the effects, and ask for the instance's name."""
        form = self.form.start_over
        self._over_open = True
        effects = Words("p", "pkilab-effects")

        def show(_: object = None) -> None:
            effects.words = form.effects

        form.observe(show, names="effects")
        show()
        self.around.guard.start(form, form.look)
        typed = field(form, "name_typed", mono=True)
        instance = Words("p", "pkilab-hint", f"Type {form.server.instance} to confirm.")
        typed.children = (typed.children[0], instance, *typed.children[1:])
        act = act_button(form, "reinitialize", "Start over", self.around.guard, main=False, danger=True)
        act.children = (act.children[0], self._button("Leave it as it is", self._offer), *act.children[1:])
        effects.add_class("pkilab-words")
        self._over.children = (card("Start over", effects, typed, act), self._told)
