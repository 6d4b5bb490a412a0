"""P3 in both directions, with the client of the package metarace.

    p3.py PARCFERME

First a decoder that `parcferme play` plays is heard by metarace; then frames that metarace writes are heard by `parcferme listen`. What was sent and what was heard must be the same.
"""

import datetime
import json
import pathlib
import queue
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from metarace import sysconf
from metarace.decoder import amb

BINARY = sys.argv[1]
TODAY = datetime.datetime.now(datetime.timezone.utc).date()


def run(*arguments, cwd):
    return subprocess.run([BINARY, *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout


def league(folder, year):
    run("new", "Example League", "l", "--year", str(year), cwd=folder)
    return pathlib.Path(folder) / "l" / "season"


def heard_by_metarace(folder):
    season = league(folder, 2020)
    run("simulate", str(season), "2", "--seed", "7", cwd=folder)
    arguments = [BINARY, "play", str(season), "2.qualifying", "--listen", "127.0.0.1:5403", "--speed", "50"]
    playing = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    sent = int(playing.stderr.readline().split()[0])
    heard = queue.Queue()
    sysconf.add_section("decoder", {})
    decoder = amb.amb()
    decoder.setcb(heard.put)
    decoder.start()
    decoder.setport("127.0.0.1")
    passings = set()
    until = time.monotonic() + 60
    while len(passings) < sent and time.monotonic() < until:
        try:
            impulse = heard.get(timeout=1)
            passings.add((impulse.refid, impulse.rawtime(6)))
        except queue.Empty:
            pass
    decoder.exit()
    playing.kill()
    return sent, len(passings)


class Line:
    """Takes what metarace writes."""

    def __init__(self):
        self.bytes = bytearray()

    def sendall(self, message):
        self.bytes += message


def frames(count):
    """Passings as metarace writes records."""
    decoder = amb.amb()
    decoder._io = line = Line()
    now = int(time.time()) * 1_000_000
    for number in range(1, count + 1):
        fields = [(0x01, struct.pack("<I", number)), (0x03, struct.pack("<I", 1_000_000 + number)), (0x04, struct.pack("<Q", now + number * 7_654_321))]
        body = b"".join(bytes([tag, len(value)]) + value for tag, value in fields)
        decoder._send_msg(0x0001, body)
    return bytes(line.bytes)


def heard_by_us(folder, count):
    season = league(folder, TODAY.year)
    text = (season / "season.toml").read_text()
    text = text.replace(f"first-day = {TODAY.year}-04-04", f"first-day = {TODAY}").replace(f"first-day = {TODAY.year}-05-02", f"first-day = {TODAY.year}-12-31")
    (season / "season.toml").write_text(text)
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        host, _ = server.accept()
        # In pieces, as a network has them.
        sending = frames(count)
        for at in range(0, len(sending), 100):
            host.sendall(sending[at : at + 100])
        time.sleep(4)

    threading.Thread(target=serve, daemon=True).start()
    address = "{}:{}".format(*server.getsockname())
    listening = subprocess.Popen([BINARY, "listen", str(season), "1", "--source", f"finish-main=p3://{address}"], stderr=subprocess.DEVNULL, stdout=subprocess.PIPE)
    time.sleep(3)
    listening.send_signal(signal.SIGINT)
    listening.wait()
    passings = 0
    for line in run("export", str(season), cwd=folder).splitlines():
        passings += line.count("[1000") + line.count("[1001") if '"passings"' in line else 0
    return count, passings


def main():
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        results = {"play → metarace": heard_by_metarace(one), "metarace → listen": heard_by_us(other, 500)}
    for direction, (sent, heard) in results.items():
        print(f"P3, {direction}: {sent} sent, {heard} heard")
    print(json.dumps({direction: list(pair) for direction, pair in results.items()}))
    sys.exit(any(sent != heard for sent, heard in results.values()))


main()
