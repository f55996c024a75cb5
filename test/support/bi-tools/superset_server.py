# Serves Superset on a free port of loopback, which it prints, until its standard input ends: the kernel closes that pipe
# when the test ends, however it ends.
import sys
import threading

from superset.app import create_app
from werkzeug.serving import make_server

server = make_server("127.0.0.1", 0, create_app(), threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"port={server.server_port}", flush=True)
sys.stdin.read()
server.shutdown()
