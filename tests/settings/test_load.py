"""Do settings come from file and environment, with their origin, and does each mistake name its key?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import SettingsError
from firstcall.settings import Settings, load, origin


def write(folder: Path, text: str) -> Path:
    """Write a settings file and return it."""
    file = folder / "firstcall.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refused(folder: Path, text: str, **environ: str) -> str:
    """Return what is said about a file that cannot be used."""
    with pytest.raises(SettingsError) as error:
        load(write(folder, text), environ=environ)
    return str(error.value)


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to be written to begin; the store stands in the folder one is in."""
    monkeypatch.chdir(tmp_path)
    settings = load(environ={})
    assert settings.definitions == Settings().definitions
    assert settings.program.currency == "EUR"
    assert settings.store.path == tmp_path.resolve() / ".firstcall"
    assert settings.file is None


def test_the_file_in_this_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Being in the folder of firstcall.toml is enough."""
    write(tmp_path, '[program]\nname = "Northwind"')
    monkeypatch.chdir(tmp_path)
    assert load(environ={}).program.name == "Northwind"


def test_the_store_is_seen_from_the_file(tmp_path: Path) -> None:
    """It is the same store whichever folder the command runs in."""
    assert load(write(tmp_path, '[store]\npath = "data/here"'), environ={}).store.path == (
        tmp_path.resolve() / "data" / "here"
    )


def test_a_variable_overrides_the_file_and_each_value_knows_its_origin(tmp_path: Path) -> None:
    """Default, file and variable can be told apart for every key."""
    file = write(tmp_path, '[program]\ntimezone = "Europe/Berlin"\ncurrency = "USD"')
    settings = load(file, environ={"FIRSTCALL_PROGRAM__TIMEZONE": "Asia/Tokyo"})
    where = {found.key: (found.value, found.where) for found in origin(settings)}
    assert where["program.timezone"] == ("Asia/Tokyo", "FIRSTCALL_PROGRAM__TIMEZONE")
    assert where["program.currency"] == ("USD", "firstcall.toml")
    assert where["program.week_starts"] == ("monday", "default")
    assert where["definitions.depth_weights.volume"] == (0.5, "default")


def test_variables_hold_numbers_switches_lists_and_free_names() -> None:
    """Text becomes what the key holds; lists and tables are JSON."""
    settings = load(
        environ={
            "FIRSTCALL_DEFINITIONS__CHURN_DAYS": "45",
            "FIRSTCALL_PRIVACY__STORE_CLIENT_IP": "true",
            "FIRSTCALL_DEFINITIONS__TIERS": "[20, 80]",
            "FIRSTCALL_SLO__PAYMENTS__AVAILABILITY": "0.99",
            "FIRSTCALL_ENVIRONMENTS": '[{"match": {"source": "*"}, "environment": "production"}]',
        }
    )
    assert settings.definitions.churn_days == 45
    assert settings.privacy.store_client_ip is True
    assert settings.definitions.tiers == (20.0, 80.0)
    assert settings.slo.of("payments").availability == 0.99
    assert settings.environments[0].match.patterns == (("source", ("*",)),)


def test_variables_of_others_are_left_alone() -> None:
    """An orchestrator sets FIRSTCALL_PORT for a service of that name; that is no setting."""
    load(environ={"FIRSTCALL_PORT": "tcp://10.0.0.1:80", "FIRSTCALL_DEBUG": "1", "HOME": "/"})


def test_a_product_inherits_the_objective_it_does_not_set(tmp_path: Path) -> None:
    """[slo] is for all; [slo.payments] changes only what it names."""
    text = "[slo]\navailability = 0.99\nwindow_days = 7\n[slo.payments]\navailability = 0.999"
    slo = load(write(tmp_path, text), environ={}).slo
    assert (slo.of("payments").availability, slo.of("payments").window_days) == (0.999, 7)
    assert (slo.of("search").availability, slo.of(None).window_days) == (0.99, 7)


def test_rules_keep_their_order_and_take_one_glob_or_several(tmp_path: Path) -> None:
    """The first match wins, so order is meaning."""
    text = """
