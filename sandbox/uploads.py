"""Files: a ticket, an upload to its URL, and the file that others then see."""

import base64
import mimetypes
from urllib.parse import quote

from aiohttp import web

from sandbox.errors import Json
from sandbox.workspace import Workspace

UPLOAD_PATH = "/upload/v1/"
FILE_PATH = "/files/"
# What one file of a `file_input` may weigh.
LARGEST_CHOSEN_FILE = 10 * 1024 * 1024


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
        owner = workspace.seed.app.bot_user_id
        workspace.state.files[file_id] = _file_json(workspace, file_id, name, length, owner)
        if alt_text:
            workspace.state.files[file_id]["alt_txt"] = alt_text
        return file_id, f"{workspace.base_url}{UPLOAD_PATH}{ticket}"

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
        _keep_bytes(self._workspace, file_id, content)
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


def keep_file(workspace: Workspace, owner: str, name: str, content: bytes) -> Json:
    """Keep a file that a person chose in a form; nobody else sees it until the app is handed it."""
    file_id = workspace.ids.new("F")
    workspace.state.files[file_id] = _file_json(workspace, file_id, name, len(content), owner)
    _keep_bytes(workspace, file_id, content)
    return dict(workspace.state.files[file_id])


def _keep_bytes(workspace: Workspace, file_id: str, content: bytes) -> None:
    workspace.state.file_contents[file_id] = base64.b64encode(content).decode()
    workspace.touch()


def _file_json(workspace: Workspace, file_id: str, name: str, length: int, owner: str) -> Json:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    extension = name.rpartition(".")[2].lower() if "." in name else "binary"
    created = int(workspace.now().timestamp())
    address = f"{workspace.base_url}{FILE_PATH}{file_id}/{quote(name, safe='')}"
    user = workspace.user(owner)
    return {
        "id": file_id,
        "created": created,
        "timestamp": created,
        "name": name,
        "title": name,
        "mimetype": kind,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": owner,
        "user_team": workspace.seed.team.id if user is None else workspace.team_of(user),
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
