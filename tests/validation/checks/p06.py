# SPDX-License-Identifier: GPL-3.0-or-later
"""P06: P05 with 20 types of consumers (latent-class logit): each is a segment."""
from .p05 import INPUTS, NOT_COVERED, check

__all__ = ["INPUTS", "NOT_COVERED", "check"]
