"""Slack's Web API: one pooled session, one client that never retries by itself, failures typed by meaning."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, TCPConnector
from pydantic_core import from_json, to_json
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

CALL_SECONDS = 10
VIEW_SECONDS = 1.5
"""A trigger dies in 3 s, so a form that is not open by then never will be."""
FIRST_SERVER_ERROR = 500


class Fault(StrEnum):
    """What a failed call means for us."""

    BUSY = "busy"
    """Slack did not take it: try later."""
    UNKNOWN = "unknown"
    """Slack may have taken it: never send again without knowing."""
    PAUSED = "paused"
    """The workspace accepts nothing for now."""
    DEAD = "dead"
    """The installation is gone."""
    CONFIGURATION = "configuration"
    """The app lacks a scope or a setting."""
    RECIPIENT = "recipient"
    """The person can't be reached."""
    DESTINATION = "destination"
    """The channel can't be posted to."""
    BUG = "bug"
    """We sent something that Slack will never take."""
    OVER = "over"
    """The click, the form or the message that this belongs to is gone."""


MEANINGS: Mapping[Fault, frozenset[str]] = {
    Fault.BUSY: frozenset({"ratelimited", "rate_limited", "service_unavailable"}),
    Fault.PAUSED: frozenset(
        {
            "team_added_to_org",
            "org_login_required",
            "message_limit_exceeded",
            "ekm_access_denied",
            "accesslimited",
            "access_denied",
        }
    ),
    Fault.DEAD: frozenset({"account_inactive", "token_revoked", "invalid_auth", "not_authed", "token_expired"}),
    Fault.CONFIGURATION: frozenset(
        {
            "missing_scope",
            "not_allowed_token_type",
            "no_permission",
            "messages_tab_disabled",
            "team_access_not_granted",
            "enterprise_is_restricted",
            "two_factor_setup_required",
            "invalid_token",
            "file_uploads_disabled",
            "file_uploads_except_images_disabled",
            "file_type_not_allowed",
            "file_upload_size_restricted",
        }
    ),
    Fault.RECIPIENT: frozenset(
        {
            "user_not_found",
            "users_not_found",
            "user_disabled",
            "user_not_visible",
            "cannot_dm_bot",
            "app_access_restricted",
            "invalid_user_combination",
        }
    ),
    Fault.DESTINATION: frozenset(
        {
            "is_archived",
            "not_in_channel",
            "channel_not_found",
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_thread_locked",
            "restricted_action_non_threadable_channel",
            "is_inactive",
            "posting_to_channel_denied",
            "channel_is_limited_access",
        }
    ),
    Fault.BUG: frozenset(
        {
            "msg_too_long",
            "msg_blocks_too_long",
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_attachments",
            "no_text",
            "markdown_text_conflict",
            "too_many_attachments",
            "attachment_payload_limit_exceeded",
            "metadata_too_large",
            "invalid_arguments",
            "view_too_large",
            "duplicate_external_id",
        }
    ),
    Fault.OVER: frozenset(
        {
            "expired_trigger_id",
            "exchanged_trigger_id",
            "invalid_trigger_id",
            "trigger_expired",
            "trigger_exchanged",
            "not_found",
            "hash_conflict",
            "message_not_found",
            "thread_not_found",
            "cant_update_message",
            "edit_window_closed",
        }
    ),
}
"""Slack's error words by what they mean for us; a word that stands nowhere counts as UNKNOWN."""


class Refused(Exception):  # noqa: N818 - reads as what Slack did
    """A call that did not succeed. `after` is how long Slack asks us to wait."""

    def __init__(self, fault: Fault, why: str, after: timedelta | None = None) -> None:
        super().__init__(fault, why)
        self.fault = fault
        self.why = why
        self.after = after


