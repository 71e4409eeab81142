"""What people do with modals: submit and close."""

import asyncio

from sandbox.acting import Acting
from sandbox.element_state import client_errors, inputs_of
from sandbox.errors import Json, SlackError
from sandbox.outcome import Outcome, refused, trouble_connecting
from sandbox.payloads import view_closed, view_submission
from sandbox.seed import User
from sandbox.views import clear_stack, keep_values, pop_view, push_view, stack_of, update_view
from sandbox.workspace import Workspace


class Modals:
    """Submitting and dismissing, with every answer that an app can give."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting
        self._workspace: Workspace = acting.workspace

    async def submit(self, user: User, view_id: str, values: Json) -> Outcome:
        """Submit a modal: Slack's own client checks come first, then the app's answer counts."""
        view = self._top(user, view_id)
        if view is None:
            return refused("not_found", "This view is no longer open.")
        if view["submit"] is None:
            return refused("not_submittable", "This view has nothing to submit.")
        keep_values(self._workspace, view, values)
        errors = client_errors(view["blocks"], view["state"]["values"])
        if errors:
            return Outcome(ok=False, errors=errors)
        payload = view_submission(self._workspace, user, dict(view), self._response_urls(user, view))
        answer = await self._acting.interact(payload, accepts_response=True)
        if not answer.ok:
            return self._trouble(user, view_id, answer.payload)
        outcome = self._obey(user, view, answer.payload or {})
        return outcome if outcome.ok or outcome.errors else self._trouble(user, view_id, answer.payload)

    def _trouble(self, user: User, view_id: str, response: Json | None) -> Outcome:
        return self._acting.fail(user.id, {"view_id": view_id}, trouble_connecting(response))

    def _top(self, user: User, view_id: str) -> Json | None:
        stack = stack_of(self._workspace, user.id)
        return stack[-1] if stack and stack[-1]["id"] == view_id else None

    def _obey(self, user: User, view: Json, response: Json) -> Outcome:
        """Do what the ack says; an answer that Slack would reject leaves the modal as it is."""
        what = response.get("response_action")
        refusal = Outcome(ok=False, response=response)
        try:
            if not response:
                pop_view(self._workspace, user.id, view)
            elif what == "clear":
                clear_stack(self._workspace, user.id)
            elif what == "update":
                update_view(self._workspace, view, user.id, response.get("view"), None)
            elif what == "push":
                push_view(self._workspace, user.id, response.get("view"))
            elif what == "errors":
                return self._errors(view, response)
            else:
                return refusal
        except SlackError:
            return refusal
        return Outcome(ok=True, response=response)

    def _errors(self, view: Json, response: Json) -> Outcome:
        errors = response.get("errors")
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            return Outcome(ok=False, response=response)
        if not all(isinstance(text, str) and text for text in errors.values()):
            return Outcome(ok=False, response=response)
        return Outcome(ok=False, errors=errors, response=response)

    def _response_urls(self, user: User, view: Json) -> list[Json]:
        """Return a URL for each filled conversation menu that asks for one."""
        urls: list[Json] = []
        for block, element in inputs_of(view["blocks"]):
            held = view["state"]["values"][block["block_id"]][element["action_id"]]
            channel_id = held.get("selected_conversation") or held.get("selected_channel")
            conversation = self._workspace.conversation(channel_id)
            if element.get("response_url_enabled") and conversation is not None:
                urls.append(
                    {
                        "response_url": self._acting.response_urls.make(conversation, user.id),
                        "channel_id": conversation.id,
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                    }
                )
        return urls

    async def close(self, user: User, view_id: str, *, is_cleared: bool = False) -> Outcome:
        """Dismiss a modal; the app hears of those that asked for it."""
        view = self._top(user, view_id)
        if view is None:
            return refused("not_found", "This view is no longer open.")
        everything = is_cleared or view["clear_on_close"]
        if everything:
            closed = clear_stack(self._workspace, user.id)
        else:
            closed = [view]
            pop_view(self._workspace, user.id, view)
        payloads = [
            view_closed(self._workspace, user, one, is_cleared=everything) for one in closed if one["notify_on_close"]
        ]
        answers = await asyncio.gather(*map(self._acting.interact, payloads))
        # The view is closed whatever the app says; a person sees nothing of a missing ack.
        return Outcome(ok=True, error=next((answer.error for answer in answers if not answer.ok), None))
