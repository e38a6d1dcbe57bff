"""Serves Keystone and Neutron's API on loopback, from Debian's packages.

usage: serve.py FOLDER KEYSTONE_PORT NEUTRON_PORT

Databases, keys and logs go into FOLDER, which must be empty. A port may be 0 for
any. Once both answer, one line of JSON on standard output says where. Both end
when standard input is closed, and when this process ends, however that happens.

No agent, message bus or database server is needed: security groups, rules,
address groups and quotas are Neutron's own, and no packet is filtered.
"""

import ctypes
import json
import os
import signal
import socket
import sys
import urllib.request
from pathlib import Path

PASSWORD = "stand-in"
REGION = "RegionOne"

KEYSTONE_CONF = """
[DEFAULT]
use_stderr = true
[database]
connection = sqlite:///{folder}/keystone.db
[token]
provider = fernet
[fernet_tokens]
key_repository = {folder}/keys
[fernet_receipts]
key_repository = {folder}/keys
[credential]
key_repository = {folder}/keys
"""

NEUTRON_CONF = """
[DEFAULT]
core_plugin = ml2
service_plugins =
auth_strategy = keystone
transport_url = fake://
api_paste_config = {folder}/api-paste.ini
state_path = {folder}/state
notify_nova_on_port_status_changes = false
notify_nova_on_port_data_changes = false
use_stderr = true
[quotas]
quota_security_group = {groups}
quota_security_group_rule = {rules}
[database]
connection = sqlite:///{folder}/neutron.db
[oslo_concurrency]
lock_path = {folder}/state
[keystone_authtoken]
www_authenticate_uri = {keystone}
auth_url = {keystone}
auth_type = password
project_domain_id = default
user_domain_id = default
project_name = service
username = neutron
password = {password}
[ml2]
type_drivers = local
tenant_network_types = local
mechanism_drivers =
"""

# The way of a request through Neutron, without what only deployments need.
API_PASTE = """
[composite:neutron]
use = egg:Paste#urlmap
/: versions
/v2.0: api

[composite:api]
use = call:neutron.auth:pipeline_factory
keystone = request_id catch_errors authtoken keystonecontext extensions router

[app:versions]
paste.app_factory = neutron.pecan_wsgi.app:versions_factory

[filter:request_id]
paste.filter_factory = oslo_middleware:RequestId.factory

[filter:catch_errors]
paste.filter_factory = oslo_middleware:CatchErrors.factory

[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory

[filter:keystonecontext]
paste.filter_factory = neutron.auth:NeutronKeystoneContext.factory

[filter:extensions]
paste.filter_factory = neutron.api.extensions:plugin_aware_extension_middleware_factory

[app:router]
paste.app_factory = neutron.api.v2.router:APIRouter.factory
"""


