"""The real reading pane: cases delivered to a mailbox, opened one after the other, looked at from all sides."""

# Payloads and scripts of a page are kept whole.
# ruff: noqa: E501
from __future__ import annotations

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Error, Frame, Page, expect

from hostile.case import MARK, Case
from hostile.patience import Patience
from hostile.watching import STIR, Watch
from journeys.running import RunningInstance
from journeys.webmail import ROW, signed_in
from waiting import wait_until

# States of a case that took its tab down, or held it for longer than a run waits.
LOST = ("stalled", "crashed")
# All messages with the mark, by JMAP and the page's own session.
FIND = """
async mark => {
  const jmap = async calls => (await (await fetch('/jmap/', {method: 'POST', headers: {'Content-Type': 'application/json',
    'X-Casier-Background': '1'}, body: JSON.stringify({using: ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'],
    methodCalls: calls})})).json()).methodResponses;
  const me = await (await fetch('/api/me')).json();
  const accountId = me.account.mailboxKey, found = [];
  for (let position = 0; ; position += 500) {
    const [[, , ], [, got]] = await jmap([['Email/query', {accountId, position, limit: 500, collapseThreads: false}, 'q'],
      ['Email/get', {accountId, '#ids': {resultOf: 'q', name: 'Email/query', path: '/ids'},
       properties: ['id', 'threadId', `header:${mark}:asText`]}, 'g']]);
    if (got.list.length === 0) return found;
    for (const one of got.list) if (one[`header:${mark}:asText`])
      found.push([one[`header:${mark}:asText`].trim(), one.id, one.threadId]);
  }
}
"""
DESTROY = """
async ids => {
  const me = await (await fetch('/api/me')).json();
  for (let at = 0; at < ids.length; at += 200) await fetch('/jmap/', {method: 'POST',
    headers: {'Content-Type': 'application/json'}, body: JSON.stringify({
    using: ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'], methodCalls: [['Email/set',
    {accountId: me.account.mailboxKey, destroy: ids.slice(at, at + 200)}, 'd']]})});
}
"""
# Go there as « back » would, and wait until the text is drawn and its frames have taken their height; how long that
# took, and for how long the page answered nobody in between (what it draws in a frame's own process is not in it).
OPEN = """
async ({thread, email, patience}) => {
  let busy = 0;
  const add = tasks => { for (const {duration} of tasks) busy += duration; };
  const tasks = new PerformanceObserver(list => add(list.getEntries()));
  tasks.observe({type: 'longtask'});
  const begun = performance.now();
  const place = new URLSearchParams(location.search);
  place.set('fil', thread);
  history.pushState(null, '', '?' + place);
  dispatchEvent(new PopStateEvent('popstate'));
  const until = begun + patience;
  const body = () => document.querySelector(`.message[data-email="${email}"] .message-body`);
  const ready = () => body() !== null && body().querySelector('.skeleton, [class*=skeleton]') === null
    && body().childElementCount > 0
    && [...body().querySelectorAll('.mail-frame')].every(one => one.dataset.measured !== 'false');
  let state = 'open';
  while (state === 'open' && !ready()) {
    await new Promise(requestAnimationFrame);
    if (performance.now() > until) state = body() === null ? 'absent' : 'slow';
  }
  const took = performance.now() - begun;
  await new Promise(requestAnimationFrame);
  await new Promise(done => setTimeout(done));
  add(tasks.takeRecords());
  tasks.disconnect();
  return {state, took: Math.round(took), busy: Math.round(busy)};
}
"""
# What no message may change: ours is on top everywhere outside the text, nothing sticks out, nothing is alive.
FACTS = """
home => {
  const found = [], left = [];
  const text = [...document.querySelectorAll('.message-body')];
  const inside = one => one !== null && text.some(part => part.contains(one));
  const pane = text[0]?.closest('.reading-inside')?.getBoundingClientRect();
  for (let x = 8; x < innerWidth; x += 61) for (let y = 8; y < innerHeight; y += 47) {
    const within = pane && x >= pane.left - 1 && x <= pane.right + 1 && y >= pane.top - 1;
    if (!within && inside(document.elementFromPoint(x, y))) found.push(`covers ${x},${y}`);
  }
  for (const [name, x, y] of home.controls) {
    const hit = document.elementFromPoint(x, y);
    if (hit === null || (hit.closest('button, a, input, [role]') ?? hit).className !== name) found.push(`control ${name}`);
  }
  for (const part of document.querySelectorAll('.message-head, .subject, .attachments, .message-body > *')) {
    const box = part.getBoundingClientRect();
    if (pane && (box.left < pane.left - 2 || box.right > pane.right + 2)) found.push(`sticks out: ${part.className}`);
  }
  for (const frame of document.querySelectorAll('.message-body iframe:not(.mail-twin)')) {
    const tokens = frame.getAttribute('sandbox');
    if (tokens !== 'allow-popups allow-popups-to-escape-sandbox') found.push(`sandbox ${tokens}`);
    const page = new DOMParser().parseFromString(frame.srcdoc, 'text/html');
    left.push(...[...page.body.querySelectorAll('script,iframe,object,embed,form,input,textarea,select,button,link,meta,'
      + 'base,svg,math,video,audio,source,dialog,details,template,area,[contenteditable],[autofocus],[popover]:not(.casier-told),[srcset]')]
      .map(one => one.localName));
    for (const one of page.querySelectorAll('*')) for (const {name, value} of [...one.attributes]) {
      if (name.startsWith('on')) left.push(name);
      if (/^\\s*(?:javascript|vbscript|data:text|blob|file):/i.test(value)) left.push(value.slice(0, 40));
      if (/^(?:src|background|poster|data|style)$/.test(name) && /(?:https?:)?\\/\\//i.test(value)) left.push(`${name}=${value.slice(0, 60)}`);
    }
    for (const sheet of page.querySelectorAll('style')) if (/url\\(\\s*["']?(?:https?:)?\\/\\//i.test(sheet.textContent)) left.push('sheet');
    if (page.head.querySelectorAll('meta[http-equiv="Content-Security-Policy"]').length !== 1) found.push('policy');
  }
  for (const one of document.querySelectorAll('#root *, body > *')) for (const {name, value} of [...one.attributes])
    if (name.startsWith('on') || /^\\s*javascript:/i.test(value)) left.push(`ours: ${name}`);
  if (document.querySelector('.message-body style, .message-body script')) left.push('style or script of ours');
  if (document.activeElement instanceof HTMLIFrameElement) found.push('focus');
  if (location.origin + location.pathname !== home.place) found.push(`left for ${location.href}`);
  if (!document.title.endsWith(home.title)) found.push(`title ${document.title}`);
  if (document.querySelector('link[rel~=icon]')?.href !== home.icon) found.push('icon');
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push('page wider than the window');
  return {found: [...new Set(found)].slice(0, 5), left: [...new Set(left)].slice(0, 5)};
}
"""
HOME = """
() => ({place: location.origin + location.pathname, title: document.title.split(' – ').slice(-2).join(' – '), icon: document.querySelector('link[rel~=icon]')?.href,
  controls: [...document.querySelectorAll('header button, nav a, nav button, [role=search] input')]
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width > 0 && box.top >= 0 && box.bottom < innerHeight)
    .map(([one, box]) => [one, box.x + box.width / 2, box.y + box.height / 2])
    .filter(([one, x, y]) => one.contains(document.elementFromPoint(x, y)) && one.closest('.message') === null)
    .slice(0, 12)
    .map(([one, x, y]) => [(document.elementFromPoint(x, y).closest('button, a, input, [role]')).className, x, y])})
"""


