"""A web page that says how often it was seen."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import redis

counter = redis.Redis(host=os.environ.get("REDIS_HOST", "localhost"))


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        text = f"Seen {counter.incr('hits')} times.\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    ThreadingHTTPServer(("", 8000), Page).serve_forever()
