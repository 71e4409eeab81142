"""Views: the modal stack of each person and their Home of the app."""

from sandbox.element_state import current_values
from sandbox.errors import Json, SlackError
from sandbox.normal import normal_blocks, normal_text
from sandbox.page_shapes import tell_stack
from sandbox.view_rules import read_view
from sandbox.workspace import Workspace

DEEPEST_STACK = 3


def stack_of(workspace: Workspace, user_id: str) -> list[Json]:
    """Return a person's open modals, the top one last."""
    return workspace.state.stacks.setdefault(user_id, [])


def open_view(workspace: Workspace, user_id: str, given: object) -> Json:
    """Open a modal as a new stack; an older stack of the person gives way."""
    view = _build(workspace, given, "modal", root=None, previous=None)
    workspace.state.stacks[user_id] = [view]
    _shown(workspace, user_id)
    return view


def push_view(workspace: Workspace, user_id: str, given: object) -> Json:
    """Put a modal on top of the person's stack."""
    stack = stack_of(workspace, user_id)
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= DEEPEST_STACK:
        read_view(given, "modal")
        raise SlackError("push_limit_reached")
    top = stack[-1]
    view = _build(workspace, given, "modal", root=top["root_view_id"], previous=top["id"])
    stack.append(view)
    _shown(workspace, user_id)
    return view


def update_view(workspace: Workspace, view: Json, owner: str, given: object, view_hash: object) -> Json:
    """Replace a view's content; typed values stay where block and action ids are unchanged."""
    surface = "home" if view["type"] == "home" else "modal"
    fresh = _build(
        workspace,
        given,
        "home" if surface == "home" else "modal",
        root=view["root_view_id"],
        previous=view["previous_view_id"],
        replacing=view,
    )
    if view_hash not in (None, "") and view_hash != view["hash"]:
        raise SlackError("hash_conflict")
    fresh["id"] = view["id"]
    fresh["root_view_id"] = view["root_view_id"]
    view.clear()
    view.update(fresh)
    if surface == "home":
        _home_shown(workspace, owner)
    else:
        _shown(workspace, owner)
    return view


def publish_view(workspace: Workspace, user_id: str, given: object, view_hash: object) -> Json:
    """Publish a person's Home."""
    published = workspace.state.homes.get(user_id)
    if published is not None:
        return update_view(workspace, published, user_id, given, view_hash)
    view = _build(workspace, given, "home", root=None, previous=None)
    workspace.state.homes[user_id] = view
    _home_shown(workspace, user_id)
    return view


def find_view(workspace: Workspace, view_id: object, external_id: object) -> tuple[str, Json]:
    """Return the owner and a view by either id, or raise Slack's refusal."""
    if view_id and external_id:
        raise SlackError("invalid_arguments", ["only one of view_id and external_id may be given"])
    if isinstance(view_id, str) and (found := workspace.state.find_view(view_id)):
        return found
    if external_id:
        for user_id, stack in workspace.state.stacks.items():
            for view in stack:
                if view["external_id"] == external_id:
                    return user_id, view
        for user_id, view in workspace.state.homes.items():
            if view["external_id"] == external_id:
                return user_id, view
    raise SlackError("not_found")


def keep_values(workspace: Workspace, view: Json, values: Json) -> None:
    """Remember what a person typed, for the ids that the view has; files are told as the workspace has them."""
    kept = current_values(view["blocks"], values)
    for block in kept.values():
        for held in block.values():
            if "files" in held:
                known = (workspace.state.files.get(str(one.get("id"))) for one in held["files"])
                held["files"] = [dict(file) for file in known if file is not None]
    view["state"] = {"values": kept}


def pop_view(workspace: Workspace, user_id: str, view: Json) -> None:
    """Close one view; the one below shows again."""
    stack = stack_of(workspace, user_id)
    stack[:] = [other for other in stack if other is not view]
    _shown(workspace, user_id)


def clear_stack(workspace: Workspace, user_id: str) -> list[Json]:
    """Close every view of a person; return them, the top one first."""
    stack = stack_of(workspace, user_id)
    closed = list(reversed(stack))
    stack.clear()
    _shown(workspace, user_id)
    return closed


def _build(
    workspace: Workspace,
    given: object,
    surface: str,
    *,
    root: str | None,
    previous: str | None,
    replacing: Json | None = None,
) -> Json:
    checked = read_view(given, "home" if surface == "home" else "modal")
    external_id = checked.get("external_id") or ""
    if external_id:
        _refuse_second(workspace, external_id, replacing)
    seed = workspace.seed
    blocks = normal_blocks(checked["blocks"], workspace.ids)
    typed = {} if replacing is None else replacing["state"]["values"]
    view_id = workspace.ids.new("V")
    return {
        "id": view_id,
        "team_id": seed.team.id,
        "type": surface,
        "blocks": blocks,
        "private_metadata": checked.get("private_metadata") or "",
        "callback_id": checked.get("callback_id") or "",
        "state": {"values": current_values(blocks, typed)},
        "hash": f"{int(workspace.now().timestamp())}.{workspace.ids.short()}{workspace.ids.short()}",
        "title": normal_text(checked.get("title")) or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(checked.get("clear_on_close")),
        "notify_on_close": bool(checked.get("notify_on_close")),
        "close": normal_text(checked.get("close")),
        "submit": normal_text(checked.get("submit")),
        "previous_view_id": previous,
        "root_view_id": root or view_id,
        "app_id": seed.app.id,
        "external_id": external_id,
        "app_installed_team_id": seed.team.id,
        "bot_id": seed.app.bot_id,
    }


def _refuse_second(workspace: Workspace, external_id: str, replacing: Json | None) -> None:
    try:
        _, other = find_view(workspace, None, external_id)
    except SlackError:
        return
    if other is not replacing:
        raise SlackError("duplicate_external_id")


def _shown(workspace: Workspace, user_id: str) -> None:
    tell_stack(workspace, user_id)
    workspace.touch()


def _home_shown(workspace: Workspace, user_id: str) -> None:
    workspace.hub.tell({"type": "home", "view": workspace.state.homes.get(user_id)}, [user_id])
    workspace.touch()
