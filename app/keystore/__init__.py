"""The keystore: keys of epochs and secrets of the installation, apart from the database."""

from app.keystore.epoch_keys import EpochKeys
from app.keystore.files import KeystoreBusy
from app.keystore.masters import NothingToRotate
from app.keystore.store import KeyMissing, Keystore

__all__ = ["EpochKeys", "KeyMissing", "Keystore", "KeystoreBusy", "NothingToRotate"]
