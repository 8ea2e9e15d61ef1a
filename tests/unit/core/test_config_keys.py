"""Where the keys are and which: a setting that makes no sense is refused by its name."""

import base64
from pathlib import Path

import pytest

from app.core.config import Config, ConfigError

KEYS = [base64.b64encode(bytes([number]) * 32).decode() for number in range(3)]


def _config(folder: Path, **settings: str) -> Config:
    return Config.from_env({"TACIT_INSTANCE": str(folder), **settings})


def test_the_keys_are_in_a_folder_of_their_own(tmp_path: Path) -> None:
    assert _config(tmp_path).keystore == tmp_path / "keystore"
    elsewhere = str(tmp_path.parent / "keys")
    assert _config(tmp_path, TACIT_KEYSTORE=elsewhere).keystore == tmp_path.parent / "keys"


@pytest.mark.parametrize("folder", ["", "data", "data/.."])
def test_a_folder_that_is_the_databases_or_above_it_is_refused(tmp_path: Path, folder: str) -> None:
    database = f"sqlite:///{tmp_path}/data/below/tacit.db"
    environment = {"DATABASE_URL": database, "TACIT_KEYSTORE": f"{tmp_path}/{folder}"}
    with pytest.raises(ConfigError, match="outside of the database"):
        _config(tmp_path / "instance", **environment)


def test_the_instance_folder_itself_is_refused_with_any_database(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": "postgresql://tacit@/tacit", "TACIT_KEYSTORE": str(tmp_path)}
    with pytest.raises(ConfigError, match="outside of the database"):
        _config(tmp_path, **environment)


def test_a_relative_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TACIT_KEYSTORE must be an absolute path"):
        _config(tmp_path, TACIT_KEYSTORE="keys")


def test_former_keys_are_a_list_and_no_key_is_in_the_configurations_words(tmp_path: Path) -> None:
    former = f"{KEYS[1]}, {KEYS[2]}"
    config = _config(tmp_path, TACIT_MASTER_KEY=KEYS[0], TACIT_MASTER_KEY_FORMER=former)
    assert config.master_key == bytes(32)
    assert config.former_keys == (bytes([1]) * 32, bytes([2]) * 32)
    assert "\\x01" not in repr(config)


@pytest.mark.parametrize("value", ["short", KEYS[0][:-4], KEYS[0] + ",x"])
def test_an_invalid_key_is_refused_and_not_quoted(tmp_path: Path, value: str) -> None:
    for name in ("TACIT_MASTER_KEY", "TACIT_MASTER_KEY_FORMER"):
        with pytest.raises(ConfigError, match=f"{name} must be 32 bytes") as refused:
            _config(tmp_path, **{"TACIT_MASTER_KEY": KEYS[1], name: value})
        assert value not in str(refused.value)


def test_a_former_key_alone_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TACIT_MASTER_KEY_FORMER needs TACIT_MASTER_KEY"):
        _config(tmp_path, TACIT_MASTER_KEY_FORMER=KEYS[1])
