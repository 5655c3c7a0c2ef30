"""Checks a report: check-page.py PAGE WORDS...

Well-formed, self-contained, readable without scripts: every link leads to a place on the page, every table has heads,
every field has a label, nothing is loaded from anywhere, and the words are in the text.
"""

import html.parser
import sys

page, *words = sys.argv[1:]
VOID = {"meta", "input", "rect", "br", "link", "img"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.labels, self.fields, self.text = [], set(), [], set(), [], []
        self.problems = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            if given["id"] in self.ids:
                self.problems.append(f"the id {given['id']} twice")
            self.ids.add(given["id"])
        for name in ("src", "href", "srcset", "data"):
            if name in given:
                self.links.append(given[name])
        if tag == "label":
            self.labels.add(given.get("for"))
        if tag == "input":
            self.fields.append(given.get("id"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)


found = Page()
text = open(page, encoding="utf-8").read()
found.feed(text)
problems = found.problems + [f"<{tag}> is never closed" for tag in found.open]
problems += [f"{link} leads nowhere" for link in found.links if not link.startswith("#") or link[1:] not in found.ids]
problems += [f"the field {field} has no label" for field in found.fields if field not in found.labels]
problems += [f"not in the text: {word}" for word in words if word not in " ".join(found.text)]
problems += [f"missing: {need}" for need in ("lang=", "prefers-color-scheme", "@media print", "<title>") if need not in text]
sys.exit("\n".join(problems) or 0)
