"""Does a real Apache's log, in its own formats, import to exactly the calls that were sent through it?"""

from __future__ import annotations

import gzip
import os
import signal
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from tests.gateways import running as at
from tests.gateways.running import Run, imported
from tests.gateways.traffic import adjusted, send
from tests.gateways.upstream import free_port, upstream

pytestmark = pytest.mark.xdist_group("gateway apache")

CALLS = adjusted(
    {
        "down": {"status": 503},
        "timed-out": {"status": 502},
        "left": {"status": 200},
        "blank": {"status": 400, "nameless": True},
    }
)
"""Apache answers 502 when the service takes too long, and logs what it would have said to those who left."""
MODULES = (
    "mpm_event",
    "authz_core",
    "authz_user",
    "authn_core",
    "authn_file",
    "auth_basic",
    "proxy",
    "proxy_http",
)
CONFIG = """
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
ServerName api.example.com
Listen 127.0.0.1:{port}
Listen [::1]:{port}
{modules}
{user}
StartServers 1
GracefulShutdownTimeout 10
AllowEncodedSlashes NoDecode
ProxyPass /down http://127.0.0.1:{nobody}/ nocanon retry=0
ProxyPass / http://127.0.0.1:{behind}/ nocanon timeout=1
<Location /account>
  AuthType Basic
  AuthName pets
  AuthUserFile {users}
  Require valid-user
</Location>
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-agent}}i\\"" combined
LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{{Referer}}i\\" \\"%{{User-agent}}i\\"" vhost_combined
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-agent}}i\\" %D" microseconds
LogFormat "%{{msec}}t|%a|%u|\\"%r\\"|%>s|%B|%I|%{{us}}T|%X|\\"%{{User-agent}}i\\"" own
CustomLog {folder}/combined.log combined
CustomLog {folder}/own.log own
CustomLog {folder}/vhost_combined.log vhost_combined
CustomLog {folder}/microseconds.log microseconds
"""
NAMES = ("combined", "vhost_combined", "microseconds")
OWN = '%{msec}t|%a|%u|"%r"|%>s|%B|%I|%{us}T|%X|"%{User-agent}i"'
BOB = "bob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Apache and its traffic."""
    folder, port = tmp_path_factory.mktemp("apache"), free_port()
    config = folder / "apache.conf"
    modules = "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES
    )
    # Apache gives its workers to another user when root starts it, and wants that user named
    user = "User nobody\nGroup nogroup" if os.geteuid() == 0 else ""
    # workers of another user may not look into the tests' own folder
    with upstream() as behind, NamedTemporaryFile("w") as users:
        users.write(BOB)
        users.flush()
        Path(users.name).chmod(0o644)
        config.write_text(
            CONFIG.format(
                folder=folder,
                port=port,
                behind=behind,
                nobody=free_port(),
                modules=modules,
                user=user,
                users=users.name,
            )
        )
        command = ["apache2", "-D", "FOREGROUND", "-f", str(config)]
        with at.running(command, port, folder, stop=signal.SIGWINCH, zone="Asia/Kolkata"):
            heard = send(port, CALLS)
    return Run(CALLS, heard, {name: folder / f"{name}.log" for name in (*NAMES, "own")})


@pytest.mark.parametrize("name", NAMES)
def test_the_store_holds_what_was_sent(run: Run, name: str) -> None:
    """Each call once, by its method, path, status and outcome; no line refused, no secret kept."""
    at.check_answers(run)
    with imported("apache", [run.logs[name]]) as (program, (report,)):
        assert at.held(program) == at.sent(run.calls)
        at.check_accounting(program, report, run)


def test_times_and_durations_are_those_of_the_calls(run: Run) -> None:
    """Apache stamps the start; only %D and %T say how long a call took."""
    for name in NAMES:
        with imported("apache", [run.logs[name]]) as (program, _):
            at.check_times(program, run, resolution=1.0)
            if name == "microseconds":
                at.check_latency(program, run)
            else:
                assert not any(row["latency_ms"] for row in at.rows(program))


@pytest.mark.parametrize("name", NAMES)
def test_bytes_are_those_that_went_over_the_wire(run: Run, name: str) -> None:
    """%b is the body, %O all of the answer; a dash is none."""
    with imported("apache", [run.logs[name]]) as (program, _):
        at.check_bytes(program, run, whole=name == "vhost_combined")


def test_callers_and_addresses_are_those_who_called(run: Run) -> None:
    """Who signed in, and who tried to; addresses cut to their networks."""
    with imported("apache", [run.logs["combined"]]) as (program, _):
        found = at.by_name(program)
        assert {name: row["consumer"] for name, row in found.items() if row["consumer"]} == {
            "account": "bob",
            "impostor": "bob",
        }
        assert (found["six"]["client_ip"], found["slow"]["client_ip"]) == ("::", "127.0.0.0")


def test_a_log_format_of_ones_own_says_more(run: Run) -> None:
    """The start to the millisecond, the bytes of the request, and that the client was gone before the answer."""
    with imported("apache", [run.logs["own"]], log_format=OWN) as (program, (report,)):
        at.check_accounting(program, report, run)
        at.check_times(program, run, resolution=0.001)
        at.check_latency(program, run)
        found = at.by_name(program)
        large = next(call for call in run.calls if call.name == "created")
        assert found["created"]["request_bytes"] == len(large.wire)
        assert {name for name, row in found.items() if row["error_code"]} == {"left"}
        assert found["left"]["error_code"] == "client_aborted"


def test_a_file_read_again_adds_nothing(run: Run) -> None:
    """Neither as it is nor compressed."""
    for name in NAMES:
        log = run.logs[name]
        packed = log.with_suffix(".gz")
        packed.write_bytes(gzip.compress(log.read_bytes()))
        with imported("apache", [log, packed, log]) as (_, (_, again, last)):
            assert (again.total.landed, again.total.duplicate) == (0, run.lines), name
            assert last.total.landed == 0, name


def test_every_format_is_recognised_without_being_named(run: Run) -> None:
    """`auto` says apache of each, and holds the same calls as when it is told."""
    for name in NAMES:
        with imported("auto", [run.logs[name]]) as (program, (report,)):
            assert {file.source for file in report.files} == {"apache"}, name
            assert at.held(program) == at.sent(run.calls)
