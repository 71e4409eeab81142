"""People, bots, teams, channels and files as the Web API and events show them."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.errors import Json
from sandbox.seed import App, Seed, Team, User
from sandbox.state import Conversation

_COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "2b6836", "d55aef")
_ICON_SIZES = (24, 32, 48, 72, 192, 512)


def color_of(user: User) -> str:
    """Return the person's colour, made from the id when the seed names none."""
    return user.color.removeprefix("#") or _COLORS[sum(map(ord, user.id)) % len(_COLORS)]


def initials_of(user: User) -> str:
    """Return up to two letters for the avatar."""
    words = (user.real_name or user.name).split()
    letters = [word[0] for word in words if word[0].isalnum()]
    return "".join(letters[:1] + letters[1:][-1:]).upper()


def _zone(user: User, moment: datetime) -> Json:
    """Return the zone fields; a person without a zone has none of them, as odd accounts on Slack."""
    if user.tz is None:
        return {}
    try:
        local = moment.astimezone(ZoneInfo(user.tz))
    except (ZoneInfoNotFoundError, ValueError):
        return {"tz": user.tz, "tz_label": user.tz, "tz_offset": 0}
    offset = local.utcoffset()
    seconds = 0 if offset is None else int(offset.total_seconds())
    return {"tz": user.tz, "tz_label": local.tzname() or user.tz, "tz_offset": seconds}


def user_json(user: User, seed: Seed, moment: datetime, *, with_email: bool = True, with_locale: bool = False) -> Json:
    """Return a person as `users.info` does."""
    is_app = user.id == seed.app.bot_user_id
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id or seed.team.id,
        "name": user.name,
        "deleted": user.deleted,
        "color": color_of(user),
        "real_name": user.real_name or user.name,
        **_zone(user, moment),
        "profile": profile_json(user, seed, with_email=with_email),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot or is_app,
        "is_app_user": False,
        "updated": int(moment.timestamp()),
        "is_email_confirmed": not (user.is_bot or is_app),
        "who_can_share_contact_card": "EVERYONE",
    }
    if user.is_stranger:
        shown["is_stranger"] = True
    if user.is_invited_user:
        shown["is_invited_user"] = True
    if with_locale:
        shown["locale"] = user.locale
    if seed.team.enterprise_id is not None:
        shown["enterprise_user"] = {
            "id": user.id,
            "enterprise_id": seed.team.enterprise_id,
            "enterprise_name": seed.team.enterprise_name or "",
            "is_admin": False,
            "is_owner": False,
            "teams": [seed.team.id],
        }
    return shown


def profile_json(user: User, seed: Seed, *, with_email: bool = True) -> Json:
    """Return a person's profile."""
    real_name = user.real_name or user.name
    first, _, last = real_name.partition(" ")
    shown: Json = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": real_name,
        "real_name_normalized": real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "fields": None,
        "status_text": user.status_text,
        "status_text_canonical": "",
        "status_emoji": user.status_emoji,
        "status_emoji_display_info": [],
        "status_expiration": user.status_expiration,
        "avatar_hash": f"g{user.id.lower()}",
        "huddle_state": "default_unset",
        "huddle_state_expiration_ts": 0,
        "first_name": first,
        "last_name": last,
        "team": user.team_id or seed.team.id,
        **{f"image_{size}": _avatar(user.id, size) for size in _ICON_SIZES},
    }
    if user.id == seed.app.bot_user_id:
        shown["api_app_id"] = seed.app.id
        shown["bot_id"] = seed.app.bot_id
        shown["always_active"] = True
    elif with_email:
        shown["email"] = user.email or f"{user.name}@{seed.team.domain}.example"
    return shown


def _avatar(identity: str, size: int) -> str:
    return f"https://avatars.sandbox.invalid/{identity}-{size}.png"


def bot_profile_json(app: App, team: Team) -> Json:
    """Return what each message of the app carries about it."""
    return {
        "id": app.bot_id,
        "deleted": False,
        "name": app.name,
        "updated": 0,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "icons": {f"image_{size}": _avatar(app.bot_id, size) for size in (36, 48, 72)},
        "team_id": team.id,
    }


def team_json(team: Team) -> Json:
    """Return the workspace as `team.info` does."""
    shown: Json = {
        "id": team.id,
        "name": team.name,
        "domain": team.domain,
        "email_domain": "",
        "url": team_url(team),
        "icon": {"image_default": True, **{f"image_{size}": _avatar(team.id, size) for size in (34, 68)}},
        "avatar_base_url": "https://avatars.sandbox.invalid/",
        "is_verified": False,
    }
    if team.enterprise_id is not None:
        shown["enterprise_id"] = team.enterprise_id
        shown["enterprise_name"] = team.enterprise_name
    return shown


def team_url(team: Team) -> str:
    """Return the workspace's address."""
    return f"https://{team.domain}.slack.com/"


def channel_json(channel: Conversation, seed: Seed, *, is_member: bool, reader: str) -> Json:
    """Return a conversation as `conversations.info` does."""
    if channel.kind == "im":
        others = [member for member in channel.members if member != reader]
        return {
            "id": channel.id,
            "created": channel.created,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": seed.team.id,
            "user": others[0] if others else reader,
            "updated": channel.created * 1000,
            "is_user_deleted": False,
            "is_open": True,
            "priority": 0,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": seed.team.id,
        "updated": channel.created * 1000,
        "parent_conversation": None,
        "creator": channel.creator,
        "is_ext_shared": channel.is_ext_shared,
        "shared_team_ids": [seed.team.id],
        "pending_connected_team_ids": [],
        "is_member": is_member,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": channel.created},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": channel.created},
        "previous_names": [],
    }


def payload_channel_name(channel: Conversation) -> str:
    """Return the name that payloads give a conversation: DMs and private ones have fixed words."""
    fixed = {"im": "directmessage", "private": "privategroup"}
    return fixed.get(channel.kind, channel.name)
