"""Does an import account for every row?"""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import CALLS, PARTNERS, Run


def test_an_import_prints_what_became_of_every_row(run: Run) -> None:
    """Five read, four landed, one refused with its reason: done, but with code 3."""
    Path("calls.csv").write_text(CALLS, encoding="utf-8")
    ran = run("import", "calls", "calls.csv")
    assert ran.code == 3
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["file", "read", "landed", "duplicate", "conflicting", "filtered", "refused"]
    assert lines[2] == ["calls.csv", "5", "4", "0", "0", "0", "1"]
    assert "1 refused: bad time in time" in ran.out
    assert "firstcall refused --source calls" in ran.err


def test_the_same_file_again_changes_nothing(run: Run) -> None:
    """Every row is a duplicate, and that is a success."""
    Path("partners.csv").write_text(PARTNERS, encoding="utf-8")
    assert run("import", "partners", "partners.csv").code == 0
    total = run("import", "partners", "partners.csv", "--json").data["total"]
    assert total == {"read": 2, "landed": 0, "duplicate": 2, "conflicting": 0, "filtered": 0, "refused": {}}


def test_json_is_alone_on_stdout(run: Run) -> None:
    """Per file and in total, refused by reason; remarks stay on stderr."""
    Path("calls.csv").write_text(CALLS, encoding="utf-8")
    ran = run("import", "calls", "calls.csv", "--json")
    assert ran.code == 3
    [file] = ran.data["files"]
    assert (file["file"], file["read"], file["refused"]) == ("calls.csv", 5, {"bad time in time": 1})
    assert ran.data["total"]["landed"] == 4


def test_several_files_are_added_up(run: Run) -> None:
    """A row each and a total; a glob finds them."""
    Path("a.csv").write_text("partner_id,name,registered_at\na,A,2026-06-01T00:00:00Z\n", encoding="utf-8")
    Path("b.csv").write_text("partner_id,name,registered_at\nb,B,2026-06-01T00:00:00Z\n", encoding="utf-8")
    ran = run("import", "partners", "*.csv")
    assert ran.code == 0
    assert [line.split()[:2] for line in ran.out.splitlines()[2:5]] == [
        ["a.csv", "1"],
        ["b.csv", "1"],
        ["2", "files"],
    ]


def test_a_file_that_is_refused_whole_is_said_and_the_others_stay(run: Run) -> None:
    """The code says that not everything came in."""
    Path("good.csv").write_text("partner_id,name,registered_at\na,A,2026-06-01T00:00:00Z\n", encoding="utf-8")
    Path("bad.csv").write_bytes(b"PK\x03\x04 an archive")
    ran = run("import", "partners", "good.csv", "bad.csv")
    assert ran.code == 3
    assert "Nothing was kept of" in ran.err
    assert run("import", "partners", "bad.csv").code == 1
    assert run("status", "--json").data["tables"] == {"partners": 1}


def test_a_dry_run_keeps_nothing(run: Run) -> None:
    """It counts as the import would."""
    Path("partners.csv").write_text(PARTNERS, encoding="utf-8")
    ran = run("import", "partners", "partners.csv", "--dry-run")
    assert ran.code == 0
    assert "dry run" in ran.err
    assert run("status", "--json").data["tables"] == {}


def test_quiet_leaves_the_result_and_drops_the_remarks(run: Run) -> None:
    """What is refused is part of the result."""
    Path("calls.csv").write_text(CALLS, encoding="utf-8")
    ran = run("import", "calls", "calls.csv", "-q")
    assert "1 refused: bad time in time" in ran.out
    assert ran.err == ""


COMBINED = '1.2.3.4 - bob [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8"'


def test_auto_says_which_format_each_file_has_and_why(run: Run) -> None:
    """Seconds with three decimals after combined lines are nginx's."""
    Path("access.log").write_text(f"{COMBINED} 0.123 0.120\nnope\n", encoding="utf-8")
    ran = run("import", "auto", "access.log")
    assert ran.code == 3
    assert "Note: access.log recognised as nginx:" in ran.out
    assert "firstcall refused --source nginx" in ran.err
    assert run("import", "auto", "access.log", "--json").data["files"][0]["format"] == "nginx"


