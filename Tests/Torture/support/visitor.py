"""Somebody who asks as a browser does: with cookies, form tokens, and an origin."""

import http.client
import re
import ssl
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


class Visitor:
    """One person's browser. Each request has a connection of its own."""

    def __init__(self, url: str, timeout: float = 30):
        self.url = url
        self.cookies: dict[str, str] = {}
        self._timeout = timeout
        self._token = None

    def request(self, method: str, path: str, body=None, headers: dict[str, str] | None = None) -> Answer:
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            # The certificate was made for this test; whether it is good is what the TLS tests look at.
            context = ssl._create_unverified_context()
            connection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=self._timeout, context=context
            )
        else:
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self._timeout)
        own = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": self.url}
        try:
            connection.request(method, path, body, {**own, **(headers or {})})
            response = connection.getresponse()
            answer = Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read().decode("utf-8", "replace"),
            )
            for cookie in response.msg.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(cookie).items():
                    self.cookies[name] = morsel.value
            return answer
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Sends a form with this session's token."""
        body = urlencode({"form-token": self.token, **fields})
        return self.request("POST", path, body, {"Content-Type": FORM})

    @property
    def token(self) -> str:
        """What a form of this session must carry; empty for a stranger."""
        if self._token is None:
            found = re.search(r'name="form-token" value="([^"]*)"', self.get("/account").text)
            self._token = found.group(1) if found else ""
        return self._token

    def come_in(self, path: str, login: str, password: str) -> None:
        """Follows a way in and chooses a name and a password."""
        body = urlencode({"login": login, "password": password})
        answer = self.request("POST", path, body, {"Content-Type": FORM})
        assert answer.status == 303, f"the way in: {answer.status} {answer.text[:2000]}"
