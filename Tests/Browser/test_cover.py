"""Somebody's supporter takes a pause: the person reads it in Spanish and chooses, somebody stands in, and it ends gently."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from test_ages import fill_day
from support.walks import PASSPHRASE
from test_spanish import SPANISH

# A supporter who is there, somebody they support who reads Spanish, and a coordinator of their program.
THREE = """
SELECT s.login, p.login, c.login, m.id FROM match m
JOIN account s ON s.organization_id = m.organization_id AND s.person_id = m.supporter_id
JOIN account p ON p.organization_id = m.organization_id AND p.person_id = m.participant_id
JOIN person q ON q.id = m.participant_id AND q.language = 'es'
JOIN membership k ON k.program_id = m.program_id AND k.role = 'coordinator' AND k.ended_at IS NULL
JOIN account c ON c.organization_id = k.organization_id AND c.person_id = k.person_id
WHERE m.status = 'active' AND m.apart_at IS NULL AND m.stands_in_for IS NULL
AND NOT EXISTS (SELECT 1 FROM supporter_pause z WHERE z.person_id = m.supporter_id AND z.ended_at IS NULL)
AND NOT EXISTS (SELECT 1 FROM cover k WHERE k.match_id = m.id AND k.ended_at IS NULL)
ORDER BY m.id
"""


def test_a_pause_from_the_first_word_to_the_return(visitor, server):
    ben_login, cleo_login, ana_login, match = server.ask(THREE)[0]
    ben = visitor()
    sign_in(ben, ben_login, PASSPHRASE)
    ben.goto("/profile")
    inspect(ben, "cover-pause")
    fill_day(ben, "returns-on", date.today() + timedelta(days=9))
    # Whoever signs in reads their own language, and not all supporters read English.
    ben.locator("form[action='/profile/pause'] button").tap()
    back = ben.locator("form[action='/profile/resume'] button")
    expect(back).to_be_visible()

    cleo = visitor(locale="es-US")
    SPANISH.sign_in(cleo, cleo_login, PASSPHRASE)
    cleo.goto("/home")
    expect(cleo.get_by_role("heading", name=re.compile("no está por ahora"))).to_be_visible()
    SPANISH.check(cleo, "cover-home")
    inspect(cleo, "cover-told")
    cleo.get_by_role("button", name=re.compile("Esperar a")).tap()
    expect(cleo.get_by_text(re.compile("Usted eligió: esperar a"))).to_be_visible()
    inspect(cleo, "cover-waits")
    cleo.get_by_role("button", name=SPANISH["cover.choice.meanwhile"]).tap()
    expect(cleo.get_by_text(SPANISH["cover.told.chosen.meanwhile"])).to_be_visible()

    ana = visitor("desktop")
    sign_in(ana, ana_login, PASSPHRASE)
    ana.goto("/board")
    inspect(ana, "cover-board")
    ana.get_by_role("link", name=re.compile("without their supporter and need")).click()
    expect(ana.get_by_role("heading", name="Without their supporter")).to_be_visible()
    inspect(ana, "cover-list")
    path = f"/cover/{server.ask('SELECT id FROM cover WHERE match_id = ? AND ended_at IS NULL', match)[0][0]}/stand-in"
    form = ana.locator(f"form[action='{path}']").first
    stand_in = form.locator("input[name='supporter']").get_attribute("value")
    form.get_by_role("button").click()
    ana.wait_for_url("**/cover")
    expect(ana.get_by_text(re.compile("was asked to stand in")).first).to_be_visible()
    inspect(ana, "cover-asked")

    cleo.goto("/home")
    cleo.get_by_role("link", name=SPANISH["home.proposal.button"]).tap()
    cleo.wait_for_url("**/matches/*")
    SPANISH.check(cleo, "cover-proposal")
    inspect(cleo, "cover-proposal")
    cleo.get_by_role("button", name=SPANISH["match.yes"]).tap()
    expect(cleo.get_by_role("button", name=SPANISH["match.change-to-no"])).to_be_visible()

    bao = visitor()
    sign_in(bao, server.ask("SELECT login FROM account WHERE person_id = ?", stand_in)[0][0], PASSPHRASE)
    bao.goto("/today")
    standing = server.ask("SELECT id FROM match WHERE stands_in_for = ? AND status = 'proposed'", match)[0][0]
    bao.goto(f"/matches/{standing}")
    said = re.compile("you stand in until their own supporter is back|usted sustituye hasta que regrese")
    expect(bao.get_by_text(said)).to_be_visible()
    inspect(bao, "cover-stand-in")
    bao.locator("button[name='answer'][value='yes']").tap()
    expect(bao.locator("button[name='answer']")).to_have_count(0)

    cleo.goto("/home")
    expect(cleo.get_by_text(re.compile("está con usted hasta entonces"))).to_be_visible()
    inspect(cleo, "cover-stood-in")
    talk = server.ask("SELECT id FROM conversation WHERE match_id = ?", standing)[0][0]
    cleo.goto(f"/conversations/{talk}")
    cleo.locator("textarea[name='body']").fill("Gracias por estar aquí.")
    cleo.get_by_role("button", name=SPANISH["conversation.send"], exact=True).tap()
    expect(cleo.get_by_text("Gracias por estar aquí.").first).to_be_visible()

    ben.goto("/profile")
    back.tap()
    expect(back).to_have_count(0)
    cleo.goto("/home")
    expect(cleo.get_by_role("heading", name=re.compile("está de vuelta"))).to_be_visible()
    SPANISH.check(cleo, "cover-returned")
    inspect(cleo, "cover-returned")
    cleo.goto(f"/matches/{standing}")
    expect(cleo.get_by_text(SPANISH["match.stand-in.participant-ended"])).to_be_visible()
    assert server.ask("SELECT status FROM match WHERE id = ?", match)[0][0] == "active"
