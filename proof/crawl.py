"""Every page and every download: followed link by link, and compared with the list of addresses."""

import json
import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from app.processes.process_list import ROOT
from proof.installation.processes import environment
from proof.sinks import Piece

_LINK = re.compile(r'(?:href|src|action|data-[a-z-]+)="(/[^"#]*)')
_SECRET = re.compile(r'href="(https?://[^"]+)"|value="(https?://[^"]+)"')
_NOT_FOLLOWED = ("/logout", "/static/")
_TIME_OUT = 60


@dataclass(slots=True)
class Crawl:
    """What browsers were sent, and which addresses of the application have answered."""

    base: str
    most: int = 600
    """Addresses that are followed in one go."""
    pieces: list[Piece] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)

    def all(self, browser: requests.Session, *starts: str) -> None:
        """Open the pages and everything that they lead to, each address once."""
        due, known = deque(starts), set(starts)
        while due and len(known) < self.most:
            for link in self.open(browser, due.popleft()):
                if link not in known:
                    known.add(link)
                    due.append(link)

    def open(self, browser: requests.Session, path: str) -> list[str]:
        """Open one page; where it leads."""
        response = browser.get(self.base + path, timeout=_TIME_OUT)
        self.keep(response)
        text = response.text if "html" in response.headers.get("Content-Type", "") else ""
        return [
            link.replace("&amp;", "&")
            for link in self.links(text)
            if not link.startswith(_NOT_FOLLOWED)
        ]

    def keep(self, response: requests.Response) -> None:
        """Everything that a browser was sent on the way to this answer."""
        for each in (*response.history, response):
            head = f"{each.status_code} {each.reason}\n{each.headers}".encode()
            named = "attachment" in each.headers.get("Content-Disposition", "")
            sink = "reports" if named else "pages"
            path = urlsplit(str(each.url)).path
            self.pieces.append(Piece(sink, path, head + b"\n\n" + each.content))
            if each.status_code < 400:
                self.answered.add(path)

    def links(self, text: str) -> Iterator[str]:
        """Addresses of the application in a page."""
        yield from _LINK.findall(text)
        for one, other in _SECRET.findall(text):
            found = one or other
            if found.startswith(self.base + "/"):
                yield found.removeprefix(self.base)


def addresses() -> list[tuple[str, str]]:
    """(rule, endpoint) of everything that answers to GET."""
    command = [sys.executable, "-m", "proof.routes"]
    ended = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True)
    return [(rule, endpoint) for rule, endpoint in json.loads(ended.stdout)]


def unseen(answered: set[str], rules: list[tuple[str, str]]) -> set[str]:
    """The endpoints of which no address has answered."""
    at = Map([Rule(rule, endpoint=endpoint) for rule, endpoint in rules]).bind("localhost")
    seen: set[str] = set()
    for path in answered:
        try:
            seen.add(at.match(path)[0])
        except HTTPException:
            continue
    return {endpoint for _, endpoint in rules} - seen
