"""Families that want our own interface: to cover it, move it, leave it, or take the keyboard from it."""

# Payloads and scripts of a page are kept whole.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator

from hostile.case import After, Case

FULL = "width:100vw;height:100vh;background:red"
# Each paints something red over the whole window, in a page without protection.
COVERS = (
    f"position:fixed;top:0;left:0;z-index:2147483647;{FULL}",
    f"position:fixed!important;inset:0!important;z-index:2147483647!important;{FULL}",
    f"POSITION:FIXED;inset:0;z-index:99999;{FULL}",
    f"position:f\\69xed;inset:0;z-index:99999;{FULL}",
    f"position:absolute;top:0;left:0;z-index:2147483647;{FULL}",
    "position:absolute;top:-9999px;left:-9999px;border:9999px solid red;z-index:9999;width:9999px;height:9999px",
    f"position:sticky;top:0;left:0;z-index:2147483647;{FULL};margin-bottom:-100vh",
    "position:relative;top:-400px;left:-600px;z-index:9999;width:3000px;height:3000px;background:red",
    "margin:-900px;position:relative;z-index:9999;width:4000px;height:4000px;background:red",
    "transform:translate(-50%,-50%) scale(40);position:relative;z-index:9999;width:300px;height:300px;background:red",
    "translate:-500px -500px;position:relative;z-index:9999;width:3000px;height:3000px;background:red",
    "scale:60;position:relative;z-index:9999;width:200px;height:200px;background:red",
    "zoom:40;background:red;position:relative;z-index:9999",
    "font-size:1500px;line-height:1;position:absolute;inset:0;background:red;z-index:9999",
    "outline:3000px solid red;position:relative;z-index:9999",
    "box-shadow:0 0 0 3000px red;position:relative;z-index:9999;width:1px;height:1px",
    "border:2000px solid red;position:absolute;left:-1000px;top:-1000px;z-index:9999",
    "width:99999px;height:99999px;background:red;position:absolute;top:0;left:0;z-index:99",
    "padding:2000px;margin:-1500px;background:red;position:relative;z-index:9999",
    "float:left;margin-left:-900px;margin-top:-900px;width:4000px;height:4000px;background:red;position:relative;z-index:9",
    "filter:drop-shadow(-600px -300px 0 red);position:absolute;inset:0;z-index:9999;background:red",
    "backdrop-filter:invert(1);position:fixed;inset:0;z-index:9999;background:red",
    "mix-blend-mode:difference;position:fixed;inset:0;z-index:9999;background:red",
    "display:flex;position:fixed;inset:0;contain:none;isolation:isolate;z-index:9999;background:red",
    "position:fixed;inset:0;clip-path:none;will-change:transform;z-index:9999;background:red",
    "writing-mode:vertical-rl;position:absolute;inset:0;width:100vw;height:100vh;background:red;z-index:9999",
    "direction:rtl;position:absolute;right:0;top:0;width:100vw;height:100vh;background:red;z-index:9999",
    "position:absolute;position-anchor:auto;inset:0;position-area:center;width:100vw;height:100vh;background:red;z-index:9",
    "offset-path:path('M0 0');position:absolute;inset:0;width:100vw;height:100vh;background:red;z-index:9999",
    "view-transition-name:root;position:fixed;inset:0;background:red;z-index:9999",
    "all:unset;position:fixed;inset:0;background:red;z-index:9999",
    "display:contents;position:fixed",
)
TOP_LAYER = (
    f"<dialog open style='position:fixed;inset:0;margin:0;max-width:none;max-height:none;{FULL}'>a</dialog>",
    f"<div popover=manual style='{FULL}'>a</div>",
    f"<button popovertarget=p>Ouvrir</button><div id=p popover style='position:fixed;inset:0;{FULL}'>a</div>",
    f"<button commandfor=d command=show-modal>Ouvrir</button><dialog id=d style='{FULL}'>a</dialog>",
    f"<details open><summary>a</summary><p style='position:fixed;inset:0;{FULL}'>b</details>",
    f"<a href=#t>Aller</a><p id=t style='position:fixed;inset:0;{FULL}'>b</p>",
    f"<style>#t:target{{position:fixed;inset:0;{FULL}}}</style><a href=#t>a</a><p id=t>b</p>",
    f"<style>:root,body,*{{position:fixed!important;inset:0;{FULL}}}</style><p>a</p>",
    "<style>.topbar,.row,nav,header,button{display:none!important;visibility:hidden}</style><p>a</p>",
    f"<style>@media all{{html{{position:fixed;inset:0;z-index:9999;{FULL}}}}}</style><p>a</p>",
    "<style>::view-transition{position:fixed;inset:0;background:red}</style><p>a</p>",
    "<style>p::before{content:'';position:fixed;inset:0;background:red;z-index:9999}</style><p>a</p>",
    "<style>p::after{content:'a';position:absolute;inset:0;height:100vh;background:red;z-index:9999}</style><p>a</p>",
    "<style>body:hover{position:fixed;inset:0;background:red}</style><p>a</p>",
    f"<table style='position:fixed;top:0;left:0;{FULL}'><tr><td>a</table>",
    f"<center style='position:fixed;top:0;left:0;z-index:9;{FULL}'>a</center>",
    f"<svg style='position:fixed;inset:0;{FULL}'><rect width=100% height=100% fill=red /></svg>",
    f"<iframe style='position:fixed;inset:0;border:0;z-index:9;{FULL}' srcdoc=a></iframe>",
    f"<img style='position:fixed;inset:0;z-index:9;{FULL}' src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    f"<marquee style='position:fixed;inset:0;z-index:9;{FULL}'>a</marquee>",
    f"<video controls style='position:fixed;inset:0;z-index:9;{FULL}'></video>",
    f"<textarea style='position:fixed;inset:0;z-index:9;{FULL}'></textarea>",
    f"<fieldset style='position:fixed;inset:0;z-index:9;{FULL}'>a</fieldset>",
    f"<p title='{'Votre session est finie. ' * 200}' style='position:fixed;inset:0;{FULL}'>a</p>",
    f"<div style='position:fixed;inset:0;z-index:9;{FULL}'><a href=http://%H%/ style='display:block;height:100%'>a</a></div>",
    f"<p class='dialog banner topbar' id=root style='position:fixed;inset:0;{FULL}'>a</p>",
    f"</div></div></main><div style='position:fixed;inset:0;z-index:9;{FULL}'>a",
    f"<p style='position:fixed;inset:0;{FULL}' contenteditable>a</p>",
    f"<p style='position:fixed;inset:0;{FULL}' draggable=true>a</p>",
    f"<h1 style='position:fixed;inset:0;{FULL}' inert tabindex=0>a</h1>",
)
SHEET_COVERS = ("<style>p{{{style}}}</style><p>a</p>", "<style>@media screen{{p{{{style}}}}}</style><p>a</p>")


