"""The server is asked to stop while it works: what was begun is answered, and it has ended soon after."""

import http.client
import threading
import time
from urllib.parse import urlencode

from support.kith import ENGINES, PASSWORD, Kith
from support.tally import torture
from support.visitor import FORM

SECONDS_TO_STOP = 5


class Worker(threading.Thread):
    """Signs in again and again on one connection, and counts the answers that were cut off."""

    def __init__(self, kith: Kith, number: int):
        super().__init__(daemon=True)
        self._port = kith.port
        self._number = number
        self.answers = 0
        self.cut_off = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        body = urlencode({"login": f"nobody-{self._number}", "password": PASSWORD})
        headers = {"Content-Type": FORM, "Origin": f"http://127.0.0.1:{self._port}"}
        while True:
            try:
                connection.request("POST", "/sign-in", body, headers)
                response = connection.getresponse()
            except (OSError, http.client.RemoteDisconnected):
                # Closed between two requests, before the server took this one up.
                return
            try:
                response.read()
                self.answers += 1
            except (OSError, http.client.IncompleteRead):
                self.cut_off += 1
                return


def in_flight(kith: Kith, count: int) -> tuple[int, int]:
    """Sends a request on each of many connections, and asks the server to stop before it can have answered them all.
    :return: how many were sent, and how many were answered whole"""
    connections = []
    for _ in range(count):
        connection = http.client.HTTPConnection("127.0.0.1", kith.port, timeout=20)
        connection.request("GET", "/health")
        connection.getresponse().read()
        connections.append(connection)
    body = urlencode({"login": "nobody", "password": PASSWORD})
    for connection in connections:
        headers = {"Content-Type": FORM, "Origin": f"http://127.0.0.1:{kith.port}"}
        connection.request("POST", "/sign-in", body, headers)
    time.sleep(0.1)
    kith.terminate()
    whole = 0
    for connection in connections:
        try:
            whole += connection.getresponse().read() != b""
        except (OSError, http.client.HTTPException):
            pass
    return count, whole


def stop(kith: Kith, tally, what: str, start: float) -> None:
    with tally.fault(what):
        assert kith.wait() == 0, "it did not end cleanly"
        took = time.monotonic() - start
        assert took <= SECONDS_TO_STOP, f"it took {took:.1f} s"


with torture() as tally:
    for engine in ENGINES:
        with Kith(engine) as kith:
            ana = kith.add("Ana", "coordinator")
            for _ in range(1 if tally.short else 10):
                sent, whole = in_flight(kith, 40)
                tally.add(sent, whole, f"{engine}: requests in flight that were not answered")
                stop(kith, tally, f"{engine}: stopping with requests in flight", time.monotonic())
                kith.start()
                workers = [Worker(kith, number) for number in range(8)]
                for worker in workers:
                    worker.start()
                time.sleep(0.5)
                kith.terminate()
                stop(kith, tally, f"{engine}: stopping under load", time.monotonic())
                for worker in workers:
                    worker.join()
                tally.check(not sum(worker.cut_off for worker in workers), f"{engine}: an answer was cut off")
                tally.check(sum(worker.answers for worker in workers) > 0, f"{engine}: nothing was answered at all")
                kith.start()
            tally.check(ana.get("/board").status == 200, f"{engine}: the session, after all of it")
