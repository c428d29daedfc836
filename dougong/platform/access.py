"""Who may do what: checked in this one place, denied by default.

Every view declares what it needs: `@needs("settle.run")`, `@signed_in`, or `@public`. A view that declares nothing is refused
(and a test walks the route table). Rights come from platform roles; rows and fields are narrowed further where they are read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from flask import Flask, abort, current_app, g, redirect, request, url_for

from . import sessions
from .engines import Driver
from .people import Standing, principals, standing, standing_of
from .sessions import SignedIn
from .store import driver_reading, enter_tenant, loads
from .tokens import bearer

ROLES: Final = ("tenant_admin", "designer", "staff", "finance", "viewer")

RIGHTS: Final[dict[str, tuple[str, ...]]] = {
    "tickets.file": ("tenant_admin", "designer", "staff", "finance"),
    "tickets.work": ("tenant_admin", "designer", "staff", "finance"),
    "tickets.see": ROLES,
    "tickets.see_all": ("tenant_admin", "viewer"),
    "tickets.repair": ("tenant_admin",),
    "records.see": ROLES,
    "records.edit": ("tenant_admin", "staff", "finance"),
    "records.import": ("tenant_admin", "finance"),
    "settle.see": ("tenant_admin", "finance", "viewer"),
    "settle.run": ("tenant_admin", "finance"),
    "design.see": ("tenant_admin", "designer"),
    "design.edit": ("tenant_admin", "designer"),
    "design.publish": ("tenant_admin", "designer"),
    "packs.use": ("tenant_admin", "designer"),
    "org.manage": ("tenant_admin",),
    "audit.see": ("tenant_admin",),
    "connections.manage": ("tenant_admin",),
}


@dataclass(frozen=True)
class Who:
    """The person behind this request, in the tenant of its address; or the service, which is no member.

    `scopes`: the rights that a token is limited to; None for who is there himself.
    """

    account_id: str
    member_id: str
    name: str
    tenant_id: str
    zone: str = "Asia/Shanghai"
    roles: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None
    token_id: str = ""
    known: Standing | None = field(default=None, compare=False)

    def may(self, right: str) -> bool:
        allowed = self.scopes is None or right in self.scopes
        return allowed and any(role in RIGHTS[right] for role in self.roles)

    @property
    def principal(self) -> str:
        return f"person:{self.member_id}" if self.member_id else f"service:{self.token_id}"

    @cached_property
    def standing(self) -> Standing:
        """As it was when the request came in, else as it is when somebody asks."""
        if self.known is not None:
            return self.known
        return standing_of(self.tenant_id, self.member_id) if self.member_id else Standing()

    @cached_property
    def principals(self) -> frozenset[str]:
        if self.member_id:
            return principals(self.member_id, self.roles, self.standing)
        return frozenset({self.principal, "admins"} if "tenant_admin" in self.roles else {self.principal})


View = Callable[..., Any]


def needs(right: str) -> Callable[[View], View]:
    """The view belongs to a tenant, and asks for this right in it."""
    assert right in RIGHTS, right

    def declare(view: View) -> View:
        view.needs = right  # type: ignore[attr-defined]
        return view

    return declare


def signed_in(view: View) -> View:
    """Whoever is signed in; for a page within a tenant, any member of it."""
    view.needs = "signed_in"  # type: ignore[attr-defined]
    return view


def operator_only(view: View) -> View:
    view.needs = "operator"  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody; the view itself looks at the signature of the link it was called with."""
    view.needs = "public"  # type: ignore[attr-defined]
    return view


def takes_bearer(view: View) -> View:
    """The view may be called with a token instead of a session: the API's, never a page."""
    view.takes_bearer = True  # type: ignore[attr-defined]
    return view


def by_token() -> bool:
    """Does this request come with a token, where one is taken? Then its cookies count for nothing."""
    authorization = request.authorization
    return getattr(_view(), "takes_bearer", False) and authorization is not None and authorization.type == "bearer"


