"""A small OpenID provider for tests: discovery, keys, authorization, tokens; it can be told to answer wrongly."""

import hmac
import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "dougong", "s3cret:of+the/client"


class Provider:
    """`claims` are put over what an id token says; None takes one away."""

    def __init__(self) -> None:
        self.key = self.published = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs: Any = None
        self.forges = ""  # an algorithm
        self.claims: dict[str, Any] = {}
        self.says_issuer: str | None = None
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def settings(self) -> dict[str, Any]:
        title = {"zh-Hans": "企业账号", "en": "the company account"}
        return {"title": title, "issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET}

    def rotate(self) -> None:
        self.key = self.published = RSAKey.generate_key(2048, {"kid": "two"})

    def agree(self, address: str) -> str:
        """What the browser is sent back with, when its owner agrees."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256" and "openid" in asked["scope"]
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        parts = urlsplit(asked["redirect_uri"])
        return f"{parts.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _app(self) -> Flask:
        app = Flask("provider")

        @app.before_request
        def note() -> None:
            self.asked.append(request.path)

        @app.get("/.well-known/openid-configuration")
        def configuration() -> Any:
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
            return jsonify(issuer=self.says_issuer or self.issuer, **{k: f"{self.issuer}/{v}" for k, v in names.items()})

        @app.get("/jwks")
        def jwks() -> Any:
            return jsonify(keys=[self.published.as_dict(private=False)])

        @app.post("/token")
        def token() -> Any:
            form, asked = request.form, self._codes.pop(request.form.get("code", ""), None)
            if asked is None or not self._is_right(form, asked):
                return jsonify(error="invalid_grant"), 400
            return jsonify(access_token="at", token_type="Bearer", id_token=self._signed(asked))

        return app

    def _is_right(self, form: Any, asked: dict[str, str]) -> bool:
        given = b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        challenge = _packed(sha256(form["code_verifier"].encode()).digest())
        is_client = given == urlencode({CLIENT: SECRET}).replace("=", ":")
        return is_client and challenge == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]

    def _signed(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        says = {
            "iss": self.issuer, "aud": CLIENT, "sub": "bob-at-corp", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            "email": "bob@acme.example", "email_verified": True, **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in says.items() if value is not None}
        if self.forges:
            return forged(claims, self.forges, self.published.as_pem(private=False))
        key = self.signs or self.key
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def forged(claims: dict[str, Any], alg: str, secret: bytes) -> str:
    """A token by somebody who has no key of the provider's: unsigned, or its public key taken for a shared secret."""
    parts = [_packed(json.dumps(one).encode()) for one in ({"alg": alg, "kid": "one"}, claims)]
    signature = hmac.digest(secret, ".".join(parts).encode(), "sha256") if alg == "HS256" else b""
    return ".".join([*parts, _packed(signature)])


def _packed(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