[[environments]]
match = { host = ["sandbox.*", "test.*"], stage = "dev" }
environment = "sandbox"
[[traffic]]
match = { user_agent = "*GPTBot*" }
class = "agent"
"""
    settings = load(write(tmp_path, text), environ={})
    assert settings.environments[0].match.patterns == (("host", ("sandbox.*", "test.*")), ("stage", ("dev",)))
    assert settings.traffic[0].traffic_class == "agent"


def test_success_is_a_list_of_half_open_ranges(tmp_path: Path) -> None:
    """2xx is 200 to 299; 304 is itself."""
    settings = load(write(tmp_path, '[definitions]\nsuccess = "2xx, 304"'), environ={})
    assert settings.definitions.success_ranges == ((200, 300), (304, 305))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[program]\ntimezon = "UTC"', "there is no setting program.timezon. Did you mean program.timezone?"),
        ('timezone = "UTC"', "Did you mean program.timezone?"),
        ("[definitions]\nxyzzy = 1", "Known here: success, min_calls"),
        ('[program]\ntimezone = "Europe/Berln"', "program.timezone = 'Europe/Berln'"),
        ('[program]\ntimezone = "Europe/Berln"', "did you mean Europe/Berlin"),
        ('[program]\ntimezone = "Europe"', "did you mean Europe/"),
        ('[program]\ntimezone = "../zoneinfo/UTC"', "no IANA time zone has this name"),
        ('[program]\ntimezone = "right/Europe/Berlin"', "did you mean Europe/Berlin"),
        ('[program]\ntimezone = ""', "as in Europe/Berlin or UTC"),
        ('[program]\ncurrency = "euro"', "ISO 4217"),
        ('[program]\nweek_starts = "noday"', "'monday'"),
        ("[program]\nfiscal_year_starts = 13", "less than or equal to 12"),
        ("[definitions]\nmilestone = 3", "first successful production call"),
        ('[definitions]\nmilestone = "2,000,000,000 calls"', "at most 1,000,000,000 calls away"),
        ("[definitions]\nchurn_days = 9223372036854775807", "less than or equal to 3659"),
        ("[funnels.trial]\nsteps = ['a', 'b']\nwindow_days = 99999", "less than or equal to 3659"),
        ("[definitions]\ndepth_weights = { volume = 1 }", "add up to 1.5"),
        ("[definitions]\ntiers = [66, 33]", "two rising scores"),
        ('[definitions]\nsuccess = "good ones"', '"2xx, 304"'),
        ('[[environments]]\nmatch = { hots = "a" }\nenvironment = "sandbox"', "environments[1].match.host?"),
        ('[[environments]]\nmatch = {}\nenvironment = "sandbox"', "at least one of host, stage, path"),
        ('[[environments]]\nmatch = { host = "a" }', "environments[1].environment is missing"),
        ('[[traffic]]\nmatch = { host = "a" }\nclass = "robot"', "traffic[1].class = 'robot'"),
        ('[targets.latency]\ngood = "fast"', 'as in "1h"'),
        ("[slo.payments]\navailability = 99.95", "slo.payments.availability = 99.95"),
        ("[slo.payments]\navailabilty = 0.9", "Did you mean slo.payments.availability?"),
        ('[funnels.trial]\nsteps = ["only"]', "funnels.trial.steps"),
        ('[store]\nurl = "postgres://x"', "clickhouse://"),
        ("[program\n", "is not valid TOML"),
        ("program = 3", "program = 3"),
    ],
)
def test_a_mistake_names_file_key_value_and_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    """Nobody has to guess which line is meant."""
    message = refused(tmp_path, text)
    assert said in message
    assert "firstcall.toml" in message


def test_a_mistake_in_a_variable_names_the_variable(tmp_path: Path) -> None:
    """The file is not blamed for what the environment says."""
    message = refused(tmp_path, "", FIRSTCALL_PROGRAM__CURRENCY="EURO")
    assert message.startswith("FIRSTCALL_PROGRAM__CURRENCY: program.currency = 'EURO'")
    assert "Did you mean store.path?" in refused(tmp_path, "", FIRSTCALL_STORE__PATHS="x")
    assert "Did you mean FIRSTCALL_TRAFFIC?" in refused(tmp_path, "", FIRSTCALL_TRAFIC="[]")


def test_every_mistake_is_said_at_once(tmp_path: Path) -> None:
    """One run shows them all, one a line."""
    message = refused(tmp_path, '[program]\ncurrency = "X"\ntimezone = "Y"')
    assert len(message.splitlines()) == 2


def test_a_file_that_was_asked_for_has_to_be_there(tmp_path: Path) -> None:
    """A misspelt --config does not mean the defaults."""
    with pytest.raises(SettingsError, match=r"There is no settings file .* firstcall init"):
        load(tmp_path / "other.toml", environ={})


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """A binary file is a message, not a traceback."""
    file = tmp_path / "firstcall.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(file, environ={})
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path, environ={})


def test_settings_are_frozen() -> None:
    """What has been read does not change under anyone."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().program.name = "other"