def init_access(app: Flask) -> None:
    app.before_request(_check)

    @app.url_value_preprocessor
    def take_tenant(endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.slug = (values or {}).pop("tenant", None)

    @app.url_defaults
    def give_tenant(endpoint: str, values: dict[str, Any]) -> None:
        if "tenant" not in values and g.get("slug") and app.url_map.is_endpoint_expecting(endpoint, "tenant"):
            values["tenant"] = g.slug


def _check() -> Any:
    g.account = g.who = g.tenant = None
    if request.endpoint is None or request.endpoint == "static":
        return None
    needed = getattr(_view(), "needs", None)
    if needed is None:
        abort(403)
    if not by_token() and not sessions.brought():
        return None if needed == "public" else _to_sign_in()
    with driver_reading() as reading:  # one connection for all that stands before the view
        return _enter_by_token(reading, needed) if by_token() else _enter_signed_in(reading, needed)


def _enter_by_token(reading: Driver, needed: str) -> Any:
    g.tenant, g.who = _by_token(reading, g.slug, str(request.authorization.token if request.authorization else ""))
    return None if needed == "signed_in" or g.who.may(needed) else abort(403)


def _enter_signed_in(reading: Driver, needed: str) -> Any:
    g.account = sessions.signed_in(reading)
    if needed == "public":
        return None
    if g.account is None:
        return _to_sign_in()
    if needed == "operator":
        return None if g.account.operator else abort(404)
    if g.slug is not None:
        g.tenant, g.who = _enter(reading, g.slug, g.account)
    if needed != "signed_in" and not (g.who and g.who.may(needed)):
        abort(403)
    return None


def _view() -> View | None:
    return current_app.view_functions.get(request.endpoint or "")


_TENANT = "SELECT id, slug, name, zone, languages FROM tenant WHERE slug = :slug"
_MEMBER = "SELECT id, name FROM member WHERE tenant_id = :tenant AND account_id = :account AND active"
_ROLES = "SELECT role FROM member_role WHERE tenant_id = :tenant AND member_id = :member"


class Place(NamedTuple):
    """The tenant of an address."""

    id: str
    slug: str
    name: dict[str, str]
    zone: str
    languages: list[str]


def _enter(reading: Driver, slug: str, account: SignedIn) -> tuple[Place, Who]:
    """A tenant that one does not belong to is not there at all: 404, as for one that does not exist."""
    place = _place(reading, slug) or abort(404)
    reading.enter(place.id)
    member = reading.execute(_MEMBER, {"tenant": place.id, "account": account.id}).fetchone() or abort(404)
    roles = frozenset(role for (role,) in reading.execute(_ROLES, {"tenant": place.id, "member": member[0]}))
    at = standing(reading, place.id, member[0])
    enter_tenant(place.id)
    return place, Who(account.id, member[0], member[1], place.id, place.zone, roles, known=at)


def _by_token(reading: Driver, slug: str, secret: str) -> tuple[Place, Who]:
    """Whoever the token stands for; 401 for one that opens nothing here, whether or not there is such a tenant."""
    place = _place(reading, slug) or abort(401)
    reading.enter(place.id)
    found = bearer(reading, place.id, secret) or abort(401)
    at = standing(reading, place.id, found.member_id) if found.member_id else Standing()
    enter_tenant(place.id)
    about = (found.account_id, found.member_id, found.name, place.id, place.zone, found.roles, found.scopes, found.token_id)
    return place, Who(*about, known=at)


def _place(reading: Driver, slug: str) -> Place | None:
    row = reading.execute(_TENANT, {"slug": slug}).fetchone()
    if row is None:
        return None
    tenant_id, slug, name, zone, languages = row
    return Place(tenant_id, slug, loads(name), zone, loads(languages))


def _to_sign_in() -> Any:
    if request.headers.get("HX-Request") or request.is_json or getattr(_view(), "takes_bearer", False):
        abort(401)
    return redirect(url_for("front.sign_in", next=request.full_path.rstrip("?")))
