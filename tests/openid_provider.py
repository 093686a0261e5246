"""A real OpenID provider on this machine: Authlib's server side, answering over HTTP.

It signs with a key of its own, keeps codes that are taken once, and insists on PKCE and on the
secret of its client. A test says who sits at it (`claims`), and how it lies (`lies`), for a
provider may be taken over, or be set up wrongly.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc import jwk, jwt
from werkzeug.serving import make_server

from tests.passkeys import coded

CLIENT, SECRET = "countersign", "a secret between the two"
Lie = Callable[[dict[str, Any], dict[str, Any]], None]


@dataclass
class Provider:
    """What the provider knows, and what it was asked."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    in_userinfo: dict[str, Any] = field(default_factory=dict)
    lies: list[Lie] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: jwk.RSAKey.generate_key(2048, {"kid": "one"}))
    published: Any = None
    signs_with: Any = None

    def statement(self, told: dict[str, Any]) -> str:
        """The ID token that says this, as the test wants it told."""
        header = {"alg": "RS256", "kid": "one"}
        for lie in self.lies:
            lie(header, told)
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, told))
            return ".".join([*(coded(part) for part in parts), ""])
        key = self.signs_with or self.key
        if header["alg"] == "HS256":
            key = jwk.OctKey.import_key(SECRET)
        return str(jwt.encode(header, told, key, algorithms=[header["alg"]]))


class _Client(ClientMixin):  # type: ignore[misc]  # Authlib ships no types
    """The one client that this provider knows."""

    def __init__(self, back: str) -> None:
        self.back = back

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri == self.back

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


class _Code(SimpleNamespace):
    """A code, and the question that it answers."""

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str:
        return str(self.nonce)

    def get_auth_time(self) -> int:
        return int(self.auth_time)

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


def _server(app: Flask, provider: Provider, back: str) -> AuthorizationServer:
    client = _Client(back)

    def query(client_id: str) -> _Client | None:
        return client if client_id == CLIENT else None

    def save(token: dict[str, Any], asked: Any) -> None:
        provider.codes[token["access_token"]] = "token"

    server = AuthorizationServer(app, query_client=query, save_token=save)

    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

        def save_authorization_code(self, code: str, asked: Any) -> None:
            data = asked.payload.data
            provider.codes[code] = _Code(
                code=code,
                redirect_uri=asked.payload.redirect_uri,
                scope=asked.payload.scope,
                nonce=data["nonce"],
                auth_time=provider.claims.get("auth_time", int(time.time())),
                code_challenge=data.get("code_challenge"),
                code_challenge_method=data.get("code_challenge_method"),
            )

        def query_authorization_code(self, code: str, client: Any) -> Any:
            return provider.codes.get(code)

        def delete_authorization_code(self, code: Any) -> None:
            del provider.codes[code.code]

        def authenticate_user(self, code: Any) -> SimpleNamespace:
            return SimpleNamespace(sub=provider.claims["sub"])

    class Statement(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, asked: Any) -> bool:
            return False

        def process_token(self, grant: Any, response: Any) -> Any:
            token = response[1]
            now = int(time.time())
            told = {
                "iss": provider.issuer,
                "aud": CLIENT,
                "iat": now,
                "exp": now + 300,
                "auth_time": now,
                "nonce": grant.request.authorization_code.nonce,
            } | provider.claims
            token["id_token"] = provider.statement(told)
            return response

    server.register_grant(CodeGrant, [Statement(require_nonce=True), CodeChallenge(required=True)])
    return server


def _application(provider: Provider, back: str) -> Flask:
    app = Flask(__name__)
    app.secret_key = "of the provider"
    server = _server(app, provider, back)

    @app.get("/.well-known/openid-configuration")
    def described() -> Response:
        return jsonify(
            issuer=provider.issuer,
            authorization_endpoint=f"{provider.issuer}/authorize",
            token_endpoint=f"{provider.issuer}/token",
            userinfo_endpoint=f"{provider.issuer}/userinfo",
            jwks_uri=f"{provider.issuer}/keys",
            id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
            token_endpoint_auth_methods_supported=["client_secret_basic"],
        )

    @app.get("/keys")
    def keys() -> Response:
        public = (provider.published or provider.key).as_dict(private=False)
        return jsonify(keys=[public | {"use": "sig"}])

    @app.get("/authorize")
    def authorize() -> Any:
        provider.asked.append(request.args.to_dict())
        grant = server.get_consent_grant(end_user=SimpleNamespace(sub=provider.claims["sub"]))
        return server.create_authorization_response(
            grant_user=SimpleNamespace(sub=provider.claims["sub"]), grant=grant
        )

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Response:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        assert bearer in provider.codes
        return jsonify({"sub": provider.claims["sub"]} | provider.in_userinfo)

    return app


@contextmanager
def serving(back: str) -> Iterator[Provider]:
    """The provider, answering on a port of this machine until the block ends."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, _application(provider, back), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
