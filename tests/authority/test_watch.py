"""What runs out is told: on pages by alerts, by mail once (X2, X3)."""

import time
from datetime import timedelta

import pytest
from cryptography import x509

from pkilab.authority import watch
from pkilab.errors import InvalidField, RegistryError
from pkilab.model.contact import Contact
from pkilab.store import reminders
from tests.scene import CA_PASSWORD, Scene

PUBLIC = "http://pki.lab.test:52773"


def about(scene: Scene) -> list[tuple[str, bool]]:
    return [(alert.about, alert.over) for alert in scene.ca.alerts()]


def test_a_ca_that_never_published_is_warned_only_where_its_certificates_name_addresses(configured: Scene) -> None:
    assert about(configured) == []
    configured.ca.change(public_url=PUBLIC)
    assert about(configured) == [("crl", True), ("responder", True)]
    assert configured.ca.remind() == 0  # there is no day that it is about


def test_the_last_list_and_the_responder_are_warned_about_in_their_last_quarter_and_when_over(
    configured: Scene,
) -> None:
    configured.ca.publish_crl(password=CA_PASSWORD)
    configured.ca.renew_responder(password=CA_PASSWORD)
    configured.clock.forward(days=22)
    assert about(configured) == []
    configured.clock.forward(days=1)
    assert about(configured) == [("crl", False), ("responder", False)]
    assert "runs out on 23 December 2026" in str(configured.ca.alerts()[0])
    configured.clock.forward(days=8)
    assert about(configured) == [("crl", True), ("responder", True)]
    assert "refuses all that this CA issued" in str(configured.ca.alerts()[0])
    configured.ca.publish_crl(password=CA_PASSWORD, ahead=2)
    configured.ca.renew_responder(password=CA_PASSWORD)
    assert about(configured) == []


def test_a_series_is_warned_about_at_its_end_alone(configured: Scene) -> None:
    configured.ca.publish_crl(password=CA_PASSWORD, ahead=2)
    configured.clock.forward(days=70)
    assert about(configured) == []
    configured.clock.forward(days=7)
    assert about(configured) == [("crl", False)]


def test_the_cas_own_end_is_warned_about(scene: Scene) -> None:
    scene.configure(ca_days=100)
    scene.clock.forward(days=70)
    assert about(scene) == [("ca", False)]
    scene.clock.forward(days=31)
    assert about(scene) == [("ca", True)]


def test_the_administrator_is_mailed_once_when_it_is_soon_and_once_when_it_is_over(configured: Scene) -> None:
    configured.ca.publish_crl(password=CA_PASSWORD)
    sent = len(configured.outbox())
    for days, mails in ((22, 0), (1, 1), (1, 0), (6, 1), (100, 0)):
        configured.clock.forward(days=days)
        assert configured.ca.remind() == mails
    mail = configured.outbox()[sent]
    assert mail.recipient == "ca-admin@myca.lab.test"
    assert "publish-crl" in mail.body


def test_contacts_are_mailed_at_each_of_the_days_ahead_once(configured: Scene) -> None:
    configured.issue(configured.submit())
    configured.issue(configured.submit("Silent", contact=Contact("Bob")))
    sent = len(configured.outbox())
    configured.clock.forward(days=335)
    assert configured.lab.remind() == 2
    assert configured.lab.remind() == 0
    mine, silent = configured.outbox()[sent:]
    assert mine.recipient == "ana@lab.test"
    assert mine.subject == "Your certificate SantiagoDev, number 1, expires in 30 days"
    assert "client renew --root SantiagoDev" in mine.body
    assert silent.recipient == "ca-admin@myca.lab.test"
    assert "tell them" in silent.body
    configured.clock.forward(days=29.6)
    assert configured.lab.remind() == 2
    assert "in less than a day" in configured.outbox()[-1].subject


