"""What can be ordered: one row per product, read by everything that must tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .authorization import DcvMethodName
from .issuers import Trust


class ValidationLevel(StrEnum):
    """How much is known about the subject (BR 7.1.6.1)."""

    DV = "dv"
    OV = "ov"
    EV = "ev"


class NameShape(StrEnum):
    """Which names one certificate of a product may hold."""

    SINGLE = "single"  # one FQDN and its www / non-www twin
    MULTI = "multi"  # several FQDNs, no wildcard
    WILDCARD = "wildcard"  # one wildcard name and its base
    FLEX = "flex"  # any mix


class KeySource(StrEnum):
    """Who makes the key pair (BR 6.1.1.3)."""

    CSR = "csr"
    MANAGED = "managed"


class ManagedKeyType(StrEnum):
    """Key types the service makes (BR 6.1.5)."""

    EC_P256 = "ec_p256"
    EC_P384 = "ec_p384"
    RSA_2048 = "rsa_2048"
    RSA_3072 = "rsa_3072"


class Family(StrEnum):
    """Whose ordering rules a product follows."""

    CERTCENTRAL = "certcentral"
    NAVER = "naver"


_ALL_METHODS = frozenset(DcvMethodName)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product. `methods` are the ways to prove control it allows at all; what can be
    used today is the part of them in `records.ENGINES`, and nothing of a product that is not `on`.
    """

    product_id: str
    name: str
    level: ValidationLevel
    names: NameShape
    trust: Trust = Trust.PUBLIC
    family: Family = Family.CERTCENTRAL
    key_source: KeySource = KeySource.CSR
    methods: frozenset[DcvMethodName] = _ALL_METHODS
    default_method: DcvMethodName | None = DcvMethodName.EMAIL
    term_years: tuple[int, ...] = (1, 2, 3)
    on: bool = False

    @property
    def method_is_final(self) -> bool:
        """Whether the way to prove control stays as it was ordered."""
        return self.family is Family.NAVER

    @property
    def hexadecimal_values(self) -> bool:
        """Whether its values have the guide's form, `_` and 32 hexadecimal digits."""
        return self.method_is_final and DcvMethodName.DNS_CNAME in self.methods

    @property
    def shares_value(self) -> bool:
        """Whether one random value stands for all names of an order; else each has its own."""
        return self.family is Family.CERTCENTRAL


def _rows(
    level: ValidationLevel, *rows: tuple[str, str, NameShape], trust: Trust = Trust.PUBLIC
) -> list[Product]:
    """CertCentral products of one level."""
    return [
        Product(product_id=product_id, name=name, level=level, names=names, trust=trust, on=True)
        for product_id, name, names in rows
    ]


_DV = _rows(
    ValidationLevel.DV,
    ("ssl_dv_geotrust", "GeoTrust Standard DV", NameShape.SINGLE),
    ("ssl_dv_rapidssl", "RapidSSL Standard DV", NameShape.SINGLE),
    ("wildcard_dv_geotrust", "GeoTrust Wildcard DV", NameShape.WILDCARD),
    ("wildcard_dv_rapidssl", "RapidSSL Wildcard DV", NameShape.WILDCARD),
    ("cloud_dv_geotrust", "GeoTrust Cloud DV", NameShape.FLEX),
    ("ssl_dv_geotrust_flex", "GeoTrust DV SSL", NameShape.FLEX),
)

_OV = _rows(
    ValidationLevel.OV,
    ("ssl_plus", "Standard SSL", NameShape.SINGLE),
    ("ssl_multi_domain", "Multi-Domain SSL", NameShape.MULTI),
    ("ssl_wildcard", "Wildcard", NameShape.WILDCARD),
    ("ssl_cloud_wildcard", "Cloud", NameShape.FLEX),
    ("ssl_basic", "Basic OV", NameShape.FLEX),
    ("ssl_securesite", "Secure Site OV (single)", NameShape.SINGLE),
    ("ssl_securesite_multi_domain", "Secure Site Multi-Domain SSL", NameShape.MULTI),
    ("ssl_securesite_wildcard", "Secure Site Wildcard SSL", NameShape.WILDCARD),
    ("ssl_securesite_flex", "Secure Site OV", NameShape.FLEX),
    ("ssl_securesite_pro", "Secure Site Pro SSL", NameShape.FLEX),
    ("ssl_geotrust_truebizid", "GeoTrust TrueBusiness ID OV", NameShape.FLEX),
)

