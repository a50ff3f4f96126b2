"""`python -m bench.joblens.sink FOLDER`: takes a collector's batches as a manager does and keeps them in the embedded
store. The port is the one line that it prints."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from joblens.captures.order import CAPTURES_HEADER, which
from joblens.store.embedded import EmbeddedStore
from joblens.store.wire import decode, split


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: EmbeddedStore

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.store.write([decode(each) for each in split(body)])
        self._answer(b"{}")

    def do_GET(self) -> None:
        self._answer(b"[]")

    def _answer(self, text: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.send_header(CAPTURES_HEADER, which([]))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    Handler.store = EmbeddedStore(Path(sys.argv[1]) / "traces.db")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
