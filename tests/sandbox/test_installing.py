"""OAuth: the consent page, the code, the token; for a workspace and for an organisation."""

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, Team
from tests.sandbox.support import SEED, error_of

# The SDK still builds the header in the way that aiohttp is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
BACK = "http://127.0.0.1:9/oauth"
QUERY = {"client_id": "1.2", "scope": "chat:write,users:read", "state": "s1", "redirect_uri": BACK}


@pytest.fixture
async def workspace() -> AsyncIterator[Sandbox]:
    team = Team(id="T0NORD", name="Nordlicht", domain="nordlicht", enterprise_id="E0ORG", enterprise_name="Nord Group")
    seed = replace(SEED, team=team, app=replace(SEED.app, redirect_urls=[BACK]))
    async with Sandbox(seed) as running:
        yield running


async def consent(sandbox: Sandbox, answer: str = "allow", **more: str) -> dict[str, list[str]]:
    """Press a button on the consent page and return what the app gets back."""
    url = f"{sandbox.url}/oauth/v2/authorize"
    async with aiohttp.ClientSession() as session:
        async with session.get(url, params=QUERY) as page:
            shown = await page.text()
            assert "Test app wants to be installed in Nordlicht" in shown
            assert "<li>users:read</li>" in shown
        form = {**QUERY, "as": "U0ANA", "answer": answer, **more}
        async with session.post(url, data=form, allow_redirects=False) as back:
            assert back.status == 302
            return parse_qs(urlsplit(back.headers["Location"]).query)


async def test_a_workspace_install_hands_out_a_token_with_the_asked_scopes(workspace: Sandbox) -> None:
    back = await consent(workspace)
    assert back["state"] == ["s1"]
    client = AsyncWebClient(base_url=workspace.api_url)
    given = await client.oauth_v2_access(
        client_id="1.2", client_secret=SEED.app.client_secret, code=back["code"][0], redirect_uri=BACK
    )
    assert given["scope"] == "chat:write,users:read"
    assert given["team"] == {"id": "T0NORD", "name": "Nordlicht"}
    assert given["enterprise"] == {"id": "E0ORG", "name": "Nord Group"}
    assert given["is_enterprise_install"] is False
    assert given["authed_user"] == {"id": "U0ANA"}
    installed = AsyncWebClient(token=str(given["access_token"]), base_url=workspace.api_url)
    assert (await installed.auth_test())["bot_id"] == "B0BOT"
    assert await error_of(installed.usergroups_list()) == "missing_scope"


async def test_an_organisation_install_has_no_team_and_must_name_one(workspace: Sandbox) -> None:
    back = await consent(workspace, org="1")
    client = AsyncWebClient(base_url=workspace.api_url)
    given = await client.oauth_v2_access(
        client_id="1.2", client_secret=SEED.app.client_secret, code=back["code"][0], redirect_uri=BACK
    )
    assert given["is_enterprise_install"] is True
    assert given["team"] is None
    installed = AsyncWebClient(token=str(given["access_token"]), base_url=workspace.api_url)
    assert (await installed.auth_test())["is_enterprise_install"] is True
    assert await error_of(installed.users_list()) == "missing_argument"
    assert (await installed.users_list(team_id="T0NORD"))["members"]
    await workspace.person("U0ANA").command("/plan")
    command = workspace.deliveries[-1].payload
    assert (command["enterprise_id"], command["is_enterprise_install"]) == ("E0ORG", "true")


async def test_a_code_works_once(workspace: Sandbox) -> None:
    code = (await consent(workspace))["code"][0]
    client = AsyncWebClient(base_url=workspace.api_url)
    asked = {"client_id": "1.2", "client_secret": SEED.app.client_secret, "redirect_uri": BACK}
    assert (await client.oauth_v2_access(code=code, **asked))["ok"]
    assert await error_of(client.oauth_v2_access(code=code, **asked)) == "invalid_code"


async def test_wrong_credentials_are_told_apart(workspace: Sandbox) -> None:
    client = AsyncWebClient(base_url=workspace.api_url)
    secret = SEED.app.client_secret
    for client_id, client_secret, error in (
        ("9.9", secret, "invalid_client_id"),
        ("1.2", "wrong", "bad_client_secret"),
        ("1.2", secret, "invalid_code"),
    ):
        call = client.oauth_v2_access(client_id=client_id, client_secret=client_secret, code="x")
        assert await error_of(call) == error


async def test_a_refusal_comes_back_without_a_code(workspace: Sandbox) -> None:
    back = await consent(workspace, answer="cancel")
    assert back == {"state": ["s1"], "error": ["access_denied"]}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"client_id": "9.9"}, "invalid_client_id"),
        ({"scope": ""}, "no_scopes"),
        ({"scope": "admin"}, "invalid_scope: admin"),
        ({"redirect_uri": "http://127.0.0.1:9/elsewhere"}, "bad_redirect_uri"),
    ],
)
async def test_a_wrong_link_never_shows_the_consent_page(
    workspace: Sandbox, change: dict[str, str], problem: str
) -> None:
    url = f"{workspace.url}/oauth/v2/authorize"
    async with aiohttp.ClientSession() as session, session.get(url, params={**QUERY, **change}) as page:
        assert page.status == 400
        assert await page.text() == problem


async def test_a_revoked_token_is_dead(client: AsyncWebClient) -> None:
    assert (await client.auth_revoke(test=True))["revoked"] is False
    assert (await client.auth_revoke())["revoked"] is True
    assert await error_of(client.auth_test()) == "token_revoked"