def test_auto_reads_what_two_formats_write_alike(run: Run) -> None:
    """And says which it took, and why that makes no difference."""
    Path("access.log").write_text(f"{COMBINED}\n", encoding="utf-8")
    ran = run("import", "auto", "access.log")
    assert ran.code == 0
    assert "access.log recognised as nginx" in ran.out + ran.err
    assert "apache would give the same calls" in ran.out + ran.err


def test_auto_tells_business_files_and_tables_too(run: Run) -> None:
    """A folder of exports is one command; each file fills its own table."""
    Path("partners.csv").write_text(PARTNERS, encoding="utf-8")
    jira = "Issue key,Issue Type,Created\nA-1,Bug,02/May/26 12:34 PM\n"
    Path("jira.csv").write_text(jira, encoding="utf-8")
    ran = run("import", "auto", "partners.csv", "jira.csv", "--json")
    assert [(file["source"], file["landed"]) for file in ran.data["files"]] == [("jira", 1), ("partners", 2)]
    assert ran.data["table"] == "partners, tickets"
    assert (
        "partners.csv recognised as partners: has columns partner_id, name, registered_at"
        in ran.data["notes"]
    )
    assert "jira.csv recognised as jira: the records have Issue key, Issue Type" in ran.data["notes"]


def test_auto_hands_options_on_and_says_what_it_took_a_file_for_when_one_is_missing(run: Run) -> None:
    """A survey cannot be read until its questions are named."""
    Path("answers.csv").write_text("#,Good?,Submit Date (UTC)\nr1,3,2026-07-01 09:05:14\n", encoding="utf-8")
    ran = run("import", "auto", "answers.csv")
    assert ran.code == 2
    assert "answers.csv recognised as typeform: the records have #, Submit Date (UTC)." in ran.err
    assert "--option ease=QUESTION" in ran.err
    assert run("import", "auto", "answers.csv", "--option", "ease=Good?").code == 0


def test_auto_says_what_real_time_records_lack(run: Run) -> None:
    """They are CloudFront's by their shape; which fields were chosen only the user knows."""
    record = "1575493351.000\t192.0.2.100\t0.100\t200\t392\tGET\thttps\tapi.example.com\t/pets/7\n"
    Path("rt.log").write_text(record, encoding="utf-8")
    ran = run("import", "auto", "rt.log")
    assert ran.code != 0
    assert "rt.log recognised as cloudfront: the fields are divided by tabs" in ran.err
    assert "--option fields=" in ran.err
    names = "timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem"
    assert run("import", "auto", "rt.log", "--option", f"fields={names}").code == 0


KEYED = '[10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 k-'


def test_a_key_in_a_log_meets_its_partner_and_is_nowhere_kept(run: Run) -> None:
    """The credentials give the key itself; both sides are stored as one hash, and rules still see how it begins."""
    Path("partners.csv").write_text(PARTNERS, encoding="utf-8")
    Path("keys.csv").write_text("api_key,partner_id\nk-1,acme\nk-2,=evil\n", encoding="utf-8")
    Path("access.log").write_text(f"{KEYED}1\n{KEYED}1\n{KEYED}2\n{KEYED}3\n", encoding="utf-8")
    Path("firstcall.toml").write_text(
        '[[environments]]\nmatch = { key_prefix = "k-" }\nenvironment = "production"\n', encoding="utf-8"
    )
    assert run("import", "auto", "partners.csv", "keys.csv").code == 0
    log_format = '[$time_local] "$request" $status $http_x_api_key'
    assert run("import", "nginx", "access.log", "--log-format", log_format).code == 0
    assert asked(run, "partner") == {"acme": 2, "=evil": 1, None: 1}
    assert asked(run, "environment") == {"production": 4}
    assert {name[:7] for name in asked(run, "consumer")} == {"sha256:"}


def asked(run: Run, by: str) -> dict[str, int]:
    """Return the calls by one dimension."""
    points = run("ask", "call_volume", "--by", by, "--json").data["points"]
    return {point["by"][by]: point["value"] for point in points}