def test_what_is_revoked_is_not_reminded_of_and_the_days_can_be_chosen(configured: Scene) -> None:
    configured.ca.change(remind_days=[10])
    number = configured.issue(configured.submit()).number
    configured.clock.forward(days=340)
    assert configured.lab.remind() == 0
    configured.ca.revoke(number, reason="superseded", password=CA_PASSWORD)
    configured.clock.forward(days=20)
    assert configured.lab.remind() == 0
    configured.ca.change(remind_days=[])
    assert configured.ca.settings.remind_days == ()


def test_more_than_one_transaction_holds_are_all_mailed(configured: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "AT_ONCE", 2)
    for at in range(5):
        configured.issue(configured.submit(f"Host{at}"))
    configured.clock.forward(days=360)
    assert configured.lab.remind() == 5


def until(found: object) -> bool:
    end = time.monotonic() + 20
    while not found():  # type: ignore[operator]
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_the_watch_reminds_in_the_background_and_one_of_several_does(configured: Scene) -> None:
    configured.issue(configured.submit())
    sent = len(configured.outbox())
    configured.clock.forward(days=335)
    with configured.lab.watch(tick=0.02) as first, configured.lab.watch(tick=0.02):
        assert until(lambda: len(configured.outbox()) > sent)
        first.stop()
        configured.clock.forward(days=23)
        assert until(lambda: len(configured.outbox()) > sent + 1)
    assert len(configured.outbox()) == sent + 2


def test_the_watch_outlives_trouble(configured: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    configured.issue(configured.submit())
    sent = len(configured.outbox())
    configured.clock.forward(days=335)
    troubles = [RegistryError("there", "it is busy"), ZeroDivisionError()]
    expiring = reminders.expiring

    def stumble(*given: object, **how: object) -> object:
        if troubles:
            raise troubles.pop()
        return expiring(*given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(reminders, "expiring", stumble)
    with configured.lab.watch(tick=0.02):
        assert until(lambda: len(configured.outbox()) > sent)
    assert troubles == []


def test_settings_are_changed_and_told(configured: Scene) -> None:
    done = configured.ca.change(public_url=f"{PUBLIC}/", crl_days=7, responder_days=2, remind_days=[1, 14])
    assert configured.ca.settings == done.settings
    assert (done.settings.public_url, done.settings.crl_days) == (PUBLIC, 7)
    assert done.settings.remind_days == (14, 1)
    assert f"{PUBLIC}/MyCA/crl" in done.message
    entry = configured.ca.journal()[-1]
    assert entry.act == "settings changed"
    assert entry.facts["remind_days"] == "14, 1"
    crl = configured.ca.publish_crl(password=CA_PASSWORD).lists[0]
    assert crl.next_update - crl.this_update == timedelta(days=7)
    assert "no address" in configured.ca.change(public_url="").message


@pytest.mark.parametrize(
    "wish",
    [{}, {"crl_days": 0}, {"crl_days": 4000}, {"responder_days": "3"}, {"remind_days": [0]}, {"public_url": "x"}],
)
def test_settings_that_make_no_sense_change_nothing(configured: Scene, wish: dict[str, object]) -> None:
    before = configured.ca.settings
    with pytest.raises(InvalidField):
        configured.ca.change(**wish)  # type: ignore[arg-type]
    assert configured.ca.settings == before


def test_what_is_issued_names_the_addresses_once_they_are_known(configured: Scene) -> None:
    plain = configured.issue(configured.submit()).certificate.certificate
    configured.ca.change(public_url=PUBLIC)
    named = configured.issue(configured.submit("Second")).certificate.certificate
    found = x509.load_der_x509_certificate(named.der).extensions
    points = found.get_extension_for_class(x509.CRLDistributionPoints).value
    assert [name.value for name in points[0].full_name or ()] == [f"{PUBLIC}/MyCA/crl"]
    access = found.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [each.access_location.value for each in access] == [f"{PUBLIC}/MyCA/ocsp", f"{PUBLIC}/MyCA/ca.cer"]
    with pytest.raises(x509.ExtensionNotFound):
        x509.load_der_x509_certificate(plain.der).extensions.get_extension_for_class(x509.CRLDistributionPoints)
