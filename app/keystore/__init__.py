"""The keystore: keys of epochs and secrets of the installation, outside of the database."""

from app.keystore.epoch_keys import EpochKeys
from app.keystore.files import KeystoreBusy
from app.keystore.masters import SESSION_PURPOSE, NothingToRotate
from app.keystore.store import EPOCH_PURPOSE, KeyMissing, Keystore

__all__ = [
    "EPOCH_PURPOSE",
    "SESSION_PURPOSE",
    "EpochKeys",
    "KeyMissing",
    "Keystore",
    "KeystoreBusy",
    "NothingToRotate",
]
