"""Are the letters of a sheet those that were typed, and the file refused when nobody can say?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import ImportRefused, UsageError
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def sheet(*names: str) -> str:
    """Return a list of partners of these names."""
    return PARTNERS + "".join(f"p{n},{name},2026-01-01\n" for n, name in enumerate(names))


def read(at: ImportDesk) -> list[object]:
    """Return the names in the store."""
    return [
        name for (name,) in at.rows("SELECT name FROM partners WHERE known_to IS NULL ORDER BY partner_id")
    ]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ("Müller GmbH", "Café – Ångström", "L’Oréal")),
        ("cp1252", ("Plain", "10 €")),
        ("utf-16", ("Müller",)),
        ("utf-16-le", ("Müller",)),
        ("utf-16-be", ("Müller",)),
        ("utf-8-sig", ("Łódź", "東京")),
    ],
)
def test_an_encoding_is_found(at: ImportDesk, encoding: str, names: tuple[str, ...]) -> None:
    """With a mark or without one."""
    at.take("partners", sheet(*names).encode(encoding))
    assert read(at) == list(names)


def test_what_was_found_is_said_with_a_word_in_it(at: ImportDesk) -> None:
    """So that one sees that it is right."""
    assert 'read as cp1252, as in "Müller"' in at.take("partners", sheet("Müller").encode("cp1252")).notes


@pytest.mark.parametrize(
    ("encoding", "name"), [("mac_roman", "Köln"), ("cp850", "Köln"), ("cp1250", "Wałęsa")]
)
def test_letters_that_may_be_others_are_asked_for(at: ImportDesk, encoding: str, name: str) -> None:
    """The word is shown in each; said, it is read so."""
    content = sheet(name).encode(encoding)
    with pytest.raises(ImportRefused, match=rf"{encoding} '{name}'.*--option encoding="):
        at.take("partners", content)
    at.take("partners", content, options={"encoding": encoding})
    assert read(at) == [name]


def test_a_byte_that_is_wrong_among_letters_of_utf8_refuses_its_row(at: ImportDesk) -> None:
    """The file is in UTF-8; that row was broken on its way."""
    content = sheet("Müller", "Größe").encode().replace("ß".encode(), b"\xdf")
    report = at.take("partners", content)
    assert (report.total.refused, read(at)) == ({"not UTF-8": 1}, ["Müller"])


def test_an_encoding_that_does_not_fit_or_is_none_is_wrong(at: ImportDesk) -> None:
    """Both say so."""
    with pytest.raises(ImportRefused, match="its text is not in ascii"):
        at.take("partners", sheet("Müller").encode("cp1252"), options={"encoding": "ascii"})
    with pytest.raises(UsageError, match="there is no such encoding"):
        at.take("partners", sheet("A"), options={"encoding": "latin-99"})


def test_an_export_of_another_system_is_found_out_too(at: ImportDesk) -> None:
    """A mapped file goes the same way."""
    mapping = at.put(
        "m.toml",
        '[[rows]]\ntable = "partners"\ncolumns.partner_id = "Nr"\ncolumns.name = "Firma"\n'
        'columns.registered_at = "Seit"\n',
    )
    content = "Nr;Firma;Seit\n1;Müller;31.12.2025\n".encode("cp1252")
    at.take("mapping", content, options={"mapping": mapping})
    assert at.rows("SELECT name, registered_at::VARCHAR FROM partners") == [("Müller", "2025-12-31 00:00:00")]
