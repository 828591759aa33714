"""Does a command line end with the right code, and say on the right stream what has to be said?"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firstcall.cli import VERBS, app, ending
from firstcall.errors import FirstcallError, SettingsError
from tests.cli.command import Run

COMMAND = (sys.executable, "-c", "import sys; from firstcall.cli import main; sys.exit(main())")


def test_without_a_verb_the_help_is_shown(run: Run) -> None:
    """Every verb stands there with what it does."""
    ran = run()
    assert ran.code == 0
    assert [verb.name for verb in VERBS if f"  {verb.name}: " not in ran.out] == []
    assert "Exit codes: 0 done" in ran.out


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_every_verb_has_help_with_an_example(run: Run, verb: str) -> None:
    """An example is a line that can be typed; every option is explained."""
    ran = run(verb, "--help")
    assert ran.code == 0
    assert f"  firstcall {verb}" in ran.out
    assert "--config" in ran.out
    silent = [
        argument.names[0]
        for argument in app[verb].assemble_argument_collection(parse_docstring=True)
        if argument.show and not argument.parameter.help
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["aks"], "There is no command named 'aks'. Did you mean ask?"),
        (["ask"], "METRIC"),
        (["status", "--jsn"], "Did you mean --json?"),
        (["ask", "call_volumes"], "Did you mean call_volume"),
        (["ask", "call_volume", "--grain", "months"], "Did you mean month"),
        (["ask", "call_volume", "--by", "produkt"], "Did you mean product"),
        (["ask", "call_volume", "--from", "yesterday"], "is no day; write 2026-07-01"),
        (["ask", "call_volume", "--set", "x"], "no NAME=VALUE"),
        (["import", "partnrs", "x.csv"], "Did you mean partners"),
        (["import", "partners"], "Nothing to import"),
        (["metrics", "--family", "reliabilty"], "Did you mean reliability"),
        (["sources", "partnrs"], "Did you mean partners"),
        (["status", "--config", "other.toml"], "There is no settings file other.toml"),
        (["completion", "tcsh"], "bash"),
    ],
)
def test_wrong_usage_ends_with_2_and_helps(filled: Run, arguments: list[str], said: str) -> None:
    """The message stands on stderr alone and names what is near."""
    ran = filled(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("firstcall: ")
    assert said in ran.err


@pytest.mark.parametrize(
    "arguments", [["ask", "call_volume"], ["status"], ["refused"], ["explain", "call_volume"]]
)
def test_without_a_store_one_is_told_how_to_make_one(run: Run, arguments: list[str]) -> None:
    """ResolvedQuestion makes no store."""
    ran = run(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert "firstcall import" in ran.err
    assert not Path(".firstcall").exists()


def test_a_settings_error_ends_with_2(run: Run) -> None:
    """With the file, the key and the value."""
    Path("firstcall.toml").write_text('[program]\ntimezon = "UTC"\n', encoding="utf-8")
    ran = run("status")
    assert ran.code == 2
    assert "Did you mean program.timezone?" in ran.err


def test_each_error_has_its_code() -> None:
    """What we refuse carries its own; the rest is a fault, and says where to go with it."""
    assert ending(FirstcallError("no"))[1] == 1
    assert ending(SettingsError("no"))[1] == 2
    assert ending(KeyboardInterrupt())[1] == 130
    message, code = ending(ZeroDivisionError("division by zero"))
    assert code == 1
    assert "ZeroDivisionError: division by zero" in message
    assert "FIRSTCALL_DEBUG=1" in message


def test_a_fault_shows_its_traceback_only_when_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for users, everything for whoever mends it."""
    monkeypatch.setattr("firstcall.cli.version.version_of", lambda _part: 1 // 0)
    ran = run("version")
    assert ran.code == 1
    assert "Traceback" not in ran.err
    monkeypatch.setenv("FIRSTCALL_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("version")


def test_hostile_text_in_a_message_does_not_reach_the_terminal(run: Run) -> None:
    """File names come from others too."""
    ran = run("import", "partners", "a\x1b]0;owned\x07b\u202e.csv")
    assert ran.code == 1
    assert "\x1b" not in ran.err
    assert "\u202e" not in ran.err


def test_the_command_is_installed_and_answers_quickly() -> None:
    """Help needs no engine: none of the heavy libraries is loaded for it."""
    heavy = "duckdb, scipy, sqlglot, pydantic, numpy, starlette, babel"
    code = (
        "import sys; from firstcall.cli import main; main(['--help']); "
        f"sys.exit(bool(set('{heavy}'.split(', ')) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Usage: firstcall" in done.stdout


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    """`firstcall metrics | head -1` ends quietly."""
    piped = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -c "{COMMAND[2]}" sources calls --json | head -1'],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (piped.stdout, piped.stderr) == ("{\n", "")


@contextmanager
def importing(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start an import that owns the store and waits for more rows."""
    waiting = subprocess.Popen(
        [*COMMAND, "import", "partners", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    assert waiting.stdin is not None
    waiting.stdin.write(b"partner_id,name,registered_at\nother,Other,2026-06-01T00:00:00Z\n")
    waiting.stdin.flush()
    deadline = time.monotonic() + 20
    while not (folder / ".firstcall" / "owner.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    try:
        yield waiting
    finally:
        waiting.kill()
        waiting.communicate()


@pytest.mark.usefixtures("_heard")
def test_ctrl_c_ends_with_130_and_leaves_the_store_as_it_was(filled: Run, tmp_path: Path) -> None:
    """Interrupted while it waits for rows, an import keeps nothing and says so in one line."""
    before = filled("status", "--json").data["tables"]
    with importing(tmp_path) as waiting:
        time.sleep(0.3)
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate(timeout=20)
    assert (waiting.returncode, out) == (130, b"")
    assert err == b"firstcall: Stopped; what was under way has been undone.\n"
    assert filled("status", "--json").data["tables"] == before


def test_in_the_background_of_a_script_ctrl_c_is_not_meant_for_it(tmp_path: Path) -> None:
    """Who interrupts the script's command leaves an import beside it alone."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with importing(tmp_path) as waiting:
            waiting.send_signal(signal.SIGINT)
            _, err = waiting.communicate(timeout=20)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (waiting.returncode, b"Stopped" in err) == (0, False)


def test_while_another_process_owns_the_store_one_is_told_which(filled: Run, tmp_path: Path) -> None:
    """With its number, and code 1."""
    with importing(tmp_path) as waiting:
        ran = filled("ask", "call_volume")
    assert (ran.code, ran.out) == (1, "")
    assert f"process {waiting.pid}" in ran.err
    assert filled("ask", "call_volume").code == 0
