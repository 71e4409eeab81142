"""Signed HTTP: Slack's requests to the app's request URL."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from sandbox.delivery import ACK_SECONDS, TIMED_OUT, UNREACHABLE, Answer, Envelope
from sandbox.errors import Json
from sandbox.workspace import Workspace

# Slack follows two; the client counts the request that would be the third.
_MOST_REDIRECTS = 3


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the value of `X-Slack-Signature`."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """Delivers by POST; a status other than 2xx, or three seconds of silence, is a failure."""

    def __init__(self, workspace: Workspace, url: str, options_url: str | None = None) -> None:
        self._workspace = workspace
        self._url = url
        self._options_url = options_url or url
        self._session: aiohttp.ClientSession | None = None
        self._reached = True

    @property
    def connected(self) -> bool:
        """Whether the last delivery reached the app."""
        return self._reached

    async def deliver(self, envelope: Envelope) -> Answer:
        """Post once and read the answer."""
        body, content_type = _body(envelope)
        timestamp = str(int(self._workspace.now_for_signatures().timestamp()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.seed.app.signing_secret, timestamp, body),
        }
        if envelope.retry_attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.retry_attempt)
            headers["X-Slack-Retry-Reason"] = envelope.retry_reason
        url = self._options_url if envelope.payload.get("type") == "block_suggestion" else self._url
        answer = await self._post(url, body, headers)
        reached = answer is not UNREACHABLE
        if reached != self._reached:
            self._reached = reached
            self._workspace.hub.tell({"type": "connected", "connected": reached})
        return answer

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with (
                asyncio.timeout(ACK_SECONDS),
                self._session.post(url, data=body, headers=headers, max_redirects=_MOST_REDIRECTS) as response,
            ):
                return _answer(response, await response.read())
        except TimeoutError:
            return TIMED_OUT
        except aiohttp.TooManyRedirects:
            return Answer(ok=False, error="dispatch_failed", retry_reason="too_many_redirects")
        except aiohttp.ClientSSLError:
            return Answer(ok=False, error="dispatch_failed", retry_reason="ssl_error")
        except (aiohttp.ClientError, ConnectionError):
            return UNREACHABLE

    async def verify(self) -> bool:
        """Ask the app to prove that it owns the URL, as Slack does when the URL is entered."""
        challenge = self._workspace.ids.hexadecimal(40)
        payload: Json = {
            "token": self._workspace.seed.app.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        answer = await self.deliver(Envelope("events_api", payload))
        said = answer.payload or {}
        return answer.ok and challenge in {said.get("challenge"), said.get("text")}

    async def stop(self) -> None:
        """Close the client."""
        if self._session is not None:
            await self._session.close()


def _body(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload).encode(), "application/json"
    form = {"payload": json.dumps(envelope.payload)} if envelope.kind == "interactive" else envelope.payload
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _answer(response: aiohttp.ClientResponse, body: bytes) -> Answer:
    if not response.ok:
        no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        return Answer(ok=False, error="dispatch_failed", retry_reason="http_error", no_retry=no_retry)
    text = body.decode(errors="replace").strip()
    if not text:
        return Answer(ok=True)
    try:
        payload = json.loads(text)
    except ValueError:
        return Answer(ok=True, payload={"text": text})
    return Answer(ok=True, payload=payload if isinstance(payload, dict) else {"text": text})
