"""Marks that turn text around turn the words they stand in, and nothing else on the page."""

from support.pages import sign_in
from support.walks import PASSPHRASE, sign_ins

TURNED = "\u202ednuora denruT"  # reads "Turned around" where the mark is obeyed

# Whether the text of an element runs from left to right: its first letter stands left of its last.
RUNS_RIGHT = """(element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.push(walker.currentNode);
  const at = (text, index) => {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + 1);
    return range.getBoundingClientRect().left;
  };
  return texts.every((text) => {
    const first = text.data.search(/[^\\s\u202e]/);
    const last = text.data.trimEnd().length - 1;
    return first >= last || at(text, first) < at(text, last);
  });
}"""


def test_a_message_turns_nothing_but_itself(visitor, server):
    page = visitor("desktop")
    sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
    page.goto("/conversations")
    page.locator("main a[href^='/conversations/']").first.click()
    page.locator("form[data-reading] [name=body]").fill(TURNED)
    page.locator("form[data-reading] button").first.click()
    page.reload()
    message = page.locator(".message", has=page.locator(".words", has_text="denruT")).last
    # The premise: the browser does obey the mark, inside the words.
    assert not message.locator(".words").evaluate(RUNS_RIGHT)
    for beside in [".person", ".tag", "time"]:
        assert message.locator(beside).first.evaluate(RUNS_RIGHT), beside