@dataclass
class Result:
    """What one case did in the reading pane. LEFT is what the first wall let stand for the others to stop."""

    case: Case
    ran: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    state: str = "open"
    # Milliseconds until it was there, and those of them in which the page answered nobody.
    took: int = 0
    busy: int = 0

    @property
    def harmless(self) -> bool:
        return not (self.ran or self.fetched or self.covered) and self.state == "open"


def deliver(instance: RunningInstance, mailbox_key: str, cases: Sequence[Case]) -> dict[str, str]:
    """Hand the cases to the store as mail that arrives; those that it refuses, with its words."""
    refused: dict[str, str] = {}
    with smtplib.LMTP(str(instance.layout.socket("cyrus", "postfix", "lmtp.sock"))) as store:
        for case in cases:
            try:
                store.sendmail("trap@exemple.fr", [mailbox_key], case.message())
            except smtplib.SMTPException as error:
                refused[case.name] = str(error)
                store.rset()
    return refused


def found_again(page: Page, cases: Sequence[Case]) -> dict[str, tuple[str, str]]:
    """Email and thread of each delivered case."""

    def look() -> dict[str, tuple[str, str]]:
        return {name: (email, thread) for name, email, thread in page.evaluate(FIND, MARK)}

    wanted = {case.name for case in cases}
    wait_until("all cases in the mailbox", lambda: wanted <= look().keys(), seconds=60)
    return look()


