"""The parts of the server that Web API methods reach beyond the workspace."""

from dataclasses import dataclass

from sandbox.oauth import OAuth
from sandbox.socket_mode import SocketMode
from sandbox.tokens import Tokens
from sandbox.uploads import Uploads


@dataclass(frozen=True)
class Services:
    """Tokens, Socket Mode, uploads and installs."""

    tokens: Tokens
    socket_mode: SocketMode
    uploads: Uploads
    oauth: OAuth
