"""Slack's accounts, parsed once at the edge (users.list, team_join, user_change)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rituals import calendar
from rituals.absences import Status
from rituals.roster import SLACKBOT, LeftOut, Profile


def profile(user: Mapping[str, Any], workspace: str) -> Profile:
    """An account as the roster reads it. Its name is the one that people chose to be called by in full."""
    shown: Mapping[str, Any] = user.get("profile") or {}
    zone = user.get("tz")
    expires = int(shown.get("status_expiration") or 0)
    status = Status(
        str(shown.get("status_text") or ""),
        str(shown.get("status_emoji") or ""),
        datetime.fromtimestamp(expires, UTC) if expires else None,
    )
    return Profile(
        slack_id=str(user["id"]),
        name=str(user.get("real_name") or shown.get("real_name") or user.get("name") or user["id"]).strip(),
        zone=zone if isinstance(zone, str) and calendar.is_zone(zone) else None,
        updated=datetime.fromtimestamp(int(user.get("updated") or 0), UTC),
        left_out=_left_out(user, workspace),
        status=status,
    )


def _left_out(user: Mapping[str, Any], workspace: str) -> LeftOut | None:
    if user.get("is_bot") or user.get("is_app_user") or user["id"] == SLACKBOT:
        return LeftOut.BOT
    if user.get("is_stranger") or _elsewhere(user, workspace):
        return LeftOut.STRANGER
    if user.get("deleted"):
        return LeftOut.GONE
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return LeftOut.GUEST
    return LeftOut.INVITED if user.get("is_invited_user") else None


def _elsewhere(user: Mapping[str, Any], workspace: str) -> bool:
    """Whether the account is another company's. In an organisation people may name another workspace as theirs."""
    organisation: Mapping[str, Any] = user.get("enterprise_user") or {}
    home = user.get("team_id")
    return home not in (None, workspace) and workspace not in (organisation.get("teams") or ())
