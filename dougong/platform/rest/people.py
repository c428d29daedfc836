"""Who one is, and who is there: me, members, units, tokens; and who stands behind the roles of definitions."""

from typing import Any

from flask import abort, g
from marshmallow import fields
from sqlalchemy import select

from .. import documents, issuing, organisation
from ..access import RIGHTS
from ..organisation import Refused, found
from ..people import Binding, Member, Unit
from ..store import db
from ..tokens import ApiToken
from .cursors import page
from .errors import answer, missing, of_fields
from .shapes import Input, ListQuery, Output, ident, page_of, text
from .shell import Room

room = Room("organisation", __name__, "Who one is, who is there, and who stands behind the roles of definitions.")


class Me(Output):
    tenant = fields.String(required=True, metadata={"example": "acme"})
    principal = fields.String(required=True, metadata={"description": "person:<member id> or service:<token id>"})
    name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    rights = fields.List(fields.String(), required=True, metadata={"description": "What this session or token may do."})
    zone = fields.String(required=True, metadata={"example": "Asia/Shanghai"})


class MemberOut(Output):
    id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    active = fields.Boolean(required=True)


class UnitOut(Output):
    id = fields.String(required=True)
    parent_id = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True, metadata={"example": "store"})
    code = fields.String(required=True, metadata={"example": "SZ-NS"})
    name = fields.Dict(required=True)
    regions = fields.List(fields.String(), required=True)


class RoleOut(Output):
    key = fields.String(required=True, metadata={"example": "engineer"})
    title = fields.Dict(required=True)


class BindingOut(Output):
    id = fields.String(required=True)
    role = fields.String(required=True, attribute="role_key", metadata={"example": "engineer"})
    member_id = fields.String(required=True, allow_none=True)
    unit_id = fields.String(required=True, allow_none=True)


class BindingQuery(ListQuery):
    role = text(40, load_default="", says="Only those of this role.")


class NewBinding(Input):
    """A member or a unit: one of the two."""

    role = text(40, 1, "engineer", required=True)
    member_id = ident(load_default=None)
    unit_id = ident(load_default=None)


class TokenOut(Output):
    """A token without its secret, which is shown once, on the page where it is made."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    hint = fields.String(required=True, metadata={"example": "dgp_Ab3d"})
    state = fields.String(required=True, metadata={"example": "active"})
    scopes = fields.List(fields.String(), required=True)
    expires_at = fields.String(required=True)
    last_used_at = fields.String(required=True, allow_none=True)


@room.operation("GET", "/me", "signed_in", answer=Me)
def get_me() -> Any:
    """Who this session or token stands for, and what it may do."""
    rights = [right for right in RIGHTS if g.who.may(right)]
    return {
        "tenant": g.tenant.slug, "principal": g.who.principal, "name": g.who.name, "roles": sorted(g.who.roles),
        "rights": rights, "zone": g.who.zone,
    }  # fmt: skip


@room.operation("GET", "/members", "org.manage", query=ListQuery, answer=page_of(MemberOut))
def list_members(asked: dict[str, Any]) -> Any:
    """The members, also those who have left."""
    return page(select(Member), Member.id, asked, lambda one: one)


@room.operation("GET", "/units", "org.manage", query=ListQuery, answer=page_of(UnitOut))
def list_units(asked: dict[str, Any]) -> Any:
    """The org tree, each unit with the one it hangs from."""
    return page(select(Unit), Unit.id, asked, lambda one: one, newest_first=False)


@room.operation("GET", "/bindings", "org.manage", query=BindingQuery, answer=page_of(BindingOut))
def list_bindings(asked: dict[str, Any]) -> Any:
    """Who stands behind which role."""
    wanted = select(Binding)
    wanted = wanted.where(Binding.role_key == asked["role"]) if asked["role"] else wanted
    return page(wanted, Binding.id, asked, lambda one: one)


@room.operation("POST", "/bindings", "org.manage", body=NewBinding, answer=BindingOut, status=201)
def bind_role(asked: dict[str, Any]) -> Any:
    """From now on this member, or everybody of this unit, stands behind the role. Twice is once."""
    member_id, unit_id = asked["member_id"], asked["unit_id"]
    if (member_id is None) is (unit_id is None):
        raise of_fields({"member_id": {"code": "api.member_or_unit"}})
    who = found(db.session(), Member, member_id) if member_id else found(db.session(), Unit, unit_id)
    organisation.bind(g.who, asked["role"], who)
    same = (Binding.role_key == asked["role"], Binding.member_id == member_id, Binding.unit_id == unit_id)
    return db.session.scalar(select(Binding).where(*same)) or abort(404)


@room.operation("DELETE", "/bindings/<binding_id>", "org.manage", status=204)
def unbind_role(binding_id: str) -> None:
    """He stands behind the role no more."""
    organisation.unbind(g.who, binding_id)


@room.operation("GET", "/roles", "org.manage", query=ListQuery, answer=page_of(RoleOut))
def list_roles(asked: dict[str, Any]) -> Any:
    """The roles that the definitions name."""
    wanted = select(documents.Document).where(documents.Document.kind == "role", ~documents.Document.archived)
    return page(wanted, documents.Document.id, asked, lambda one: one)


@room.operation("GET", "/tokens", "signed_in", query=ListQuery, answer=page_of(TokenOut))
def list_tokens(asked: dict[str, Any]) -> Any:
    """One's own tokens; a service that may manage the organisation gets the tenant's. New ones are made on a page."""
    return page(issuing.listed(_whose()), ApiToken.id, asked, lambda one: one)


@room.operation("DELETE", "/tokens/<token_id>", "signed_in", status=204)
def revoke_token(token_id: str) -> None:
    """From now on it opens nothing."""
    issuing.revoke(g.who, token_id, _whose())


@room.when(LookupError)
def not_found(error: LookupError) -> Any:
    return missing()


@room.when(Refused)
def refused(error: Refused) -> Any:
    return answer(of_fields(error.errors))


def _whose() -> str | None:
    if not g.who.member_id and not g.who.may("org.manage"):
        abort(403)
    return g.who.member_id or None
