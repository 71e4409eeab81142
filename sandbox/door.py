"""Who may talk to a loopback server: programs on this machine, and pages that it served itself."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}


def keep_strangers_out(*, allow_remote: bool) -> Middleware:
    """Refuse requests that a web page from elsewhere makes a browser send, also under a borrowed name."""

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        own = request.host
        if not allow_remote and urlsplit(f"//{own}").hostname not in _LOOPBACK_NAMES:
            return web.Response(status=403, text="this sandbox answers to loopback names only")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != own:
            return web.Response(status=403, text="this sandbox answers to its own page only")
        return await handler(request)

    return look
