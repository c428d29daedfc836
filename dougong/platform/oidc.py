"""Signing in with a company's own accounts (OpenID Connect, code flow with PKCE, state and nonce): who the provider says it is.

The operator names the providers in a JSON file (DOUGONG_OIDC): {"corp": {"title": {"zh-Hans", "en"}, "issuer", "client_id",
"client_secret"}}. A provider says who somebody is, never what he may do: that is decided by whoever invited him.
"""

import json
import os
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from flask import Flask, current_app, session
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError, MissingClaimError
from joserfc.jwk import KeySet

from . import links, outbound

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]  # signatures by a key that only the provider has
LIMITS: Final = outbound.Limits(seconds=10, size=200_000, redirects=0)
FLOW = "oidc"  # in the cookie: the state, nonce and verifier of a sign-in that is under way
MINUTES, LEEWAY, KEPT_SECONDS = 10, 60, 3600
CODES: Final = {"nonce": "oidc.nonce", "aud": "oidc.audience", "azp": "oidc.audience", "iss": "oidc.issuer"}


class NotSignedIn(Exception):
    """Why a provider's answer is not taken; `code` is of the catalogue."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Provider:
    name: str
    title: Mapping[str, str]
    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Somebody:
    """Whom the provider has seen. `email` only where it says that it is verified."""

    issuer: str
    subject: str
    email: str | None


def init_oidc(app: Flask) -> None:
    """Raises ValueError where the file says too little, and OSError where there is none."""
    path = os.environ.get("DOUGONG_OIDC")
    known = app.config.setdefault("OIDC", json.loads(Path(path).read_text("utf-8")) if path else {})
    try:
        app.extensions["oidc"] = {name: Provider(name, **settings) for name, settings in known.items()}
    except TypeError as error:
        raise ValueError(f"DOUGONG_OIDC: a provider has title, issuer, client_id and client_secret ({error})") from None
    app.extensions["oidc_kept"] = {}


def providers() -> dict[str, Provider]:
    found: dict[str, Provider] = current_app.extensions["oidc"]
    return found


def begin(provider: Provider, onward: str | None) -> str:
    """The provider's address to send the browser to. Raises CallFailed."""
    verifier, state, nonce = generate_token(64), generate_token(40), generate_token(40)
    session[FLOW] = [provider.name, state, nonce, verifier, onward, int(time.time())]
    asked = {
        "response_type": "code", "scope": "openid email", "client_id": provider.client_id, "redirect_uri": _back(provider),
        "state": state, "nonce": nonce, "code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    return str(add_params_to_uri(_metadata(provider)["authorization_endpoint"], list(asked.items())))


def finish(provider: Provider, given: Mapping[str, str]) -> tuple[Somebody, str | None]:
    """Who it is, and where he wanted to go. Raises NotSignedIn and CallFailed. A flow is good for one answer."""
    name, state, nonce, verifier, onward, begun = session.pop(FLOW, [None, "", "", "", None, 0])
    if name != provider.name or not compare_digest(state, given.get("state", "")) or time.time() - begun > MINUTES * 60:
        raise NotSignedIn("oidc.state")
    if given.get("iss", provider.issuer) != provider.issuer:
        raise NotSignedIn("oidc.issuer")
    if "code" not in given:
        raise NotSignedIn("oidc.denied")
    claims = _claims(provider, _tokens(provider, given["code"], verifier), nonce)
    verified = claims.get("email_verified") in (True, "true") and isinstance(claims.get("email"), str)
    return Somebody(provider.issuer, str(claims["sub"]), claims["email"].strip().lower() if verified else None), onward


def _tokens(provider: Provider, code: str, verifier: str) -> dict[str, Any]:
    metadata = _metadata(provider)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": _back(provider), "code_verifier": verifier}
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    if "client_secret_basic" in metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    found = _json(outbound.call("POST", metadata["token_endpoint"], headers, urlencode(form).encode(), LIMITS))
    if not isinstance(found.get("id_token"), str):
        raise NotSignedIn("oidc.no_token")
    return found


def _claims(provider: Provider, tokens: dict[str, Any], nonce: str) -> dict[str, Any]:
    """What the id token says, once its signature, issuer, audience, time and nonce are judged."""
    wanted = {
        "iss": {"essential": True, "values": [provider.issuer]},
        "aud": {"essential": True, "values": [provider.client_id]},
        "nonce": {"essential": True},
    }
    known = {"nonce": nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")}
    try:
        token = _decoded(provider, tokens["id_token"])
        claims = CodeIDToken(token.claims, token.header, wanted, known)
        claims.validate(leeway=LEEWAY)
    except ExpiredTokenError:
        raise NotSignedIn("oidc.expired") from None
    except (InvalidClaimError, MissingClaimError) as error:
        raise NotSignedIn(CODES.get(str(error.claim), "oidc.no_token")) from None
    except (JoseError, ValueError, KeyError, TypeError):
        raise NotSignedIn("oidc.signature") from None
    return dict(token.claims)


def _decoded(provider: Provider, token: str) -> jwt.Token:
    """A key that is not known yet is asked for once: providers change them."""
    try:
        return jwt.decode(token, KeySet.import_key_set(_keys(provider)), algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        _kept().pop(f"keys:{provider.issuer}", None)
        return jwt.decode(token, KeySet.import_key_set(_keys(provider)), algorithms=ALGORITHMS)


def _metadata(provider: Provider) -> dict[str, Any]:
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _once(f"metadata:{provider.issuer}", address)
    if found.get("issuer") != provider.issuer:
        raise NotSignedIn("oidc.issuer")
    return found


def _keys(provider: Provider) -> Any:
    return _once(f"keys:{provider.issuer}", _metadata(provider)["jwks_uri"])


def _once(name: str, address: str) -> dict[str, Any]:
    """Asked for once an hour."""
    kept = _kept()
    at, found = kept.get(name, (0.0, {}))
    if time.monotonic() - at > KEPT_SECONDS or not found:
        found = _json(outbound.call("GET", address, {"accept": "application/json"}, limits=LIMITS))
        kept[name] = (time.monotonic(), found)
    return found


def _json(answer: outbound.Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotSignedIn("oidc.no_token")
    return found


def _kept() -> dict[str, tuple[float, dict[str, Any]]]:
    found: dict[str, tuple[float, dict[str, Any]]] = current_app.extensions["oidc_kept"]
    return found


def _back(provider: Provider) -> str:
    return links.address("front.back_from", provider=provider.name)
