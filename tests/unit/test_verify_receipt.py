"""The verifier: one file, offline; for every input it prints one sentence."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from app import verify_receipt
from app.cli.commands import main
from app.processes.process_list import ROOT
from app.verify_receipt import Refused, canonical, check, key_id, outcome
from proof.receipts import promise_and_receipt

STANDALONE = ROOT / "docs" / "verify_receipt.py"
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture(scope="module")
def files() -> list[bytes]:
    return promise_and_receipt()


@pytest.fixture
def folder(tmp_path: Path, files: list[bytes]) -> Path:
    (tmp_path / "promise.json").write_bytes(files[0])
    (tmp_path / "receipt.json").write_bytes(files[1])
    (tmp_path / "ledger.json").write_bytes(_log(files))
    return tmp_path


def _log(files: list[bytes]) -> bytes:
    return b"[" + b",".join(files) + b"]"


def signed(entry: dict[str, Any], key: Ed25519PrivateKey = OTHER) -> bytes:
    """An entry signed with another key, correct in every other way."""
    public = key.public_key().public_bytes_raw()
    body = canonical({**entry, "key": key_id(public)})
    return canonical(
        {
            "entry": json.loads(body),
            "hash": hashlib.sha256(body).hexdigest(),
            "public_key": public.hex(),
            "signature": key.sign(body).hex(),
        }
    )


def _entry(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)["entry"]
    return found


def _forged(content: bytes, **changes: Any) -> bytes:
    """The file with other values, signed with another key."""
    return signed({**_entry(content), **changes})


def _stating(content: bytes, **changes: Any) -> bytes:
    return _forged(content, statement={**_entry(content)["statement"], **changes})


def _run(*arguments: str | Path, folder: Path) -> tuple[int, str]:
    """The single file, in a folder where there is no Tacit."""
    ended = subprocess.run(
        [sys.executable, "-I", str(STANDALONE), *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    assert len(ended.stdout.splitlines()) == 1
    return ended.returncode, ended.stdout


def test_the_single_file_in_docs_is_what_tacit_verify_runs() -> None:
    assert STANDALONE.read_bytes() == Path(verify_receipt.__file__).read_bytes()
    for line in STANDALONE.read_text().splitlines():
        assert not line.startswith(("import app", "from app"))


def test_the_single_file_checks_a_receipt_with_its_promise_key_and_log(folder: Path) -> None:
    key = json.loads((folder / "receipt.json").read_bytes())["public_key"]
    options = ("--key", key, "--promise", "promise.json", "--ledger", "ledger.json")
    code, said = _run("receipt.json", *options, folder=folder)
    assert code == 0
    for part in ("Genuine", "the key you expect", "keeps its promise", "entry 2 of a log of 2"):
        assert part in said


def test_the_single_file_refuses_without_a_traceback(folder: Path) -> None:
    (folder / "broken.json").write_bytes(b"\xff{")
    for name in ("broken.json", "missing.json", "."):
        code, said = _run(name, folder=folder)
        assert code == 1
        assert said.startswith("REFUSED.")


def test_every_file_that_is_named_must_be_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = str(folder / "receipt.json")
    assert verify_receipt.main([receipt, "--ledger", str(folder / "ledger.json")]) == 0
    assert "entry 2 of a log of 2" in capsys.readouterr().out
    for option in ("--promise", "--ledger"):
        assert verify_receipt.main([receipt, option, str(folder / "missing.json")]) == 1
        assert capsys.readouterr().out == f"REFUSED. {folder / 'missing.json'} cannot be read.\n"


def test_tacit_verify_prints_the_same_result(folder: Path) -> None:
    arguments = ["verify", str(folder / "receipt.json"), "--promise", str(folder / "promise.json")]
    good = CliRunner().invoke(main, arguments)
    assert good.exit_code == 0
    assert good.output.startswith("Genuine: the receipt")
    assert "give --key" in good.output
    bad = CliRunner().invoke(main, ["verify", str(folder / "ledger.json")])
    assert bad.exit_code == 1
    assert bad.output == "REFUSED. This is neither a promise nor a receipt of Tacit.\n"


@given(some.binary(max_size=200))
def test_no_file_whatever_ends_in_a_traceback(content: bytes) -> None:
    with pytest.raises(Refused):
        check(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5_000,
        b"1e400",
        b"NaN",
        b'"\\ud800"',
        b"\xef\xbb\xbf{}",
        b'{"entry":1,"hash":2,"public_key":3,"signature":4}',
    ],
)
def test_a_file_that_is_no_entry_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        check(content)


def test_another_spelling_of_the_same_values_is_refused(files: list[bytes]) -> None:
    for content in files:
        value = json.loads(content)
        for other in (
            content + b"\n",
            b" " + content,
            json.dumps(value).encode(),
            canonical(dict(reversed(value.items()))).replace(b"Tacit", b"\\u0054acit", 1),
            content.replace(b'"hash":"', b'"hash":"x","hash":"', 1),
            content.replace(value["signature"].encode(), value["signature"].upper().encode()),
        ):
            if other != content:
                with pytest.raises(Refused):
                    check(other)


def test_a_forgery_with_a_key_of_its_own_is_not_signed_with_the_expected_key(
    files: list[bytes],
) -> None:
    forged = _stating(files[1], late=True)
    assert "give --key" in check(forged)
    genuine = json.loads(files[1])["public_key"]
    assert "the key you expect" in check(files[1], key=genuine.upper())
    with pytest.raises(Refused, match="not signed with the key"):
        check(forged, key=genuine)
    borrowed = json.loads(forged) | {"public_key": genuine}
    with pytest.raises(Refused, match="public key"):
        check(canonical(borrowed), key=genuine)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"version": 2},
        {"sequence": 0},
        {"sequence": True},
        {"sequence": "1"},
        {"previous": "0" * 63},
        {"kind": "note"},
        {"at": "yesterday"},
        {"at": "2026-13-01T00:00:00Z"},
        {"at": "2026-01-01T00:00:00+00:00"},
        {"statement": []},
        {"statement": {}},
        {"statement": {"purge": "\x1b[2J"}},
        {"more": 1},
    ],
)
def test_an_entry_of_another_shape_is_refused(files: list[bytes], change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        check(_forged(files[0], **change))


def test_a_receipt_and_a_promise_of_another_deletion_do_not_belong_together(
    files: list[bytes],
) -> None:
    with pytest.raises(Refused, match="do not belong together"):
        check(files[1], promise=promise_and_receipt()[0])
    for other in ({"deadline_at": "2100-01-01T00:00:00Z"}, {"promise": "0" * 64}):
        with pytest.raises(Refused, match="do not belong together"):
            check(_stating(files[1], **other), promise=files[0])
    for pair in ((files[0], files[0]), (files[0], files[1]), (files[1], files[1])):
        with pytest.raises(Refused, match="Give the receipt"):
            check(pair[0], promise=pair[1])


def test_a_receipt_that_came_too_late_breaks_its_promise(files: list[bytes]) -> None:
    late = _stating(files[1], finished_at="2100-01-01T00:00:00Z")
    with pytest.raises(Refused, match="The promise was broken: deleted at 2100-01-01"):
        check(late, promise=files[0])
    with pytest.raises(Refused, match="has no time"):
        check(_stating(files[1], finished_at=None), promise=files[0])


def test_a_log_that_was_touched_anywhere_is_refused(files: list[bytes]) -> None:
    promise, receipt = files
    assert "entry 1 of a log of 2" in check(promise, log=_log(files))
    assert "entry 1 of a log of 1" in check(promise, log=_log([promise]))
    for log, why in (
        (_log([receipt]), "broken at entry 1"),
        (_log([receipt, promise]), "broken at entry 1"),
        (_log([promise, promise]), "broken at entry 2"),
        (_log([_forged(promise, sequence=2)]), "broken at entry 1"),
        (_log([_forged(promise, at="2026-01-01T00:00:00Z"), receipt]), "broken at entry 2"),
        (_log([promise, _forged(receipt, previous="1" * 64)]), "broken at entry 2"),
        (promise, "not a list"),
        (b"[]", "does not contain"),
    ):
        with pytest.raises(Refused, match=why):
            check(promise, log=log)
    with pytest.raises(Refused, match="does not contain"):
        check(receipt, log=_log([promise]))


def test_canonical_spells_every_value_one_way() -> None:
    assert canonical({"b": [1, None, True], "a": "é\n\x7f\u2028"}) == (
        '{"a":"é\\n\x7f\u2028","b":[1,null,true]}'.encode()
    )
    for value in (1.5, float("nan"), 2**53, {"é": 1}, {1: 2}, "\ud800", b"", (1,), object()):
        with pytest.raises(ValueError, match=r"\w"):
            canonical(value)


_NAMES = some.text(some.characters(max_codepoint=127))
_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(_NAMES, inner),
    max_leaves=20,
)


@given(_VALUES)
def test_canonical_json_is_read_unchanged(value: object) -> None:
    try:
        content = canonical(value)
    except UnicodeEncodeError:
        return
    assert verify_receipt.read(content) == value
    assert canonical(json.loads(content)) == content


def test_a_path_that_cannot_be_read_is_a_refusal(tmp_path: Path) -> None:
    said, code = outcome(tmp_path / "missing", promise=tmp_path)
    assert code == 1
    assert "cannot be read" in said
