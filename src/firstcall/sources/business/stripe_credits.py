"""What was given back through Stripe: by credit notes, and by refunds of payments of invoices?

A refund made for a credit note is known by the refund's id in both, so it counts once whichever is read first.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from firstcall.sources.business.billing_amounts import items, number, summed
from firstcall.sources.mapping.converters import CONVERTERS, MOST_PLACES
from firstcall.sources.mapping.mapping import Node, Rows, Skip, Unclear, constant, take

UNITS = CONVERTERS["stripe_units"]
PAID_BACK = "what it pays back is not in it; ask for refunds with expand[]=data.charge.invoice"


def amount_of(value: object, currency: str) -> Decimal | None:
    """Return an amount in minor units as an amount of the currency."""
    said = UNITS(value, currency)
    try:
        amount = Decimal(said or "NaN")
        return amount if amount.is_finite() and abs(amount.adjusted()) < MOST_PLACES else None
    except InvalidOperation:
        return None


def contained_tax(taxed: Any) -> Decimal:  # noqa: ANN401 - an invoice line or a credit note
    """Return the tax that an amount contains: of the new shape or the old; raises Unclear when it is not said."""
    said = ((t, t.get("tax_behavior") == "inclusive", "tax_behavior") for t in items(taxed.get("taxes")))
    if not items(taxed.get("taxes")):
        said = ((t, t.get("inclusive") is True, "inclusive") for t in items(taxed.get("tax_amounts")))
    found = Decimal(0)
    for tax, inclusive, name in said:
        if tax.get(name) is None and number(tax.get("amount")):
            raise Unclear(f"whether its amount contains the tax is not said: {name} is missing")
        found += number(tax.get("amount")) if inclusive else 0
    return found


def _untaxed(whole: Any, amount: Decimal) -> Decimal:  # noqa: ANN401 - an invoice or a credit note
    """Return what of an amount with tax is without it, as in the whole; in full minor units."""
    total = number(whole.get("total"), "total")
    net = whole.get("total_excluding_tax")
    if net is None and not any(name in whole for name in ("total_taxes", "tax_amounts", "total_tax_amounts")):
        raise Unclear("how much of it is tax is not said: total_excluding_tax is missing")
    taxes = summed(whole.get("total_taxes") or whole.get("total_tax_amounts") or whole.get("tax_amounts"))
    if not total:
        return Decimal(0)
    return (amount * (total - taxes if net is None else number(net)) / total).to_integral_value()


def _refunds(note: Any) -> dict[str, Decimal]:  # noqa: ANN401 - a credit note
    """Return how much of a credit note each of its refunds paid back, by its id."""
    listed = [each for each in items(note.get("refunds")) if each.get("refund")]
    if listed:
        return {_id(each["refund"]): number(each.get("amount_refunded")) for each in listed}
    refund = note.get("refund")
    if not refund:
        return {}
    if isinstance(refund, dict):
        return {_id(refund): number(refund.get("amount"))}
    if note.get("customer_balance_transaction") or note.get("out_of_band_amount"):
        raise Unclear("how much of it was refunded is not said; ask for it with expand[]=data.refund")
    return {_id(refund): number(note.get("total"), "total")}


def _id(named: Any) -> str:  # noqa: ANN401 - an id, or the object itself
    return str(named.get("id") if isinstance(named, dict) else named)


def _rest(note: Any, currency: str) -> str | None:  # noqa: ANN401 - a credit note
    """Return what a credit note gives back otherwise than by refunds."""
    whole = number(note.get("total"), "total")
    refunded = sum(_refunds(note).values(), Decimal(0))
    return UNITS(_untaxed(note, whole) - _untaxed(note, refunded), currency)


def _all_refunded(node: Node) -> bool:
    refunds = _refunds(node.value)
    return bool(refunds) and sum(refunds.values()) >= number(node.value.get("total"), "total")


def _by_note(refund: Any, currency: str) -> str | None:  # noqa: ANN401 - {credit note, refund}
    """Return what one refund of a credit note gives back."""
    note = refund["note"]
    return UNITS(_untaxed(note, _refunds(note)[refund["id"]]), currency)


def _by_charge(refund: Any, currency: str) -> str | None:  # noqa: ANN401 - a refund
    """Return what a refund gives back of the invoice that the charge paid."""
    invoice = Node(refund).find("charge.invoice")
    if not isinstance(invoice, dict):
        raise Unclear(PAID_BACK)
    return UNITS(_untaxed(invoice, number(refund.get("amount"))), currency)


def _refund_items(node: Node) -> list[Any]:
    note, whole = node.value, node.value.get("refund")
    made = {_id(each): each.get("created") for each in (whole,) if isinstance(each, dict)}
    made |= {
        _id(r): r.get("created") for e in items(note.get("refunds")) if isinstance(r := e.get("refund"), dict)
    }
    return [{"id": name, "created": made.get(name), "note": note} for name in _refunds(note)]


def _refunded(node: Node) -> bool:
    note = node.value
    return note.get("object") == "credit_note" and note.get("status") != "void" and _names_refund(note)


def _names_refund(note: Any) -> bool:  # noqa: ANN401 - a credit note
    return bool(note.get("refund") or any(each.get("refund") for each in items(note.get("refunds"))))


def _of_no_invoice(node: Node) -> bool:
    charge = node.find("charge")
    return isinstance(charge, dict) and "invoice" in charge and charge["invoice"] is None


def _line(line_id: str, **columns: Any) -> dict[str, Any]:  # noqa: ANN401 - columns as Take
    made = take("effective_at", "created", read="epoch_seconds")
    return {
        "line_id": take(line_id),
        "kind": constant("refund"),
        "period_start": made,
        "period_end": made,
        "currency": take("currency"),
        "issued_at": made,
        "paid_at": made,
        **columns,
    }


NOTE = _line(
    "id",
    invoice_id=take("invoice.id", "invoice", "id"),
    partner_id=take("customer.id", "customer"),
    kind=constant("credit"),
    amount=take("", read=_rest),
)
REFUND = _line(
    "id",
    invoice_id=take("charge.invoice.id", "id"),
    partner_id=take("charge.customer.id", "charge.customer", "charge.invoice.customer"),
    amount=take("", read=_by_charge),
)
NOTE_REFUND = REFUND | {
    "invoice_id": take("^.invoice.id", "^.invoice", "^.id"),
    "partner_id": take("^.customer.id", "^.customer"),
    "currency": take("^.currency"),
    "amount": take("", read=_by_note),
} | dict.fromkeys(
    ("period_start", "period_end", "issued_at", "paid_at"),
    take("created", "^.effective_at", "^.created", read="epoch_seconds"),
)  # fmt: skip


def credit_rows(test: tuple[Skip, ...]) -> tuple[Rows, ...]:
    """Return the rows of credit notes and refunds; `test` says which of them are test data."""
    of_test = tuple(Skip({"charge.livemode": ("false",)}, each.why) for each in test)
    return (
        Rows("invoice_lines", NOTE, {"object": ("credit_note",)}, version="^.created", skip=(
            *test,
            Skip({"status": ("void",)}, "void credit notes", ends=True),
            Skip(_all_refunded, "credit notes that were refunded, which count as refunds"),
        )),
        Rows("invoice_lines", NOTE_REFUND, _refunded, each=_refund_items, version="^.^.created", skip=test),
        Rows("invoice_lines", REFUND, {"object": ("refund",)}, version="^.created", skip=(
            *of_test,
            Skip({"status": ("failed", "canceled", "requires_action")}, "refunds not made", ends=True),
            Skip(_of_no_invoice, "refunds of payments without an invoice, which never counted"),
        )),
    )  # fmt: skip
