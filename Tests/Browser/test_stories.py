"""A tip is written on a phone, read by a coordinator, seen by others, and taken back."""

from playwright.sync_api import expect

from support.house import come_in
from support.pages import inspect
from test_conversations import conversation, enter, house, messages, visit, write  # noqa: F401 (fixtures)


def test_from_a_phone_to_others_and_back(house, visit, enter):  # noqa: F811
    cora = visit("desktop")
    come_in(cora, house.add("Cora Cruz", "coordinator", "riverside"), "cora")
    nora = enter("nora")
    nora.goto("/stories")
    expect(nora.get_by_text("There is nothing here yet.")).to_be_visible()
    inspect(nora, "stories-empty")
    nora.get_by_role("link", name="Write a story").click()
    nora.get_by_label("Title").fill("The first night at home")
    nora.get_by_label("Your story").fill("I had a list for everything.\n\nAt three in the morning I made tea.")
    nora.get_by_label("Under which name?").fill("Moth")
    inspect(nora, "stories-form")
    nora.get_by_role("button", name="See how it will look").click()
    expect(nora.get_by_text("At three in the morning I made tea.")).to_be_visible()
    nora.get_by_role("button", name="Send it").click()
    expect(nora.get_by_text("Please answer this.").first).to_be_visible()
    nora.get_by_label("Yes, I agree").check()
    expect(nora.get_by_label("Yes, I agree")).to_be_checked()
    inspect(nora, "stories-agree")
    nora.get_by_role("button", name="Send it").click()
    expect(nora.get_by_text("Waits to be read")).to_be_visible()
    own = nora.url

    cora.goto("/stories")
    expect(cora.get_by_text("There is nothing here yet.")).to_be_visible()
    cora.goto("/moderation")
    cora.get_by_role("link", name="A story or tip waits to be shown").click()
    cora.get_by_role("button", name="I take this").click()
    expect(cora.get_by_text("Shown under the name Moth")).to_be_visible()
    cora.get_by_label("Show it").check()
    expect(cora.get_by_label("Show it")).to_be_checked()
    inspect(cora, "stories-moderation")
    cora.get_by_role("button", name="Decide").click()
    cora.goto("/stories")
    expect(cora.get_by_role("heading", name="The first night at home")).to_be_visible()
    inspect(cora, "stories")

    nora.goto(own)
    expect(nora.get_by_text("At three in the morning I made tea.")).to_be_visible()
    inspect(nora, "stories-own")
    nora.goto("/privacy/items/told")
    expect(nora.get_by_text("You are in this program together.")).to_be_visible()
    inspect(nora, "stories-privacy")
    nora.goto(own)
    nora.get_by_role("button", name="Take it back").click()
    expect(nora.get_by_text("Taken back")).to_be_visible()
    cora.reload()
    expect(cora.get_by_text("There is nothing here yet.")).to_be_visible()