_EV = _rows(
    ValidationLevel.EV,
    ("ssl_ev_plus", "EV SSL", NameShape.SINGLE),
    ("ssl_ev_multi_domain", "EV Multi-Domain", NameShape.MULTI),
    ("ssl_ev_basic", "Basic EV", NameShape.MULTI),  # EVG 3.2.2.2: no wildcard names in EV
    ("ssl_ev_securesite", "Secure Site EV (single)", NameShape.SINGLE),
    ("ssl_ev_securesite_multi_domain", "Secure Site EV Multi-Domain", NameShape.MULTI),
    ("ssl_ev_securesite_flex", "Secure Site EV", NameShape.MULTI),
    ("ssl_ev_securesite_pro", "Secure Site Pro EV SSL", NameShape.MULTI),
)

_PRIVATE = _rows(
    ValidationLevel.OV,
    ("private_ssl_plus", "Private SSL", NameShape.SINGLE),
    ("private_ssl_multi_domain", "Private Multi-Domain SSL", NameShape.MULTI),
    ("private_ssl_wildcard", "Private Wildcard", NameShape.WILDCARD),
    trust=Trust.PRIVATE,
)


def _advanced(product_id: str, name: str, level: ValidationLevel) -> Product:
    """A product of the guide's own flow: the method must be named, and stays."""
    return Product(
        product_id=product_id,
        name=name,
        level=level,
        names=NameShape.FLEX,
        family=Family.NAVER,
        methods=frozenset({DcvMethodName.DNS_TXT, DcvMethodName.EMAIL}),
        default_method=None,
        on=True,
    )


def _cloud_basic() -> Product:
    """The one whose key the service makes: private trust only (BR 6.1.1.3)."""
    return Product(
        product_id="cloud_basic",
        name="Cloud Basic",
        level=ValidationLevel.DV,
        names=NameShape.FLEX,
        trust=Trust.PRIVATE,
        family=Family.NAVER,
        key_source=KeySource.MANAGED,
        methods=frozenset({DcvMethodName.DNS_CNAME, DcvMethodName.EMAIL}),
        default_method=None,
        on=True,
    )


_NAVER = [
    _cloud_basic(),
    _advanced("advanced_dv", "Advanced DV", ValidationLevel.DV),
    _advanced("advanced_ov", "Advanced OV", ValidationLevel.OV),
]

#: Every product by its id.
PRODUCTS: dict[str, Product] = {
    row.product_id: row for row in (*_DV, *_OV, *_EV, *_PRIVATE, *_NAVER)
}


def offered(product: Product, issuers: Trust, *, managed_keys: bool = True) -> bool:
    """Whether it can be ordered where the issuing certificates have that trust.

    What is for private use never chains to a public issuer (`issuers.choose_issuer`).
    `managed_keys`: whether this deployment makes keys at all.
    """
    issued = product.trust is Trust.PUBLIC or issuers is Trust.PRIVATE
    return product.on and issued and (managed_keys or product.key_source is KeySource.CSR)


def why_not_offered(product: Product, issuers: Trust, *, managed_keys: bool = True) -> str:
    """What a client is told who orders a product that is not `offered`."""
    if product.key_source is KeySource.MANAGED and issuers is Trust.PUBLIC:
        return "a publicly trusted CA makes no subscriber keys (BR 6.1.1.3)"
    if product.key_source is KeySource.MANAGED and not managed_keys:
        return "keys are not made by the service in this deployment"
    return f"{product.product_id} is not available in this deployment"


def find_product(product_id: str) -> Product | None:
    """The product of that id, whether switched on or not; None when there is none such."""
    return PRODUCTS.get(product_id)
