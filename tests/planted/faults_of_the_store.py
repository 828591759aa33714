"""Which faults of import and engines must the tests notice? What lands, what is counted in advance, what SQL means."""

from __future__ import annotations

from tests.planted.faults import Fault

CALLS = "tests/pipeline/loading/test_calls.py"
CONFORMED = "tests/pipeline/conforming"
ROLLUPS = "tests/pipeline/loading"
UPSERTS = "tests/pipeline/loading/test_upsert.py"
IMPORTS = "tests/pipeline/test_importing.py"
FUNCTIONS = "tests/engines/test_functions.py"
LOWERED = "tests/engines/test_lowering.py"

PIPELINE = (
    Fault(
        "the second of two identical lines is lost",
        "pipeline/loading/duplicates.py",
        "AND n.nth > 1 AND import_id",
        "AND n.nth > 2 AND import_id",
        tests=(CALLS,),
    ),
    Fault(
        "a conflict is a duplicate",
        "pipeline/loading/duplicates.py",
        "{_content('n')} IS DISTINCT FROM {_content('o')} AS conflicts",
        "false AS conflicts",
        tests=(CALLS,),
    ),
    Fault(
        "a row that was corrected and comes again replaces what is",
        "pipeline/loading/upsert.py",
        "WHEN {earlier} THEN '{CORRECTED}'",
        "WHEN false THEN '{CORRECTED}'",
        tests=(IMPORTS,),
    ),
    Fault(
        "what is replaced stays in force",
        "pipeline/loading/upsert.py",
        "WHERE verdict = '{REPLACES}') AS new",
        "WHERE verdict = '{LANDED}') AS new",
        tests=(IMPORTS,),
    ),
    Fault(
        "rollups count calls, not units",
        "pipeline/loading/rollup.py",
        'UNITS = "CAST(sum(units)',
        'UNITS = "CAST(count(units)',
        ("throughput", "volume_trend"),
        (ROLLUPS,),
    ),
    Fault(
        "rollups take the last call for the last success",
        "pipeline/loading/rollup.py",
        "\"max(time) FILTER (outcome = 'success')\"",
        '"max(time)"',
        ("endpoint_coverage", "feature_adoption"),
        (ROLLUPS,),
    ),
    Fault(
        "refused calls are merged with others of their day",
        "pipeline/loading/rollup.py",
        '"denied > 0"',
        '"denied >= 0"',
        tests=(ROLLUPS,),
    ),
    Fault(
        "days are those of UTC",
        "pipeline/conforming/call_select.py",
        '"day": "CAST(local_time AS DATE)"',
        '"day": "CAST(time AS DATE)"',
        tests=(ROLLUPS,),
    ),
    Fault(
        "499 is the developer's error",
        "sources/parsing/outcomes.py",
        "NEVER_COMPLETED = (0, 408, 460, 499, 504)",
        "NEVER_COMPLETED = (0, 408, 460, 504)",
        tests=(CONFORMED, ROLLUPS),
    ),
    Fault(
        "latencies are a bucket too fast",
        "pipeline/conforming/call_select.py",
        "CAST(ceil(ln(greatest(latency_ms, 1))",
        "CAST(floor(ln(greatest(latency_ms, 1))",
        tests=(CONFORMED, ROLLUPS),
    ),
)
ENGINES = (
    Fault(
        "a division is turned around",
        "engines/functions.py",
        '"(CAST({0} AS DOUBLE) / nullif({1}, 0))"',
        '"(CAST({1} AS DOUBLE) / nullif({0}, 0))"',
        tests=(FUNCTIONS,),
    ),
    Fault(
        "amounts are cut, not rounded, to a millionth",
        "engines/functions.py",
        '"toInt128(round(({0}) * 1000000))"',
        '"toInt128(({0}) * 1000000)"',
        tests=(FUNCTIONS,),
    ),
    Fault(
        "a median is one of the values",
        "engines/functions.py",
        "quantileExactInclusive({1})({0})",
        "quantileExact({1})({0})",
        tests=(FUNCTIONS,),
    ),
    Fault(
        "the neighbour of the first row is 0",
        "engines/lowering.py",
        "isinstance(node, exp.Lag | exp.Lead)",
        "isinstance(node, exp.Lead)",
        tests=(LOWERED, FUNCTIONS),
    ),
    Fault(
        "what is counted has no sign",
        "engines/lowering.py",
        "isinstance(inner, exp.Count | exp.RowNumber)",
        "isinstance(inner, exp.RowNumber)",
        tests=(LOWERED,),
    ),
    Fault(
        "an expression read twice is computed twice",
        "engines/lowering.py",
        "read[expression.alias] > 1",
        "read[expression.alias] > 2",
        tests=(LOWERED,),
    ),
    Fault(
        "a timestamp loses its microseconds",
        "engines/lowering.py",
        'exp.func("toDateTime64", node.this, exp.Literal.number(6),',
        'exp.func("toDateTime64", node.this, exp.Literal.number(0),',
        tests=(LOWERED,),
    ),
)
STORE = (*PIPELINE, *ENGINES)