def fork(log, work):
    """Runs work in a process that ends with this one, and returns its id."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # which has ended in between
            os._exit(1)
        with open(log, "a") as out, open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        work()
        status = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        else:
            status = end.code or 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def run(log, work):
    """Runs work in a process of its own and waits for it."""
    _, status = os.waitpid(fork(log, work), 0)
    if status:
        raise SystemExit(f"a step of the preparation failed; see {log}")


def listen(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    os.set_inheritable(listener.fileno(), True)
    return listener


def serve(application, listener):
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

    class Handler(WSGIRequestHandler):
        def address_string(self):  # looks no name up
            return self.client_address[0]

    # One request after the other: SQLite takes one writer at a time.
    server = WSGIServer(listener.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=os.dup(listener.fileno()))
    server.server_name, server.server_port = listener.getsockname()
    server.setup_environ()
    server.set_app(application)
    server.serve_forever()


def write_ahead(database):
    """Lets readers read while somebody writes."""
    import sqlite3

    connection = sqlite3.connect(database)
    connection.execute("pragma journal_mode=wal")
    connection.close()


def keystone(folder, url, listener):
    from keystone.cmd import manage

    log, conf = folder / "keystone.log", folder / "keystone.conf"
    owner = ["--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())]
    urls = [f"--bootstrap-{kind}-url={url}" for kind in ("public", "internal", "admin")]
    for command in (
        ["db_sync"],
        ["fernet_setup", *owner],
        ["bootstrap", "--bootstrap-password", PASSWORD, "--bootstrap-region-id", REGION, *urls],
    ):
        sys.argv = ["keystone-manage", "--config-file", str(conf), *command]
        run(log, manage.main)
    write_ahead(folder / "keystone.db")
    os.environ["OS_KEYSTONE_CONFIG_FILES"] = str(conf)
    sys.argv = ["keystone"]
    from keystone.server.wsgi import initialize_public_application

    serve(initialize_public_application(), listener)


def neutron(folder, listener):
    def schema():
        from neutron.db.migration.models import head
        from sqlalchemy import create_engine

        head.get_metadata().create_all(create_engine(f"sqlite:///{folder}/neutron.db"))

    run(folder / "neutron.log", schema)
    write_ahead(folder / "neutron.db")
    os.environ["OS_NEUTRON_CONFIG_FILES"] = str(folder / "neutron.conf")
    sys.argv = ["neutron"]
    from neutron.cmd.eventlet.server import main_api_eventlet

    serve(main_api_eventlet(), listener)


class Client:
    """Speaks to Keystone as the administrator."""

    def __init__(self, url):
        self.url, self.headers = url, {"Content-Type": "application/json"}

    def call(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, self.headers, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            content = answer.read()
            return answer.headers, json.loads(content) if content else None

    def log_in(self, user, project):
        domain = {"id": "default"}
        identity = {"methods": ["password"], "password": {"user": {"name": user, "domain": domain, "password": PASSWORD}}}
        scope = {"project": {"name": project, "domain": domain}}
        answer, _ = self.call("POST", "/auth/tokens", {"auth": {"identity": identity, "scope": scope}})
        self.headers["X-Auth-Token"] = answer["X-Subject-Token"]

    def populate(self, network):
        """Makes Neutron's own user, a project with a plain member, and the catalogue."""
        roles = {role["name"]: role["id"] for role in self.call("GET", "/roles")[1]["roles"]}
        for name, project, role in (("neutron", "service", "admin"), ("demo", "demo", "member")):
            body = {"project": {"name": project, "domain_id": "default"}}
            project_id = self.call("POST", "/projects", body)[1]["project"]["id"]
            body = {"user": {"name": name, "password": PASSWORD, "domain_id": "default"}}
            user_id = self.call("POST", "/users", body)[1]["user"]["id"]
            self.call("PUT", f"/projects/{project_id}/users/{user_id}/roles/{roles[role]}")
        body = {"service": {"type": "network", "name": "neutron"}}
        service = self.call("POST", "/services", body)[1]["service"]["id"]
        for interface in ("public", "internal", "admin"):
            body = {"service_id": service, "interface": interface, "region_id": REGION, "url": network}
            self.call("POST", "/endpoints", {"endpoint": body})


def main():
    folder, ports = Path(sys.argv[1]).resolve(), [int(port) for port in sys.argv[2:4]]
    for name in ("keys", "state"):
        (folder / name).mkdir(parents=True, mode=0o700)
    listeners = [listen(port) for port in ports]
    keystone_url, neutron_url = (f"http://127.0.0.1:{listener.getsockname()[1]}" for listener in listeners)
    keystone_url += "/v3"
    # OpenStack's own defaults, written out.
    values = dict(folder=folder, keystone=keystone_url, password=PASSWORD, groups=10, rules=100)
    for name, content in (("keystone.conf", KEYSTONE_CONF), ("neutron.conf", NEUTRON_CONF), ("api-paste.ini", API_PASTE)):
        (folder / name).write_text(content.format(**values))
    children = []

    def ended(*_):
        for child in children:
            if os.waitpid(child, os.WNOHANG) != (0, 0):  # its answer would be waited for in vain
                children.remove(child)
                raise SystemExit(f"a server ended; see the logs in {folder}")

    signal.signal(signal.SIGCHLD, ended)
    children.append(fork(folder / "keystone.log", lambda: keystone(folder, keystone_url, listeners[0])))
    children.append(fork(folder / "neutron.log", lambda: neutron(folder, listeners[1])))
    try:
        # The listeners take connections already: these wait for the answers.
        client = Client(keystone_url)
        client.log_in("admin", "admin")
        client.populate(neutron_url)
        client.url = neutron_url
        client.call("GET", "/")
        print(json.dumps({"keystone": keystone_url, "neutron": neutron_url, "servers": children}), flush=True)
        sys.stdin.read()
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


if __name__ == "__main__":
    main()
