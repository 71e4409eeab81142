"""What an API fault does to one HTTP request."""

import asyncio

from aiohttp import web

from sandbox.errors import Json, SlackError
from sandbox.faults import Fault


def refusal_of(fault: Fault) -> SlackError | None:
    """Return the refusal with which a fault answers instead of the method, if it does."""
    if fault.kind == "unavailable":
        return SlackError("service_unavailable", status=503)
    if fault.kind == "rate_limit":
        return SlackError("ratelimited", status=429, retry_after=max(1, int(fault.seconds)))
    if fault.kind == "fail":
        return SlackError(fault.error)
    return None


async def before(fault: Fault, request: web.Request) -> web.Response | None:
    """Act before the method; a response here means that nothing was done."""
    if fault.kind == "refuse":
        return hang_up(request)
    if fault.kind == "delay":
        await request.read()  # it has arrived: what is late is done all the same, with nobody waiting any more
        await asyncio.sleep(fault.seconds)
    return None


def after(fault: Fault, request: web.Request, response: web.Response) -> web.Response:
    """Act after the method did its work."""
    if fault.kind == "drop_reply":
        return hang_up(request)
    if fault.kind == "error_after":
        body: Json = {"ok": False, "error": "internal_error"}
        return web.json_response(body, status=500)
    return response


def hang_up(request: web.Request) -> web.Response:
    """Drop the connection; whatever is returned now reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