class Slack:
    """The calls that we make. Each raises Refused, whatever went wrong.

    Straight over the session: the SDK's client makes a call take half as much processor time again.
    """

    def __init__(self, session: ClientSession, token: str, api_url: str) -> None:
        self.session = session
        # The SDK's default client sends a POST twice when a reply is lost.
        self.client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])
        # For Bolt, which gets its token from `authorize` and warns of a client that has one already.
        self.bare_client = AsyncWebClient(base_url=api_url, session=session, retry_handlers=[])
        self._as_ourselves = {**self.client.headers, "Authorization": f"Bearer {self.client.token}"}
        self._in_json = {**self._as_ourselves, "Content-Type": "application/json; charset=utf-8"}
        self._granted = ""

    @property
    def scopes(self) -> frozenset[str]:
        """What the app may do, as Slack said in its last answer."""
        return scopes_of(self._granted)

    async def call(self, method: str, arguments: Mapping[str, Any], seconds: float = CALL_SECONDS) -> dict[str, Any]:
        """Call one Web API method with JSON arguments and return its answer."""
        return await self._answer(method, to_json(arguments), self._in_json, seconds)

    async def read(self, method: str, arguments: Mapping[str, Any], seconds: float = CALL_SECONDS) -> dict[str, Any]:
        """Call a method that only reads: those take a form, and not all of them JSON. What is empty is left out."""
        form = {name: str(value) for name, value in arguments.items() if value not in (None, "")}
        return await self._answer(method, form, self._as_ourselves, seconds)

    async def _answer(self, method: str, body: Any, headers: Mapping[str, str], seconds: float) -> dict[str, Any]:
        url, proxy = self.client.base_url + method, self.client.proxy
        with _lost_as_refused():
            async with (
                asyncio.timeout(seconds),
                self.session.post(url, data=body, headers=headers, proxy=proxy) as answer,
            ):
                said = _as_json(await answer.read())
        self._granted = answer.headers.get("x-oauth-scopes") or self._granted
        if answer.ok and said.get("ok"):
            return said
        raise meaning(answer.status, said, answer.headers)

    async def upload(self, url: str, content: bytes) -> None:
        """Bring a file's bytes to the address that Slack gave for them."""
        with _lost_as_refused():
            async with self.session.post(url, data=content, proxy=self.client.proxy) as answer:
                if not answer.ok:
                    raise Refused(Fault.UNKNOWN, f"the upload was answered {answer.status}")

    async def respond(self, url: str, body: Mapping[str, Any]) -> None:
        """Answer a press or a command through its response_url (30 minutes, 5 uses)."""
        with _lost_as_refused():
            async with self.session.post(url, json=dict(body), proxy=self.client.proxy) as answer:
                if answer.status >= FIRST_SERVER_ERROR:
                    raise Refused(Fault.UNKNOWN, f"response_url answered {answer.status}")
                if not answer.ok:
                    raise Refused(Fault.OVER, f"response_url answered {answer.status}")


@contextmanager
def _lost_as_refused() -> Iterator[None]:
    """What happens on the way: not sent, or nobody knows."""
    try:
        yield
    except ClientConnectorError as error:
        raise Refused(Fault.BUSY, f"not sent: {error}") from error
    except (ClientError, OSError, TimeoutError) as error:
        raise Refused(Fault.UNKNOWN, f"{type(error).__name__}: {error}") from error


def _as_json(body: bytes) -> dict[str, Any]:
    """An answer's fields; none when it is something else, as from a proxy between."""
    try:
        said = from_json(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def scopes_of(granted: str) -> frozenset[str]:
    """The scopes in the header by which Slack names them."""
    return frozenset(granted.replace(" ", "").split(","))


def refusal(error: SlackApiError) -> Refused:
    """The same of what the SDK's client raises."""
    response = error.response
    # An answer that is no JSON arrives as the HTTP client's own response, without `data` and `status_code`.
    data = getattr(response, "data", None)
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    return meaning(status, data if isinstance(data, dict) else {}, response.headers or {})


def meaning(status: int, said: Mapping[str, Any], headers: Mapping[str, str]) -> Refused:
    """Slack's answer by its meaning: HTTP status first, then its word; no word at all means nobody knows."""
    word = str(said.get("error") or "")
    if status == 429 or word in MEANINGS[Fault.BUSY]:  # noqa: PLR2004 - HTTP's Too Many Requests
        return Refused(Fault.BUSY, word or "429", timedelta(seconds=float(headers.get("Retry-After", 1))))
    if status >= FIRST_SERVER_ERROR:
        return Refused(Fault.UNKNOWN, word or str(status))
    details = "; ".join((said.get("response_metadata") or {}).get("messages", []))
    fault = next((fault for fault, known in MEANINGS.items() if word in known), Fault.UNKNOWN)
    return Refused(fault, f"{word}: {details}" if details else word)


@asynccontextmanager
async def connect(token: str, api_url: str) -> AsyncIterator[Slack]:
    """Open the pooled session for as long as the program runs."""
    timeout = ClientTimeout(total=CALL_SECONDS, connect=3)
    async with ClientSession(timeout=timeout, connector=TCPConnector(limit=64)) as session:
        yield Slack(session, token, api_url)
