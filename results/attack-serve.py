"""Starts `serve` from a jar and attacks it: attack-serve.py MODEL.beras JAR [JAR...]. Standard library of Python alone.

Writes CSV, a row for each case: what each jar answers, as the status of each answer in turn, or what happened to the connection.
The model is one of a table; `row` below fits data/penguins.csv. Each server must still answer at the end, with as many threads as
after its first request. Then 32 clients send requests, the jars in turns, twice: p50 and p99, which mean something as ratios alone.
"""
import json
import re
import socket
import statistics
import subprocess
import sys
import threading
import time

import origin

ROW = {"island": "Torgersen", "bill_length_mm": 39.1, "bill_depth_mm": 18.7, "flipper_length_mm": 181, "body_mass_g": 3750, "sex": "male"}
BODY = json.dumps({"rows": [ROW]}).encode()
WAIT = 2000  # ms that the server gives a client


class Server:
    def __init__(self, jar, model):
        self.process = subprocess.Popen(["java", "--add-modules", "jdk.incubator.vector", "-Xmx512m", "-jar", jar, "serve", model,
                                         "--port", "0", "--max-wait", str(WAIT // 1000)], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.port = None
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.port = int(found.group(1))
                break
        if self.port is None:
            sys.exit("".join(self.lines))
        threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True).start()
        with open(f"/proc/{self.process.pid}/stat") as stat:
            times = stat.read().rsplit(")", 1)[1].split()
        self.cpu = (int(times[11]) + int(times[12])) / 100

    def connect(self, timeout=12):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def threads(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"Threads:\s+(\d+)", status.read()).group(1))


def read(client):
    """What comes until the end, as statuses; or how it ended."""
    got = b""
    end = ""
    try:
        while chunk := client.recv(65536):
            got += chunk
    except TimeoutError:
        end = "open"
    except OSError:
        end = "reset"
    statuses = re.findall(rb"HTTP/1\.1 (\d+)", got)
    return " ".join([s.decode() for s in statuses] + ([end] if end or statuses else ["closed"])).strip()


def raw(*parts, pause=0.0, half=False, timeout=12):
    """Sends the parts, with a pause after each."""
    def attack(server):
        with server.connect(timeout) as client:
            try:
                for part in parts:
                    client.sendall(part)
                    time.sleep(pause)
                if half:
                    client.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return read(client)
    return attack


def head(line, *headers, host="Host: localhost", close=True):
    return "\r\n".join([line] + ([host] if host else []) + list(headers) + (["Connection: close"] if close else []) + ["", ""]).encode("latin-1")


def post(body, *headers, length=None):
    return head("POST /predict HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(body) if length is None else length}",
                *headers) + body


def chunked(body, *headers, te="Transfer-Encoding: chunked"):
    return head("POST /predict HTTP/1.1", "Content-Type: application/json", te, *headers) + body


def many(count, request, then=None):
    """So many connections that send this and wait; another is to be served meanwhile."""
    def attack(server):
        clients = []
        try:
            for _ in range(count):
                client = server.connect()
                client.sendall(request)
                clients.append(client)
            return get("/healthz")(server)
        finally:
            for client in clients:
                client.close()
    return attack


def get(path, *headers, host="Host: localhost", method="GET"):
    return raw(head(f"{method} {path} HTTP/1.1", *headers, host=host))


def parallel(clients, requests):
    def attack(server):
        return f"{sum(load(server, clients, requests)[1])} of {clients * requests}"
    return attack


def load(server, clients, requests):
    """The times of all requests, and how many each client got an answer for."""
    request = head("POST /predict HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(BODY)}", close=False) + BODY
    times = []
    done = [0] * clients

    def run(i):
        with server.connect(60) as client:
            for _ in range(requests):
                begin = time.perf_counter()
                client.sendall(request)
                got = b""
                while b"\r\n\r\n" not in got or len(got.split(b"\r\n\r\n", 1)[1]) < int(re.search(rb"Content-Length: (\d+)", got).group(1)):
                    got += client.recv(65536)
                times.append(time.perf_counter() - begin)
                done[i] += got.startswith(b"HTTP/1.1 200")
    threads = [threading.Thread(target=run, args=(i,)) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, done


def leaves(server):
    """Clients that ask for much and go; the server must be free afterwards."""
    rows = json.dumps({"rows": [ROW] * 1000}).encode()
    for _ in range(64):
        client = server.connect()
        client.sendall(post(rows))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()
    return raw(post(BODY))(server)


PREDICT = "POST /predict HTTP/1.1"
CASES = {
    "a row": raw(post(BODY)),
    "HEAD": get("/", method="HEAD"),
    "GET where POST is expected": get("/predict"),
    "POST where GET is expected": get("/healthz", "Content-Length: 0", method="POST"),
    "slow head": raw(*[bytes([c]) for c in head("GET /healthz HTTP/1.1")], pause=0.2),
    "slow body": raw(post(b"", length=100), *[b" "] * 20, pause=0.2),
    "a connection without a request": raw(),
    "half a head, closed": raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n", half=True),
    "half a body, closed": raw(post(b"{", length=50), half=True),
    "line of 100 KB": get("/" + "a" * 100_000),
    "header of 1 MB": get("/healthz", "X: " + "a" * 1_000_000),
    "200 headers": get("/healthz", *[f"X{i}: 1" for i in range(200)]),
    "length and chunks": chunked(b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "Content-Length: 4"),
    "two lengths": post(BODY, f"Content-Length: {len(BODY) + 1}"),
    "length with a sign": post(BODY, length=f"+{len(BODY)}"),
    "negative length": post(BODY, length=-1),
    "length that is no number": post(BODY, length="0x10"),
    "length beyond long": post(BODY, length="9" * 30),
    "space before the colon": get("/healthz", "X : 1"),
    "gzip, chunked": chunked(b"0\r\n\r\n", te="Transfer-Encoding: gzip, chunked"),
    "chunked, identity": chunked(b"0\r\n\r\n", te="Transfer-Encoding: chunked, identity"),
    "xchunked": chunked(b"0\r\n\r\n", te="Transfer-Encoding: xchunked"),
    "chunked twice": chunked(b"0\r\n\r\n", "Transfer-Encoding: chunked"),
    "chunks": chunked(b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "chunk of no size": chunked(b"zz\r\n"),
    "chunk beyond long": chunked(b"f" * 20 + b"\r\n"),
    "chunk that is too long": chunked(b"5\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk with a long extension": chunked(b"5;" + b"a" * 20_000 + b"\r\n"),
    "chunks of more than the limit": chunked(b"1000000\r\n" + b" " * 9_000_000),
    "body of a GET": get("/healthz", "Content-Length: 5"),
    "request behind a refused one": raw(head("GET /none HTTP/1.1", "Content-Length: 40") + b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    "two requests at once": raw(head("GET /healthz HTTP/1.1", close=False) + head("GET /healthz HTTP/1.1")),
    "header in two lines": get("/healthz", "X: 1\r\n 2"),
    "NUL in a header": get("/healthz", "X: a\0b"),
    "CR in a header": get("/healthz", "X: a\rb"),
    "lines that end with LF": raw(b"GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n"),
    "HTTP/0.9": raw(b"GET /\r\n\r\n"),
    "HTTP/3.0": raw(head("GET /healthz HTTP/3.0")),
    "no HTTP": raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n"),
    "no Host": get("/healthz", host=None),
    "two Hosts": get("/healthz", "Host: localhost"),
    "Host of another": get("/healthz", host="Host: evil.example"),
    "Host of another with a port": get("/healthz", host="Host: evil.example:8080"),
    "Host that begins so": get("/healthz", host="Host: localhost.evil.example"),
    "Host in IPv6": get("/healthz", host="Host: [::1]:80"),
    "URI of another": raw(head("GET http://evil.example/healthz HTTP/1.1")),
    "Origin of another": raw(post(BODY, "Origin: http://evil.example")),
    "Origin null": raw(post(BODY, "Origin: null")),
    "two Origins": raw(post(BODY, "Origin: http://localhost", "Origin: http://evil.example")),
    "preflight": get("/predict", "Origin: http://evil.example", "Access-Control-Request-Method: POST", method="OPTIONS"),
    "form": raw(head(PREDICT, "Content-Type: text/plain", f"Content-Length: {len(BODY)}") + BODY),
    "../": get("/../../etc/passwd"),
    "%2e%2e/": get("/%2e%2e/%2e%2e/etc/passwd"),
    "//": get("//style.css"),
    "100 MB, expected": post(b"", "Expect: 100-continue", length=100_000_000),
    "another expectation": post(BODY, "Expect: 200-ok"),
    "continue": post(BODY, "Expect: 100-continue"),
    "JSON of 4 million levels": post(b"[" * 4_000_000),
    "rows of 4 million levels": post(b'{"rows":[{"a":' + b"[" * 4_000_000),
    "number of 100,000 digits": post(json.dumps({"rows": [ROW]}).replace("39.1", "9" * 100_000).encode()),
    "number beyond double": post(json.dumps({"rows": [ROW]}).replace("39.1", "1e999").encode()),
    "NaN": post(json.dumps({"rows": [ROW]}).replace("39.1", "NaN").encode()),
    "key twice": post(b'{"rows":[{"sex":"male","sex":"male"}]}'),
    "no UTF-8": post(b'{"rows":[{"sex":"\xff"}]}'),
    "1001 rows": post(json.dumps({"rows": [ROW] * 1001}).encode()),
    "100,000 keys": post(json.dumps({"rows": [{f"k{i}": 1 for i in range(100_000)}]}).encode()),
    "something behind": post(BODY + b"x"),
    "empty body": post(b""),
    "64 clients, 50 requests each": parallel(64, 50),
    "64 clients that leave": leaves,
    "600 connections without a request": many(600, b""),
    "600 slow heads": many(600, b"GET / HTTP/1.1\r\nHost:"),
    "600 slow bodies": many(600, post(b"{", length=1000)),
    "200 that do not read": many(200, head("GET /openapi.json HTTP/1.1", close=False) * 200),
}


def main(model, *jars):
    servers = [Server(jar, model) for jar in jars]
    for server in servers:
        raw(post(BODY))(server)
    threads = [server.threads() for server in servers]
    print(origin.line(), end="")
    print("case," + ",".join(f"jar {i + 1}" for i in range(len(jars))))
    print("start in s of CPU," + ",".join(f"{server.cpu:.2f}" for server in servers))
    for name, case in CASES.items():
        attack = raw(case) if isinstance(case, bytes) else case
        print(f'"{name}",' + ",".join(attack(server) for server in servers), flush=True)
    time.sleep(WAIT / 1000 + 60)  # a thread that waits for a client ends after a minute
    print("a row at the end," + ",".join(raw(post(BODY))(server) for server in servers))
    print("threads more than at first," + ",".join(str(server.threads() - before) for server, before in zip(servers, threads)))
    for turn in range(2):
        for i, server in enumerate(servers):
            times = sorted(load(server, 32, 200)[0])
            print(f"32 clients turn {turn + 1} jar {i + 1} ms,p50 {1000 * statistics.median(times):.1f},"
                  f"p99 {1000 * times[len(times) * 99 // 100]:.1f}", flush=True)
    for server in servers:
        server.process.terminate()
        server.process.wait()
        print("".join(line for line in server.lines if "Exception" in line), end="")


main(*sys.argv[1:])
