"""Files: a ticket, an upload to its URL, and the file that others then see."""

import base64
import mimetypes

from aiohttp import web

from sandbox.errors import Json
from sandbox.workspace import Workspace

UPLOAD_PATH = "/upload/v1/"
FILE_PATH = "/files/"


class Uploads:
    """Tickets that wait for their bytes, and the bytes of every file."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._tickets: dict[str, str] = {}

    def new_ticket(self, name: str, length: int, alt_text: str) -> tuple[str, str]:
        """Return a file id and the URL that takes its bytes."""
        workspace = self._workspace
        file_id, ticket = workspace.ids.new("F"), workspace.ids.hexadecimal(32)
        self._tickets[ticket] = file_id
        workspace.state.files[file_id] = self._file_json(file_id, name, length, alt_text)
        return file_id, f"{workspace.base_url}{UPLOAD_PATH}{ticket}"

    def _file_json(self, file_id: str, name: str, length: int, alt_text: str) -> Json:
        workspace, seed = self._workspace, self._workspace.seed
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        extension = name.rpartition(".")[2] if "." in name else "binary"
        created = int(workspace.now().timestamp())
        address = f"{workspace.base_url}{FILE_PATH}{file_id}/{name}"
        shown: Json = {
            "id": file_id,
            "created": created,
            "timestamp": created,
            "name": name,
            "title": name,
            "mimetype": kind,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": seed.app.bot_user_id,
            "user_team": seed.team.id,
            "editable": False,
            "size": length,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": address,
            "url_private_download": f"{address}?download=1",
            "media_display_type": "unknown",
            "permalink": address,
            "permalink_public": address,
            "is_starred": False,
            "has_rich_preview": False,
            "file_access": "visible",
            "channels": [],
            "groups": [],
            "ims": [],
            "shares": {},
        }
        if alt_text:
            shown["alt_txt"] = alt_text
        return shown

    def has_bytes(self, file_id: str) -> bool:
        """Tell whether a file was uploaded."""
        return file_id in self._workspace.state.file_contents

    async def receive(self, request: web.Request) -> web.Response:
        """Take the bytes of a ticket, raw or as a form's first file."""
        file_id = self._tickets.get(request.match_info["ticket"])
        if file_id is None:
            return web.Response(status=404, text="unknown upload")
        content = await _content(request)
        wanted = self._workspace.state.files[file_id]["size"]
        if len(content) != wanted:
            return web.Response(status=400, text=f"expected {wanted} bytes, got {len(content)}")
        self._workspace.state.file_contents[file_id] = base64.b64encode(content).decode()
        self._workspace.touch()
        return web.Response(text=f"OK - {len(content)}")

    async def send(self, request: web.Request) -> web.Response:
        """Show a file to the page."""
        file_id = request.match_info["file_id"]
        held = self._workspace.state.file_contents.get(file_id)
        if held is None:
            return web.Response(status=404, text="no such file")
        file = self._workspace.state.files[file_id]
        # Only pictures are shown in place: anything else could run in the page's own origin.
        inline = file["mimetype"] in {"image/png", "image/jpeg", "image/gif", "image/webp"}
        manner = "inline" if inline and "download" not in request.query else "attachment"
        headers = {
            "Content-Disposition": f'{manner}; filename="{file_id}"',
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=base64.b64decode(held), content_type=file["mimetype"], headers=headers)


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
