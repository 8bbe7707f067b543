"""What the canary does as a customer would, through the services behind the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..canary_ports import PublishedLists, RequestMaker
from ..domain.accounts import Account, AgreementAcceptance
from ..domain.canary import ACCOUNT, ACCOUNT_NAME, LIFE_DAYS, PRINCIPAL, PRODUCT, CanaryRun
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.dossier import Dossier
from ..domain.errors import Unavailable
from ..domain.method_wishes import MethodWish
from ..domain.order import OrderDetails
from ..domain.products import PRODUCTS
from ..domain.revocation import RevocationReason
from ..domain.traces import traced
from ..domain.validity import DurationWish
from ..domain.wishes import OrderWish
from ..packet_ports import PacketStore
from ..ports import CertificateStore
from .accounts import DEPLOYMENT
from .agreement import accept_agreement, has_accepted
from .cancelling import cancel_order
from .idempotency import OnceOnly, Token, recall
from .new_orders import RegistrationPolicy
from .placing import RegistrationPorts
from .registration import place_order, read_order
from .revocation import OrderTarget, request_revocation

_WORD = "canary"
_CANCELLABLE = frozenset({CertificateStatus.AWAITING_APPROVAL, CertificateStatus.PENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderingPorts:
    """What a customer and the services behind the API work with."""

    registration: RegistrationPorts
    policy: RegistrationPolicy
    store: CertificateStore
    packets: PacketStore
    lists: PublishedLists
    requests: RequestMaker
    agreement: str  # the version in force
    dcv_domain: str


def order(run: CanaryRun, ports: OrderingPorts) -> Dossier:
    """The run's order: placed now, or before by whoever was cut off then.

    Raises VouchsafeError where it is refused, Conflict when a twin was faster, and Unavailable.
    """
    _open_account(ports)
    dossier = placed_before(run, ports)
    if dossier is not None:
        return dossier
    wish = OrderWish(
        common_name=run.name,
        csr=ports.requests.request(run.name),
        method=MethodWish(),
        order_validity=DurationWish(days=LIFE_DAYS),
        details=OrderDetails(quiet=True, extras={"comments": _WORD}),
    )
    once: OnceOnly[Dossier] = OnceOnly(token=_token(run), render=lambda _: (201, None))
    placed = place_order(
        wish,
        PRODUCTS[PRODUCT],
        PRINCIPAL,
        once=once,
        policy=ports.policy,
        ports=ports.registration,
    )
    return placed.dossier


def placed_before(run: CanaryRun, ports: OrderingPorts) -> Dossier | None:
    """The order of the run as it stands; None before it was placed."""
    order_id = run.order_id
    if order_id is None:
        used = recall(_token(run), ledger=ports.registration.ledger)
        order_id = used.order_id if used else None
    if order_id is None:
        return None
    return read_order(order_id, PRINCIPAL, ledger=ports.registration.ledger)


def chain_of(certificate: Certificate, ports: OrderingPorts) -> tuple[bytes, ...]:
    """The certificate as it stands in the store and all above it, DER, the root last.

    Raises Unavailable when it cannot be read.
    """
    assert certificate.issued is not None, "asked for after the issue alone"
    leaf = ports.store.get(certificate.certificate_id)
    issuer = ports.registration.issuers.get(certificate.issued.issuer_id)
    if leaf is None or issuer is None:
        raise Unavailable(f"certificate {certificate.certificate_id} cannot be read")
    return leaf, issuer.certificate, *issuer.intermediates, issuer.root


def revoke(order_id: int, ports: OrderingPorts) -> None:
    """Have everything of the order revoked, as an administrator may without an approver.

    Asking again starts what was not started. Raises VouchsafeError and Unavailable.
    """
    outside = ports.registration
    request_revocation(
        OrderTarget(order_id),
        PRINCIPAL,
        reason=RevocationReason.CESSATION_OF_OPERATION,
        comments=_WORD,
        skip_approval=True,
        ledger=outside.ledger,
        clock=outside.clock,
        entropy=outside.entropy,
        workflow=outside.workflow,
    )


def give_up(run: CanaryRun, ports: OrderingPorts) -> bool:
    """Cancel or revoke what the run has ordered; False while it is being issued.

    Raises VouchsafeError where it moved on meanwhile, and Unavailable.
    """
    dossier = placed_before(run, ports)
    status = dossier.newest.status if dossier else None
    if dossier is None or status is CertificateStatus.PROCESSING:
        return dossier is None
    order_id, outside = dossier.order.order_id, ports.registration
    if status is CertificateStatus.VALID:
        revoke(order_id, ports)
    elif status in _CANCELLABLE:
        cancel_order(
            order_id,
            PRINCIPAL,
            note=_WORD,
            ledger=outside.ledger,
            clock=outside.clock,
            entropy=outside.entropy,
        )
    return True


def _token(run: CanaryRun) -> Token:
    return Token(account_id=ACCOUNT, key=f"{_WORD} {run.name}", fingerprint=_WORD)


def _open_account(ports: OrderingPorts) -> None:
    """Make the account where it is missing, and accept the agreement in force for it."""
    outside = ports.registration
    account = outside.accounts.account(ACCOUNT)
    if account is None:
        _make_account(ports, outside.clock.now())
    elif not has_accepted(account, ports.agreement):
        accept_agreement(
            ports.agreement,
            ports.agreement,
            PRINCIPAL,
            once=None,
            accounts=outside.accounts,
            ledger=outside.ledger,
            clock=outside.clock,
            entropy=outside.entropy,
        )


def _make_account(ports: OrderingPorts, now: datetime) -> None:
    """The account, without a person and without a key. Raises Conflict when a twin made it."""
    account = Account(
        account_id=ACCOUNT,
        name=ACCOUNT_NAME,
        created_at=now,
        root_container_id=ACCOUNT,
        agreement=AgreementAcceptance(
            version=ports.agreement, accepted_at=now, user_id=PRINCIPAL.user_id
        ),
    )
    change = Change(
        change_id=new_change_id(now, ports.registration.entropy.bytes(NOISE_BYTES)),
        account_id=ACCOUNT,
        kind=ChangeKind.ACCOUNT_CREATED,
        at=now,
        actor=DEPLOYMENT,
        data={"name": ACCOUNT_NAME},
    )
    ports.registration.ledger.commit(account, traced(change, None, account))