def covers() -> Iterator[Case]:
    for style in COVERS:
        painted = "display:contents" not in style and "zoom" not in style
        quoted = style.replace('"', "'")
        yield Case("recouvrements", After.COVER, f'<p style="{quoted}">a</p>', painted)
        for sheet in SHEET_COVERS:
            yield Case("recouvrements par feuille", After.COVER, sheet.format(style=style), painted)
    for html in TOP_LAYER:
        dead = any(
            mark in html
            for mark in ("popover=manual", "commandfor", "href=#t", "::view", ".topbar", "body:hover")
        )
        yield Case("couches", After.COVER, html, not dead)


# Leaving: the page itself must stay where it is. What is clicked may open elsewhere.
LEAVING = (
    "<a target=_top href=http://%H%/>Lien</a>",
    "<a target=_parent href=http://%H%/>Lien</a>",
    "<a target=_self href=http://%H%/>Lien</a>",
    "<a target='_t&#x6f;p' href=http://%H%/>Lien</a>",
    "<a target=_TOP href=http://%H%/>Lien</a>",
    "<base target=_top><a href=http://%H%/>Lien</a>",
    "<base target=_parent href=http://%H%/><a href=a>Lien</a>",
    "<form target=_top action=http://%H%/><button>Lien</button></form>",
    "<form><button formtarget=_top formaction=http://%H%/>Lien</button></form>",
    "<svg><a target=_top href=http://%H%/><text y=20>Lien</text></a></svg>",
    "<meta http-equiv=refresh content='0;url=http://%H%/'>",
    "<iframe srcdoc='<base target=_top><a href=http://%H%/>Lien</a>'></iframe>",
    "<map name=m><area target=_top shape=default href=http://%H%/></map><img usemap=#m width=300 height=90 src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "<a href=http://%H%/ target=_blank rel=opener>Lien</a>",
    "<a href=http://%H%/ download=facture.exe>Lien</a>",
    "<a href='data:text/plain,x' download=facture.exe>Lien</a>",
)
TAKING = (
    "<input autofocus>",
    "<input autofocus tabindex=1 accesskey=r>",
    "<textarea autofocus></textarea>",
    "<button autofocus>a</button>",
    "<select autofocus><option>a</select>",
    "<p autofocus tabindex=0>a</p>",
    "<p contenteditable autofocus>a</p>",
    "<iframe srcdoc='<input autofocus>'></iframe><input autofocus>",
    "<dialog open><input autofocus></dialog>",
    "<a href=http://%H%/ autofocus tabindex=1>a</a>",
)
FORMS = (
    "<form action=http://%H%/ method=post><input name=user autocomplete=username><input type=password name=mot autocomplete=current-password><button>Se connecter</button></form>",
    "<input type=password autocomplete=current-password name=password autofocus>",
    "<input autocomplete=cc-number name=ccnumber autofocus><input autocomplete=one-time-code>",
    "<form><input type=email name=email autocomplete=email><input type=tel autocomplete=tel autofocus></form>",
    "<input type=file webkitdirectory autofocus>",
    "<input type=color autofocus><input type=date><input list=l><datalist id=l><option>a</datalist>",
)


def leaving() -> Iterator[Case]:
    for html in LEAVING:
        same = (
            "rel=opener" in html
            or "_self" in html
            or "download" in html
            or "<area" in html
            or "base target" in html
        )
        yield Case("départs", After.COVER, html, not same)
    for html in (*TAKING, *FORMS):
        yield Case("clavier et saisie", After.COVER, html, "iframe" not in html)


def all_covering() -> Iterator[Case]:
    """Every case that wants our interface."""
    for family in (covers, leaving):
        yield from family()
