"""Facts of the federation that others may react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeerForked:
    """An instance said two different things under one number: everything later of it is frozen."""

    peer_id: int
    seq: int
