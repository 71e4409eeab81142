"""views.open, push, update, publish."""

from sandbox.errors import Json, SlackError
from sandbox.methods.registry import Call, method
from sandbox.triggers import Trigger
from sandbox.views import find_view, open_view, publish_view, push_view, update_view


def _trigger(call: Call) -> Trigger:
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    if trigger_id is None:
        raise SlackError("invalid_arguments", ["missing required field: trigger_id"])
    return call.workspace.triggers.look(trigger_id)


@method("views.open", tier=4)
async def views_open(call: Call) -> Json:
    """Open a modal for whoever caused the trigger."""
    trigger = _trigger(call)
    view = open_view(call.workspace, trigger.user_id, call.get("view"))
    # A refused view does not use the trigger up.
    trigger.used = True
    return {"view": dict(view)}


@method("views.push", tier=4)
async def views_push(call: Call) -> Json:
    """Put a modal on top of the one that caused the trigger."""
    trigger = _trigger(call)
    if trigger.view_id is None:
        raise SlackError("not_found")
    view = push_view(call.workspace, trigger.user_id, call.get("view"))
    trigger.used = True
    return {"view": dict(view)}


@method("views.update", tier=4)
async def views_update(call: Call) -> Json:
    """Replace the content of an open view."""
    if call.get("view_id") is None and call.get("external_id") is None:
        raise SlackError("invalid_arguments", ["missing required field: view_id"])
    owner, view = find_view(call.workspace, call.get("view_id"), call.get("external_id"))
    return {"view": dict(update_view(call.workspace, view, owner, call.get("view"), call.get("hash")))}


@method("views.publish", tier=4)
async def views_publish(call: Call) -> Json:
    """Publish a person's Home."""
    if not call.workspace.seed.app.home_tab:
        raise SlackError("not_enabled")
    user = call.workspace.user(call.need("user_id"))
    if user is None or user.is_bot:
        raise SlackError("user_not_found")
    return {"view": dict(publish_view(call.workspace, user.id, call.get("view"), call.get("hash")))}