class Reader:
    """The tab of the person who reads; a new one where a case has taken it down."""

    def __init__(
        self, context: BrowserContext, watch: Watch, instance: RunningInstance, address: str
    ) -> None:
        self._context, self._watch = context, watch
        context.once("page", watch.adopt)
        self.page = signed_in(context, instance, address)
        self._place = self.page.url
        assert context.browser is not None
        self.patience = Patience(context.browser)

    def anew(self) -> None:
        """Leave the tab that is lost, and take another one in the same session."""
        self.page.close()
        self.page = self._watch.page(self._context)
        self.page.goto(self._place)
        expect(self.page.locator(ROW).first).to_be_visible(timeout=15_000)


def opened(
    reader: Reader,
    watch: Watch,
    cases: Sequence[Case],
    places: dict[str, tuple[str, str]],
    tell: Callable[[int], None] = lambda _: None,
    over: Callable[[], bool] = lambda: False,
) -> list[Result]:
    """Open each case and look, until it is OVER.

    What comes late is still counted for the case that its address names.
    """
    watch.names = frozenset(case.name for case in cases)
    home = reader.page.evaluate(HOME)
    results = []
    for at, case in enumerate(cases):
        if over():
            break
        results.append(_open_within(reader, watch, case, *places[case.name], home))
        tell(at)
    reader.page.wait_for_timeout(500)
    for result in results:
        seen = watch.of(result.case.name)
        result.ran += seen.get("ran", [])
        result.fetched += seen.get("fetched", [])
        result.covered += seen.get("covered", [])
    return results


def _open_within(
    reader: Reader, watch: Watch, case: Case, email: str, thread: str, home: dict[str, Any]
) -> Result:
    """The verdict on a case within a time that has an end: one that takes the tab down is one too."""
    watch.case = case.name
    result = Result(case)
    try:
        with reader.patience.during():
            _open(reader.page, watch, result, email, thread, home)
    except Error as error:
        if "crashed" not in str(error) and not reader.patience.lost:
            raise
        result.state = "stalled" if reader.patience.lost else "crashed"
        reader.anew()
    return result


def _open(page: Page, watch: Watch, result: Result, email: str, thread: str, home: dict[str, Any]) -> None:
    told = page.evaluate(OPEN, {"thread": thread, "email": email, "patience": 5000})
    result.state, result.took, result.busy = told["state"], told["took"], told["busy"]
    _look(page, home, result)
    watch.pressed.add(result.case.name)
    for frame in _mail_frames(page):
        _try_in(frame, result)
    _look(page, home, result)
    watch.tidy()


def _look(page: Page, home: dict[str, Any], result: Result) -> None:
    facts = page.evaluate(FACTS, home)
    result.covered += [fact for fact in facts["found"] if fact not in result.covered]
    result.left += [rest for rest in facts["left"] if rest not in result.left]


def _mail_frames(page: Page) -> list[Frame]:
    return [frame for frame in page.frames if frame.parent_frame == page.main_frame]


def _try_in(frame: Frame, result: Result) -> None:
    """Set off all events and press all links inside the frame; it must still hold the message afterwards."""
    try:
        frame.evaluate(f"({STIR})(document)")
        if not frame.is_detached() and frame.url not in {"about:srcdoc", ""}:
            result.covered.append(f"frame left for {frame.url}")
    except Error as gone:
        if "crashed" in str(gone):
            raise
        if "detached" not in str(gone) and "closed" not in str(gone):
            result.covered.append(f"frame: {str(gone)[:80]}")


def forget(page: Page) -> None:
    """Take all cases out of the mailbox, those of a run that was broken off too."""
    page.evaluate(DESTROY, [email for _, email, _ in page.evaluate(FIND, MARK)])
