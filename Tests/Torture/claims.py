"""Several people want the same thing at the same moment, on PostgreSQL through two servers: there is always one order
in which all they were answered is right, and nothing is given away twice.

KITH_CLAIMS says how much is asked at once on both engines together.
"""

import multiprocessing
import os
import subprocess
import time
from contextlib import ExitStack, closing

from support.claims import Game, notices_planted_doubles
from support.kith import ENGINES, Kith, free_port
from support.tally import Tally, torture

# A fresh server each time, so that none has to read what very many before it have left behind.
SEASON = 20_000


class Twin(Kith):
    """One more server on the database of another."""

    def __init__(self, other: Kith):
        self.__dict__.update(other.__dict__)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = None

    def __enter__(self) -> "Twin":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.kill()


def season(engine: str, tally: Tally, enough: int) -> int:
    """:return: how much was asked at once"""
    with ExitStack() as servers:
        kith = servers.enter_context(Kith(engine, "--trusted-proxy", "127.0.0.1"))
        urls = [kith.url]
        if engine == "postgres":
            urls.append(servers.enter_context(Twin(kith)).url)
        game = servers.enter_context(closing(Game(kith, urls, tally, engine)))
        with tally.fault(f"{engine}: a season"):
            try:
                game.play(enough)
            except OSError as error:
                tally.say(f"{engine}: a season ended early, after {game.asked} things: {error!r}")
            assert kith.is_alive, f"the server has ended:\n{kith.tail()}"
        return game.asked


def play(engine: str, short: bool) -> tuple[int, Tally]:
    """Season after season, until both engines together have asked enough."""
    tally, asked, start, tries = Tally(short), 0, time.monotonic(), 0
    while enough := taken_of_what_is_left():
        try:
            asked += season(engine, tally, enough)
        except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
            # Where the machine has so much else to do that no server gets ready, another one is tried.
            tries += 1
            with left_to_ask.get_lock():
                left_to_ask.value += enough
            tally.say(f"{engine}: a season could not begin: {str(error)[:300]}")
            if tries > 10:
                raise
        tally.say(
            f"{engine}: {asked} things asked at once in {tally.tried} histories; {tally.survived} can be explained; "
            f"{asked / (time.monotonic() - start):.0f} things a second")
    return asked, tally


def taken_of_what_is_left() -> int:
    with left_to_ask.get_lock():
        enough = min(SEASON, left_to_ask.value)
        left_to_ask.value -= enough
    return enough


with torture() as tally:
    notices_planted_doubles()
    enough = int(os.environ.get("KITH_CLAIMS", 2_000 if tally.short else 60_000))
    left_to_ask = multiprocessing.Value("q", enough)
    SEASON = min(SEASON, max(1, enough // len(ENGINES)))
    # The engines play at the same time.
    with multiprocessing.get_context("fork").Pool(len(ENGINES)) as pool:
        played = pool.starmap(play, [(engine, tally.short) for engine in ENGINES], chunksize=1)
    for _, of_one in played:
        tally.add(of_one.tried, of_one.survived, "histories that no order explains")
        tally.lost += of_one.lost
    tally.say(f"{sum(asked for asked, _ in played)} things asked at once")
