"""What stands on a page: where it leads, which forms it has, and which things it names."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

THING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Made anew for each page, so that what is sent twice is done once.
MADE_BY_PAGE = {"once", "message", "form-token"}


@dataclass
class Form:
    """A form that is sent by POST, filled in as somebody would who takes the first choice everywhere."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The links, forms and things of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._choice: str | None = None
        self._own: set[str] = set()
        self.feed(text)
        self.things = set(THING.findall(text)) - self._own
        """Identifiers of what is kept; not those that the page made."""

    def handle_starttag(self, tag, attributes) -> None:
        have = {name: value or "" for name, value in attributes}
        name = have.get("name")
        if tag == "a" and have.get("href", "").startswith("/"):
            self.links.append(have["href"].partition("#")[0])
        elif tag == "form" and have.get("method") == "post":
            self._form = Form(have.get("action", ""))
            self.forms.append(self._form)
        elif name in MADE_BY_PAGE:
            self._own.add(have.get("value", ""))
        if not self._form or not name or name == "form-token":
            self._choose(tag, have)
            return
        fields = self._form.fields
        if tag == "select":
            self._choice = name
        elif tag == "textarea":
            fields[name] = "Said by nobody."
        elif tag in ("input", "button"):
            kind = have.get("type", "text")
            if kind in ("radio", "checkbox"):
                fields.setdefault(name, have.get("value", "on"))
            elif kind in ("date", "time"):
                fields[name] = have.get("value") or {"date": "2030-03-05", "time": "14:00"}[kind]
            else:
                fields[name] = have.get("value") or ("7" if have.get("inputmode") == "numeric" else "Nobody")

    def _choose(self, tag: str, have: dict[str, str]) -> None:
        if tag == "option" and self._form and self._choice and have.get("value"):
            self._form.fields.setdefault(self._choice, have["value"])

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._choice = None
