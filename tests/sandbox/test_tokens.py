"""Who may call what, and in which form arguments come."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import App, Sandbox, Seed
from tests.sandbox.support import SEED, Json, error_of, refused


def client_with(sandbox: Sandbox, token: str | None) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=sandbox.api_url, retry_handlers=[])


async def test_a_token_says_whose_it_is(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == "U0BOT"
    assert answer["bot_id"] == "B0BOT"
    assert answer["team_id"] == "T0NORD"
    assert answer["is_enterprise_install"] is False


async def test_an_answer_names_the_scopes_held_and_those_that_would_do(client: AsyncWebClient) -> None:
    headers = (await client.users_info(user="U0ANA")).headers
    assert set(headers["X-OAuth-Scopes"].split(",")) == set(SEED.app.scopes)
    assert headers["X-Accepted-OAuth-Scopes"] == "users:read"


async def test_a_missing_token_and_a_wrong_one_are_told_apart(sandbox: Sandbox) -> None:
    assert await error_of(client_with(sandbox, None).auth_test()) == "not_authed"
    assert await error_of(client_with(sandbox, "xoxb-nobody").auth_test()) == "invalid_auth"


async def test_a_revoked_token_is_refused_by_the_name_of_its_end(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.tokens.revoke(SEED.app.bot_token)
    assert await error_of(client.auth_test()) == "token_revoked"
    sandbox.tokens.revoke(SEED.app.bot_token, "account_inactive")
    assert await error_of(client.auth_test()) == "account_inactive"


async def test_a_bot_token_opens_no_socket_and_an_app_token_posts_nothing(sandbox: Sandbox) -> None:
    bot = client_with(sandbox, SEED.app.bot_token)
    app = client_with(sandbox, SEED.app.app_token)
    assert await error_of(bot.apps_connections_open(app_token=SEED.app.bot_token)) == "not_allowed_token_type"
    assert await error_of(app.chat_postMessage(channel="C0TEAM", text="x")) == "not_allowed_token_type"


async def test_a_missing_scope_is_named_with_those_that_are_held() -> None:
    async with Sandbox(Seed(app=App(scopes=["chat:write", "commands"]))) as sandbox:
        client = client_with(sandbox, sandbox.seed.app.bot_token)
        answer = await refused(client.users_list())
        assert answer["error"] == "missing_scope"
        assert answer["needed"] == "users:read"
        assert answer["provided"] == "chat:write,commands"


@pytest.mark.parametrize(
    ("scope", "channel", "wanted"),
    [
        ("channels:history", "C0GENERAL", None),
        ("im:history", "C0GENERAL", "channels:history"),
    ],
)
async def test_reading_history_needs_the_scope_of_that_kind_of_conversation(
    scope: str, channel: str, wanted: str | None
) -> None:
    async with Sandbox(Seed(app=App(scopes=[scope]))) as sandbox:
        client = client_with(sandbox, sandbox.seed.app.bot_token)
        if wanted is None:
            assert (await client.conversations_history(channel=channel))["ok"]
        else:
            assert (await refused(client.conversations_history(channel=channel)))["needed"] == wanted


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    answer = await refused(client.api_call("chat.shout"))
    assert answer["error"] == "unknown_method"
    assert answer["req_method"] == "chat.shout"


async def test_api_test_echoes_and_fails_on_demand(client: AsyncWebClient) -> None:
    assert (await client.api_test(word="yes"))["args"]["word"] == "yes"
    assert await error_of(client.api_test(error="my_error")) == "my_error"


async def ask(sandbox: Sandbox, http_method: str, **options: object) -> Json:
    url = f"{sandbox.api_url}users.info"
    async with aiohttp.ClientSession() as session, session.request(http_method, url, **options) as response:  # type: ignore[arg-type]
        answer: Json = await response.json()
        return answer


async def test_arguments_come_in_the_address_a_form_or_json(sandbox: Sandbox) -> None:
    bearer = {"Authorization": f"Bearer {SEED.app.bot_token}"}
    given = {"user": "U0ANA"}
    typed = {**bearer, "Content-Type": "application/json; charset=utf-8"}
    answers = [
        await ask(sandbox, "GET", params=given, headers=bearer),
        await ask(sandbox, "POST", data=given, headers=bearer),
        await ask(sandbox, "POST", data={**given, "token": SEED.app.bot_token}),
        await ask(sandbox, "POST", data='{"user": "U0ANA"}', headers=typed),
    ]
    assert [answer["user"]["id"] for answer in answers] == ["U0ANA"] * 4
    assert all("warning" not in answer for answer in answers)


async def test_json_that_names_no_character_set_is_warned_of(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {SEED.app.bot_token}", "Content-Type": "application/json"}
    answer = await ask(sandbox, "POST", data='{"user": "U0ANA"}', headers=headers)
    assert answer["warning"] == "missing_charset"


async def test_json_that_cannot_be_read_is_refused(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {SEED.app.bot_token}", "Content-Type": "application/json"}
    assert (await ask(sandbox, "POST", data="{", headers=headers))["error"] == "invalid_json"
    assert (await ask(sandbox, "POST", data="[]", headers=headers))["error"] == "json_not_object"


async def test_the_log_of_calls_never_holds_a_token(sandbox: Sandbox) -> None:
    await ask(sandbox, "POST", data={"user": "U0ANA", "token": SEED.app.bot_token})
    assert sandbox.calls[-1].method == "users.info"
    assert SEED.app.bot_token not in str(sandbox.calls)
