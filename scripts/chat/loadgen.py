"""The shared load generator, with one more protocol: `kith`, which is how a browser does it. A member listens at the
conversation's event stream; a message is a form with an identifier of its own and the token of its session.

Run by scripts/bench-chat, which sets CHAT_SHARED to the folder of the shared generator and CHAT_ROOMS to rooms.json.
"""

import importlib.util
import json
import os
import uuid

spec = importlib.util.spec_from_file_location("shared_loadgen", os.path.join(os.environ["CHAT_SHARED"], "loadgen.py"))
shared = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shared)

with open(os.environ["CHAT_ROOMS"], encoding="utf-8") as file:
    rooms = json.load(file)


class Kith(shared.Sse):
    """Reads its room's stream; who writes posts on a second connection, as the shared SSE adapter does."""

    def __init__(self, arguments, number):
        super().__init__(arguments, number)
        self.room = rooms[str(arguments.members)]
        self.member = self.room["members"][number]

    def heads(self):
        # As the Host that the shared generator sends: without a port.
        return f"Cookie: session={self.member['session']}\r\nOrigin: http://{self.a.host}\r\n"

    def join(self):
        self.a.sub = self.room["path"] + "/events?after=999999999"
        super().join()

    def send(self, sequence, due):
        self.a.pub = self.room["path"] + "/messages"
        self.a.content_type = "application/x-www-form-urlencoded"
        self.a.post_body = f"form-token={self.member['token']}&message={uuid.uuid4()}&body={{body}}"
        super().send(sequence, due)


shared.PROTO["kith"] = Kith

if __name__ == "__main__":
    shared.main()
