"""Parts of the models of a client's forms: what was done last, and the files of the root that is looked at (C7)."""

from __future__ import annotations

from traitlets import Any as AnyTrait

from pkilab.forms.model import FormModel
from pkilab.forms.ports import Client
from pkilab.model.own import OwnFiles


class Using(FormModel):
    """A form of a client's, which shows its last act under the hood."""

    hood = AnyTrait(None, allow_none=True)
    """The last act under the hood."""

    def __init__(self, client: Client) -> None:
        self.client = client
        super().__init__()

    def forget_result(self) -> None:
        """Forget what was done last, and what was told of it."""
        self.result = self.told = self.hood = None

    def clear(self) -> None:
        """Forget what was done last, and every secret."""
        self.forget_result()
        for name in self.fields:
            if self.about(name)["secret"]:
                setattr(self, name, "")
        self.untouch()


class UsingRoot(Using):
    """A form about the files of one root."""

    own = AnyTrait(None, allow_none=True)
    """The files of the root, an `OwnFiles`."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.observe(lambda _: self.recheck(), names="own")

    @property
    def key_open(self) -> bool:
        """Tell whether the root's key is known to ask for no password."""
        own: OwnFiles | None = self.own
        return own is not None and not own.key_encrypted

    def use(self, own: OwnFiles | None) -> None:
        """Take up another root; what was typed and done for the one before is forgotten."""
        before: OwnFiles | None = self.own
        self.own = own
        if own is None or before is None or before.root != own.root:
            self.clear()

    def absent(self, name: str) -> bool:
        """A key that lies open asks for no password."""
        return name == "password" and self.key_open
