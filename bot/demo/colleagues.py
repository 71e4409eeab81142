"""The demo's other people: they answer their prompts as people do, by pressing and writing in the sandbox."""

from collections.abc import Mapping
from typing import Any

from bot.demo import company
from bot.huddle import views
from sandbox import Person, Sandbox

LEFT_TO_YOU = {"Ana Torres", "Tom Becker"}
"""Whose morning a newcomer may want to live themselves; Tom's is still open when his manager looks."""

WRITTEN: Mapping[str, Mapping[str, Any]] = {
    "Ella Grant": {
        "today": "Quill Press signs the new bookings order form by five\n"
        "Castello Foods names its budget and who decides\n"
        "Slides for Friday's investor visit",
        "note": "Quill Press asks for a customer to talk to: who knows one in publishing?",
        "share": ["yes"],
    },
    "Ravi Shah": {
        "today": "Atlas Freight confirms the renewal in writing\nTamarind Retail has a second meeting in the calendar",
        "stuck": "Pricing has not approved the two-year discount for Tamarind Retail",
    },
}
"""What some write; everybody else says "same plan"."""


async def answer(sandbox: Sandbox) -> None:
    """Let everybody who was asked and is not left to the newcomer answer now."""
    for employee in company.EMPLOYEES:
        if employee.name in LEFT_TO_YOU:
            continue
        person = sandbox.person(employee.slack_id)
        prompt = next(iter(person.dm()[-1:]), None)
        if prompt is not None and _offers(prompt, views.SAME):
            await _answer(person, prompt, employee.name)


async def _answer(person: Person, prompt: Mapping[str, Any], name: str) -> None:
    if name not in WRITTEN:
        await person.click(prompt, views.SAME)
        return
    await person.click(prompt, views.WRITE)
    if person.view is not None:
        await person.submit(values=WRITTEN[name])


def _offers(message: Mapping[str, Any], action_id: str) -> bool:
    return any(
        element.get("action_id") == action_id
        for block in message.get("blocks", ())
        for element in block.get("elements", ())
    )
