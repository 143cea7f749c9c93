"""HTTP: the API under /v1, the hosted pages under /c/pay and /setup/e, the control page under /_control."""

from __future__ import annotations

import json
import socket
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.fakestripe import api, control, onboarding, page
from tests.fakestripe.errors import ApiError
from tests.fakestripe.web import Reply
from tests.fakestripe.webhooks import Courier
from tests.fakestripe.world import World

LARGEST_BODY = 1_000_000
IN_USE = "There is currently another in-progress request using this idempotency key."


class Server(ThreadingHTTPServer):
    """Serves one world; threads end with the process."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], world: World, courier: Courier) -> None:
        super().__init__(address, Handler)
        self.world = world
        self.courier = courier


class Handler(BaseHTTPRequestHandler):
    """Reads a request, lets a module answer it, writes the answer."""

    protocol_version = "HTTP/1.1"
    server_version = "fakestripe"
    timeout = 30
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer("GET", "")

    def do_POST(self) -> None:
        """Answer a POST."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self._write(Reply("too large", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
            return
        self._answer("POST", self.rfile.read(length).decode(errors="replace"))

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._answer("DELETE", "")

    def _answer(self, method: str, body: str) -> None:
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = api.Request(method, url.path, body if method == "POST" else url.query, headers)
        if url.path.startswith("/v1/"):
            self._answer_api(request)
        elif url.path.startswith("/_control"):
            self._write(control.answer(self.server.world, self.server.courier, request))
        elif url.path.startswith("/setup/e/"):
            self._write(onboarding.answer(self.server.world, request))
        else:
            self._write(page.answer(self.server.world, request, url.query))

    def _answer_api(self, request: api.Request) -> None:
        faults = self.server.world.faults
        if error := faults.take("error", request.path, request.method):
            trouble = ApiError("An error occurred with our connection.", status=error.status, type_="api_error")
            self._write(Reply(json.dumps(trouble.body), status=error.status, type="application/json"))
            return
        if request.headers.get("idempotency-key") and faults.take("busy", request.path, request.method):
            busy = ApiError(IN_USE, status=409, type_="idempotency_error", code="idempotency_key_in_use")
            self._write(Reply(json.dumps(busy.body), status=409, type="application/json"))
            return
        answer = api.answer(self.server.world, request)
        if late := faults.take("timeout", request.path, request.method):
            time.sleep(late.seconds)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        text = json.dumps(answer.body, indent=2, ensure_ascii=False)
        self._write(Reply(text, status=answer.status, type="application/json", headers=answer.headers))

    def _write(self, reply: Reply) -> None:
        body = reply.text.encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": f"{reply.type}; charset=utf-8", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the control page shows what happened."""
