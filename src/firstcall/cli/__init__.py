"""Which commands are there, and how does one end?

A command module is loaded when its verb is used, so that `firstcall --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from cyclopts import App, CycloptsError, UnknownCommandError

from firstcall import __version__
from firstcall.cli.escapes import clean
from firstcall.errors import FirstcallError, UnknownName

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
STDIN = "/dev/stdin"
"""What - means; the parser would take a single dash for an option."""

INTRO = """\
Answers the questions an API program is asked, from gateway logs, a partner list and invoices.

To look around, type firstcall demo. To begin with your own data: firstcall init, then firstcall import.
"""
OUTRO = """\
Exit codes: 0 done; 1 failed, and said why; 2 wrong usage or settings; 3 done, but rows were refused.
"""


@dataclass(frozen=True, slots=True)
class Verb:
    """One command: its name, where its function stands, what it does, and lines that can be typed."""

    name: str
    at: str
    does: str
    examples: tuple[str, ...]

    @property
    def help(self) -> str:
        """What `--help` says above the options."""
        lines = "\n".join(f"    firstcall {example}" for example in self.examples)
        return f"{self.does}\n\nFor example:\n\n{lines}"


VERBS = (
    Verb(
        "demo",
        "demo:demo",
        "Make a sample program, import it, print its CFO page, serve it.",
        ("demo", "demo sample --no-serve"),
    ),
    Verb("init", "init:init", "Write a firstcall.toml with every setting explained.", ("init", "init acme")),
    Verb(
        "sources",
        "sources:sources",
        "List what can be imported, what it needs and what it fills.",
        ("sources", "sources kong", "sources partners --json"),
    ),
    Verb(
        "import",
        "import_:import_",
        "Import files; the same file twice changes nothing.",
        (
            "import partners partners.csv",
            "import nginx /var/log/nginx/access.log* --from-name edge",
            "import kong logs/ --dry-run",
            "import calls - < calls.ndjson",
        ),
    ),
    Verb(
        "pull",
        "pull:pull",
        "Ask another system for what is new; a pull that broke goes on where it stopped.",
        (
            "pull stripe",
            "pull github --option repository=acme/sdk",
            "pull jira --url https://acme.atlassian.net --option jql='project = API'",
        ),
    ),
    Verb("imports", "imports:imports", "List what was imported.", ("imports", "imports --json")),
    Verb(
        "undo",
        "imports:undo",
        "Take an import back, as if it had never been.",
        ("undo 7", "undo 7 --dry-run"),
    ),
    Verb(
        "refused",
        "refused:refused",
        "Show refused rows with reason, file and line.",
        ("refused", "refused --source kong --export refused.csv"),
    ),
    Verb(
        "routes",
        "routes:routes",
        "Show what became of the paths, and how to count them otherwise.",
        ("routes", "routes --product payments", "routes --dry-run"),
    ),
    Verb(
        "status",
        "status:status",
        "Show what is there, how fresh it is, and what can be computed.",
        ("status", "status --settings"),
    ),
    Verb(
        "metrics",
        "metrics:metrics",
        "List the metrics and the questions they answer.",
        ("metrics", "metrics --family reliability"),
    ),
    Verb(
        "ask",
        "ask:ask",
        "Ask for one metric.",
        (
            "ask call_volume --grain week",
            "ask time_to_first_call --from 2026-07 --to 2026-10 --by product",
            "ask error_rate --by endpoint --where product=payments --top 10",
            "ask call_volume --by partner --csv",
        ),
    ),
    Verb(
        "explain",
        "ask:explain",
        "Explain one metric: definition, SQL, inputs, who is behind it.",
        ("explain active_partners --from 2026-09", "explain program_revenue --rows revenue.csv"),
    ),
    Verb(
        "report",
        "report:report",
        "Make a report to hand over.",
        ("report cfo", "report cfo --period 2026Q3 -o cfo.html"),
    ),
    Verb("serve", "serve:serve", "Serve the dashboard until it is stopped.", ("serve", "serve --port 8080")),
    Verb(
        "completion", "completion:completion", "Print the completion script of a shell.", ("completion bash",)
    ),
    Verb("version", "version:version", "Show the versions of firstcall and its parts.", ("version",)),
)


def _app() -> App:
    app = App(
        name="firstcall",
        help=INTRO,
        help_epilogue=OUTRO,
        help_format="plaintext",
        version=__version__,
        version_flags=("--version", "-V"),
        suppress_keyboard_interrupt=False,
    )
    for verb in VERBS:
        app.command(f"firstcall.cli.{verb.at}", name=verb.name, help=verb.help, sort_key=VERBS.index(verb))
    return app


app = _app()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; messages go to stderr.

    FIRSTCALL_DEBUG=1 lets the traceback of a fault through.
    """
    for stream in (sys.stdout, sys.stderr):
        # a terminal that cannot show a dash gets a question mark, not a traceback
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        app.help_formatter = "plain"
    try:
        result = app(
            [STDIN if each == "-" else each for each in (sys.argv[1:] if arguments is None else arguments)],
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read the output has seen enough; without this, Python complains once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get("FIRSTCALL_DEBUG") and not isinstance(error, FirstcallError | CycloptsError):
            raise
        message, code = ending(error)
        print("firstcall:", clean(message, lines=True), file=sys.stderr)
        return code
    return result if isinstance(result, int) else DONE


def ending(error: BaseException) -> tuple[str, int]:
    """Return what to say about an error and the exit code it ends with."""
    if isinstance(error, FirstcallError):
        return str(error), error.exit_code
    if isinstance(error, UnknownCommandError):
        verbs = [verb.name for verb in VERBS]
        return str(UnknownName("command", (error.unused_tokens or ["?"])[0], verbs)), WRONG_USAGE
    if isinstance(error, CycloptsError):
        return f"{error} Try: firstcall --help", WRONG_USAGE
    if isinstance(error, KeyboardInterrupt):
        return "Stopped; what was under way has been undone.", INTERRUPTED
    return (
        f"{type(error).__name__}: {error}\n"
        "This is a fault of firstcall, not of your data. Run the command again with FIRSTCALL_DEBUG=1 and "
        "report what it prints, without what is confidential."
    ), FAILED


__all__ = ["app", "main"]
