"""Which column of a table does a heading mean that people have written in their own words, in English or German?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from firstcall.sources.tables.delimited import normal

_SINCE = (
    "signup date|sign up date|signed up|signup|registered|registered on|registration date|customer since|since|created|"
    "created on|created at|creation date|joined|join date|onboarded|start date|registriert|registriert am|"
    "registrierungsdatum|anmeldedatum|angemeldet am|kunde seit|partner seit|seit|erstellt am|vertragsbeginn"
)
_PARTNER = (
    "customer id|customer number|customer no|account id|account number|account no|client id|client number|company id|"
    "partner number|partner no|kundennummer|kunden nr|kundennr|kdnr|kunden id|debitor|debitorennummer|partnernummer|"
    "partner nr|firmennummer"
)
_COMPANY = (
    "company|company name|customer|customer name|partner|partner name|account|account name|organisation|organization|"
    "client|client name|firma|firmenname|kunde|kundenname|unternehmen|partnername|name"
)
_KEY = "api key|apikey|api keys|key|app key|access key|api schlüssel|schlüssel|api user|username|user name|benutzername"
_WORDS = {
    "partners": {
        "partner_id": f"{_PARTNER}|id",
        "name": _COMPANY,
        "registered_at": _SINCE,
        "segment": "customer segment|kundensegment|kundengruppe|segment",
        "country": "country code|land|ländercode",
        "channel": "acquisition channel|kanal|herkunft",
        "manager": "partner manager|account manager|account owner|owner|betreuer|kundenbetreuer",
    },
    "credentials": {
        "consumer": _KEY,
        "partner_id": f"{_PARTNER}|{_COMPANY}",
        "app": "application|app name|anwendung",
        "valid_from": "valid from|issued|issued on|gültig ab|ausgestellt am",
        "valid_to": "valid to|valid until|expires|expires on|gültig bis|läuft ab",
    },
    "developers": {
        "developer_id": "user id|user|benutzer|benutzer id|developer|entwickler",
        "partner_id": f"{_PARTNER}|{_COMPANY.removesuffix('|name')}",
        "signed_up_at": _SINCE,
        "name": "full name|vollständiger name",
        "email_hash": "e mail|email|email address|e mail address|mail|e mail adresse|email adresse",
    },
    "invoice_lines": {
        "line_id": "line id|line no|line number|position|pos|positionsnummer|item id|id",
        "invoice_id": "invoice|invoice no|invoice number|invoice nr|rechnung|rechnungsnummer|rechnungs nr|rechnungsnr|"
        "beleg|belegnummer|beleg nr|number|nummer",
        "partner_id": f"{_PARTNER}|{_COMPANY}",
        "product": "api product|service|produkt|leistung",
        "kind": "type|category|art|typ|kategorie",
        "period_start": "period from|service start|service from|from|leistung von|leistungsbeginn|zeitraum von|von",
        "period_end": "period to|service end|service to|to|until|leistung bis|leistungsende|zeitraum bis|bis",
        "units": "quantity|qty|menge|anzahl",
        "amount": "net amount|amount net|net|net total|total net|betrag|nettobetrag|betrag netto|netto|summe netto",
        "currency": "währung|waehrung",
        "issued_at": "invoice date|issue date|issued|issued on|date|billed on|rechnungsdatum|datum|belegdatum",
        "paid_at": "paid|paid on|payment date|bezahlt|bezahlt am|zahlungsdatum",
    },
}
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        table: {column: (column.replace("_", " "), *said.split("|")) for column, said in columns.items()}
        for table, columns in _WORDS.items()
    }
)
"""Table → column → headings that mean it, those that mean it surely first."""
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "abo": "subscription", "abonnement": "subscription", "plan": "subscription", "grundgebühr": "subscription",
        "recurring": "subscription", "flat": "subscription", "licence": "subscription", "license": "subscription",
        "metered": "usage", "nutzung": "usage", "verbrauch": "usage", "calls": "usage", "mehrverbrauch": "overage",
        "einmalig": "one_off", "setup": "one_off", "einrichtung": "one_off", "credit note": "credit",
        "gutschrift": "credit", "erstattung": "refund", "rückerstattung": "refund", "steuer": "tax", "ust": "tax",
        "mwst": "tax", "vat": "tax",
    }
)  # fmt: skip
"""What lines of an invoice are called → kind."""


def plain(heading: str) -> str:
    """Return a heading as headings are compared: small letters, single blanks, no signs."""
    return " ".join(re.sub(r"[^\w]+", " ", normal(heading).replace("_", " ")).split())


def without_remark(heading: str) -> str:
    """Return a heading without what stands in brackets behind it, as in `Amount (EUR)`."""
    return re.sub(r"\s*[(\[].*[)\]]\s*$", "", heading)


def meant(table: str, headings: Sequence[str]) -> Mapping[str, str]:
    """Return which heading means which column of a table; each heading means one column, each column is meant once.

    The surer word goes first: `Customer` is a name beside `Customer number`, and the partner where it stands alone.
    """
    known = {
        plain(said): heading for heading in reversed(headings) for said in (without_remark(heading), heading)
    }
    found: dict[str, str] = {}
    for column, words in WORDS.get(table, {}).items():
        for word in words:
            heading = known.get(plain(word))
            if heading is not None and heading not in found.values():
                found[column] = heading
                break
    return found
