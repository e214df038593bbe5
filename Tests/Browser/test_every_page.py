"""Every page that somebody can reach from their first one, in the demonstration: at the width of a phone and of a
desk, by every rule of accessibility, and without scrolling sideways."""

import pytest

from support.pages import sign_in
from support.walks import PASSPHRASE, ROLES, sign_ins, walk


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role, first, pages", ROLES)
def test_each_role(visitor, server, role, first, pages):
    page = visitor("desktop")
    sign_in(page, sign_ins(server.output)[role], PASSPHRASE)
    visited = walk(page, first, role.lower())
    assert len(visited) >= pages, f"too few pages were reached: {visited}"


@pytest.mark.timeout(300)
def test_a_stranger(visitor):
    visited = walk(visitor("desktop"), "/", "stranger")
    assert {"/urgent-help", "/sign-in"} <= set(visited)
