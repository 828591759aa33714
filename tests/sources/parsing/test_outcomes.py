"""Do each gateway's words for a failure say what they mean?"""

from __future__ import annotations

from firstcall.sources.parsing import outcomes
from tests.sources.gateways.lines_read import evaluated


def test_a_status_of_waiting_in_vain_is_a_timeout() -> None:
    """What other statuses mean is left open."""
    assert evaluated(lambda v: outcomes.timed_out_by_status(f"CAST({v} AS INTEGER)"), "524") is True
    assert evaluated(lambda v: outcomes.timed_out_by_status(f"CAST({v} AS INTEGER)"), "500") is None


def test_one_flag_of_several_is_enough() -> None:
    """Envoy joins them by commas; a dash is no flag."""
    assert evaluated(lambda v: outcomes.flagged(v, outcomes.ENVOY), "URX,UT") is True
    assert evaluated(lambda v: outcomes.flagged(v, outcomes.ENVOY), "UF") is False
    assert evaluated(lambda v: outcomes.flagged(v, outcomes.ENVOY), "-") is None


def test_an_integration_that_failed_did_not_time_out() -> None:
    """Though both are a 504 of AWS."""
    assert evaluated(lambda v: outcomes.named(v, outcomes.AWS), "INTEGRATION_TIMEOUT") is True
    assert evaluated(lambda v: outcomes.named(v, outcomes.AWS), "INTEGRATION_FAILURE") is False


def test_a_small_letter_first_is_a_timeout_of_haproxy() -> None:
    """A capital C is a client that went away, any other an abort, a dash a normal end."""
    assert evaluated(outcomes.haproxy_timed_out, "sH--") is True
    assert evaluated(outcomes.haproxy_timed_out, "CD--") is True
    assert evaluated(outcomes.haproxy_timed_out, "SH--") is False
    assert evaluated(outcomes.haproxy_error, "sH--") == "sH--"
    assert evaluated(outcomes.haproxy_error, "--VN") is None


def test_an_error_type_says_timeout() -> None:
    """The word itself, or an exception that has it."""
    assert evaluated(outcomes.otel_timed_out, "timeout") is True
    assert evaluated(outcomes.otel_timed_out, "java.net.SocketTimeoutException") is True
    assert evaluated(outcomes.otel_timed_out, "500") is not True


def test_what_the_gateway_answered_itself_has_its_word() -> None:
    """Only failures have one."""
    assert evaluated(lambda v: outcomes.gateway_made(f"{v} = 'kong'", "503", "kong"), "kong") == "kong"
    assert evaluated(lambda v: outcomes.gateway_made(f"{v} = 'kong'", "200", "kong"), "kong") is None
    assert evaluated(outcomes.flag, "--") is None
