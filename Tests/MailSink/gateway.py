"""A gateway for text messages on this machine alone: answers with STATUS, and keeps each request as a file.

gateway.py STATUS FOLDER
"""

import http.server
import json
import os
import sys
import threading

status, folder = int(sys.argv[1]), sys.argv[2]


class Handler(http.server.BaseHTTPRequestHandler):
    count = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        Handler.count += 1
        with open(os.path.join(folder, f"{Handler.count:06}.json"), "w") as file:
            json.dump({"path": self.path, "headers": dict(self.headers), "body": body}, file)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_PUT = do_GET = do_POST

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
