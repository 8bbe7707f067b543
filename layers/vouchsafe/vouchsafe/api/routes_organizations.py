"""Routes of organizations, of their validation, and of the subscriber agreement."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Group, Route

_PAGE = {"limit": "Rows of a page, 1000 at most.", "offset": "Rows before the page."}
_ORGANIZATION = {"id": "The organization's id."}
_VALIDATION = {"include_validation": "false leaves `validations` out."}

_GROUP = Group(function=Function.ACCOUNTS)
_reading, _changing = _GROUP.reading, _GROUP.changing

ORGANIZATIONS: tuple[Route, ...] = (
    _reading(
        "organization",
        "organizations.list_organizations",
        "OrganizationList",
        "List organizations",
        query=_PAGE
        | _VALIDATION
        | {
            "container_id": "The container's id.",
            "filters[status]": "active, inactive or approved.",
            "filters[name]": "A part of a name, whatever its case and accents.",
            "filters[validation]": "active, pending, expired, rejected or none.",
        },
    ),
    _changing(
        "POST",
        "organization",
        "organizations.create",
        "Create an organization",
        request="OrganizationBody",
        responses={201: "MadeOrganization"},
    ),
    _reading(
        "organization/{id}",
        "organizations.read",
        "OrganizationInfo",
        "Read an organization",
        parameters=_ORGANIZATION,
    ),
    _changing(
        "PUT",
        "organization/{id}/activate",
        "organizations.activate",
        "Activate an organization",
        parameters=_ORGANIZATION,
    ),
    _changing(
        "PUT",
        "organization/{id}/deactivate",
        "organizations.deactivate",
        "Deactivate an organization: nobody orders for it",
        parameters=_ORGANIZATION,
    ),
    _reading(
        "organization/{id}/contact",
        "organizations.list_contacts",
        "ContactList",
        "List an organization's further people",
        parameters=_ORGANIZATION,
        query=_PAGE,
    ),
    _changing(
        "POST",
        "organization/{id}/contact",
        "organizations.make_contact",
        "Add a person to an organization",
        request="ContactBody",
        responses={201: "MadeContact"},
        parameters=_ORGANIZATION,
    ),
    _changing(
        "DELETE",
        "organization/{id}/contact/{contact}",
        "organizations.drop_contact",
        "Remove a person from an organization",
        parameters=_ORGANIZATION | {"contact": "The person's id within the organization."},
    ),
    _reading(
        "organization/{id}/validation",
        "organizations.read_validation",
        "ValidationList",
        "Read how an organization's validation stands",
        parameters=_ORGANIZATION,
    ),
    _changing(
        "POST",
        "organization/{id}/validation",
        "organizations.submit",
        "Submit an organization for validation",
        request="SubmissionBody",
        parameters=_ORGANIZATION,
    ),
    _reading(
        "container/{id}/order/organization",
        "organizations.list_orderable",
        "OrganizationList",
        "List the validated organizations one may order for",
        parameters={"id": "The container's id."},
        query=_PAGE | _VALIDATION,
    ),
    _reading(
        "account/agreement",
        "agreement.read",
        "AgreementInfo",
        "Read the subscriber agreement's version and whether the account accepted it",
    ),
    _changing(
        "POST",
        "account/agreement",
        "agreement.accept",
        "Accept the subscriber agreement for the account",
        request="AgreementBody",
        responses={201: "AgreementInfo"},
        action=Action.ADMINISTER,
    ),
)
