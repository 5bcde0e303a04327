"""Families that want a request to leave: it tells who reads, when and where."""

# Payloads and scripts of a page are kept whole.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator

from hostile.case import After, Case

PICTURES = (
    "<img src=%U%/a.png>",
    "<img src=//%H%/a.png>",
    "<img src=' http://%H%/a.png'>",
    "<img src='http:\\\\%H%\\a.png'>",
    "<img src='/\\%H%/a.png'>",
    "<img src='ht\ntp://%H%/a.png'>",
    "<img src=http&colon;//%H%/a.png>",
    "<img src=x srcset='%U%/a.png 1x'>",
    "<img srcset='%U%/a.png 100w' sizes=100vw>",
    "<img srcset=',,%U%/a.png,,'>",
    "<img loading=lazy src=%U%/a.png>",
    "<img width=1 height=1 src=%U%/a.gif>",
    "<img style='display:none' src=%U%/a.gif>",
    "<img style='visibility:hidden' src=%U%/a.gif>",
    "<img hidden src=%U%/a.gif>",
    "<img crossorigin src=%U%/a.png>",
    "<img fetchpriority=high attributionsrc=%U%/a src=%U%/b.png>",
    "<image src=%U%/a.png>",
    "<input type=image src=%U%/a.png>",
    "<picture><source srcset=%U%/a.png><img></picture>",
    "<picture><source media=all srcset='%U%/a.png 1x'><img alt=a></picture>",
    "<table background=%U%/a.png><tr><td>a</table>",
    "<table><tr><td background=%U%/a.png>a</table>",
    "<body background=%U%/a.png>a</body>",
    "<video poster=%U%/a.png></video>",
    "<video src=%U%/a.mp4 preload=auto></video>",
    "<video autoplay muted><source src=%U%/a.mp4></video>",
    "<video><track default kind=subtitles src=%U%/a.vtt></video><video src='data:video/mp4,x' poster=%U%/b>",
    "<audio src=%U%/a.mp3 preload=auto></audio>",
    "<audio autoplay><source src=%U%/a.mp3></audio>",
    "<svg><image href=%U%/a.png /></svg>",
    "<svg><image xlink:href=%U%/a.png /></svg>",
    "<svg><feImage href=%U%/a.png /></svg><svg><filter id=f><feImage href=%U%/a.png /></filter><rect filter=url(#f) width=9 height=9 /></svg>",
    "<svg><rect width=9 height=9 fill='url(%U%/a.svg#p)'/></svg>",
    "<svg><rect width=9 height=9 mask='url(%U%/a.svg#p)'/></svg>",
    "<svg><rect width=9 height=9 clip-path='url(%U%/a.svg#p)'/></svg>",
    "<svg><rect width=9 height=9 filter='url(%U%/a.svg#p)'/></svg>",
    "<svg><path marker-start='url(%U%/a.svg#p)' d='M0 0L9 9'/></svg>",
    "<svg><use href=%U%/a.svg#p /></svg>",
    "<svg><style>@import url(%U%/a.css);</style></svg>",
    "<svg><style>rect{fill:url(%U%/a.svg#b)}</style><rect width=9 height=9 /></svg>",
    "<svg><image><set attributeName=href to=%U%/a.png /></image></svg>",
    "<svg><image><animate attributeName=href values=%U%/a.png dur=1s /></image></svg>",
    "<svg><text style='background:url(%U%/a.png)'>a</text><foreignObject><img src=%U%/a.png></foreignObject></svg>",
    "<math><mglyph src=%U%/a.png></math>",
    "<math><mtext><img src=%U%/a.png></mtext></math>",
    "<p style='--x:1'><img src=%U%:81/a.png>",
    "<img src='http://user:mot@%H%/a.png'>",
    "<img src='ftp://%H%/a.png'>",
    "<img src='ws://%H%/a.png'>",
)
DEAD_PICTURES = (
    "mglyph",
    "ftp:",
    "ws:",
    "feImage",
    "user:mot",
    "clip-path='url",
    "filter='url",
    "mask='url",
    "marker",
    "fill='url",
    "fill:url",
    "<use",
    "<image src",
    "sizes=100vw",
)
OLD_PICTURES = (
    "<img lowsrc=%U%/a.png>",
    "<img dynsrc=%U%/a.avi>",
    "<img longdesc=%U%/a>",
    "<bgsound src=%U%/a.mid>",
    "<layer src=%U%/a></layer>",
    "<isindex type=image src=%U%/a.png>",
    "<applet codebase=%U%/ code=A></applet>",
    "<object classid=%U%/a></object>",
    "<xml src=%U%/a id=x></xml>",
    "<v:rect><v:fill src=%U%/a.png></v:rect>",
    "<img src=cid:%U%/a.png>",
    "<img src='cid:x' background=%U%/a.png>",
    "<html manifest=%U%/a>",
    "<head profile=%U%/a>",
    "<blockquote cite=%U%/a>a</blockquote><q cite=%U%/b>b</q><del cite=%U%/c>c</del>",
    "<frame src=%U%/a>",
    "<img usemap=%U%/a#m src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "<menuitem icon=%U%/a.png><command icon=%U%/b.png>",
)


def pictures() -> Iterator[Case]:
    for html in PICTURES:
        yield Case("images", After.FETCH, html, not any(mark in html for mark in DEAD_PICTURES))
    yield from (Case("images anciennes", After.FETCH, html, False) for html in OLD_PICTURES)


RELATIONS = (
    "stylesheet",
    "'alternate stylesheet'",
    "preload as=image",
    "preload as=script",
    "preload as=style",
    "preload as=font crossorigin",
    "preload as=fetch crossorigin",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "icon",
    "'shortcut icon'",
    "apple-touch-icon",
    "manifest",
    "prerender",
    "next",
    "import",
    "pingback",
    "compression-dictionary",
    "expect",
    "privacy-policy",
)
ALIVE = {"stylesheet", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "icon"}
PAGES = (
    "<iframe src=%U%/a></iframe>",
    "<iframe loading=eager src=//%H%/a></iframe>",
    "<iframe srcdoc='&lt;img src=%U%/a.png&gt;'></iframe>",
    "<object data=%U%/a></object>",
    "<object data=%U%/a.svg type=image/svg+xml></object>",
    "<embed src=%U%/a>",
    "<script src=%U%/a.js></script>",
    "<script src=//%H%/a.js async></script>",
    "<script type=module src=%U%/a.js></script>",
    '<script type=importmap>{"imports":{"a":"%U%/a.js"}}</script><script type=module>import \'a\'</script>',
    '<script type=speculationrules>{"prefetch":[{"source":"list","urls":["%U%/a"]}]}</script><img src=%U%/b>',
    "<meta http-equiv=refresh content='0;url=%U%/a'>",
    "<meta http-equiv='refresh' content='0, %U%/a'>",
    "<meta http-equiv=Link content='<%U%/a.css>; rel=stylesheet'><base href=%U%/><img src=b.png>",
    "<meta http-equiv=content-security-policy content='img-src *; report-uri %U%/a'><img src=%U%/b.png>",
    "<meta http-equiv=set-cookie content='a=b'><meta http-equiv=x-dns-prefetch-control content=on><img src=%U%/c>",
    "<base href=%U%/><img src=a.png>",
    "<base href=//%H%/><link rel=stylesheet href=a.css>",
    "<base href=%U%/><p style='background:url(a.png)'>a</p>",
    "<form action=%U%/a><input autofocus><button>a</button></form><script src=%U%/b></script>",
)
CLICKED = (
    "<a href=%U%/a ping=%U%/ping>a</a>",
    "<form action=%U%/a><button>a</button></form>",
    "<form action=%U%/a method=post><input name=mot type=password><input type=submit></form>",
    "<form><button formaction=%U%/a>a</button></form>",
    "<form method=dialog action=%U%/a><button formmethod=get>a</button></form>",
    "<form id=f action=%U%/a></form><button form=f>a</button>",
    "<input type=search autofocus><form action=%U%/a><input type=image></form>",
)


def pages() -> Iterator[Case]:
    for relation in RELATIONS:
        end = " href=%U%/a"
        alive = relation in ALIVE or relation.startswith("preload")
        yield Case("relations", After.FETCH, f"<link rel={relation}{end}>", alive)
    yield Case("relations", After.FETCH, "<link rel=stylesheet href=//%H%/a.css>")
    yield Case("relations", After.FETCH, "<link rel=preload as=image imagesrcset='%U%/a.png 1x'>")
    yield Case("relations", After.FETCH, "<body><p>a</p><link rel=stylesheet href=%U%/a.css></body>")
    yield Case("relations", After.FETCH, "<link rel=stylesheet href='data:text/css,@import url(%U%/a.css)'>")
    yield from (Case("pages", After.FETCH, html) for html in PAGES)
    yield from (Case("formulaires et pings", After.FETCH, html, "dialog" not in html) for html in CLICKED)
    for tag in ("portal", "fencedframe", "webview", "frame"):
        yield Case("pages anciennes", After.FETCH, f"<{tag} src=%U%/a></{tag}>", False)


# A declaration that loads, in today's browser; the second column in none.
LOADING = (
    "background:url(%U%/a.png)",
    "background:url( '%U%/a.png' )",
    "background:u\\72l(%U%/a.png)",
    "background:\\75\\72\\6c(%U%/a.png)",
    "BACKGROUND:URL(%U%/a.png)",
    "background:url(/**/%U%/a.png),url(%U%/a.png)",
    "background-image:url(%U%/a.png),none",
    "background:url(\\68ttp://%H%/a.png)",
    "background:url(//%H%/a.png)",
    "background-image:image-set(url(%U%/a.png) 1x)",
    "background-image:image-set('%U%/a.png' 1x)",
    "background-image:-webkit-image-set(url(%U%/a.png) 1x)",
    "background-image:-webkit-cross-fade(url(%U%/a.png),url(%U%/b.png),50%)",
    "background-image:cross-fade(url(%U%/a.png),url(%U%/b.png),50%)",
    "list-style:url(%U%/a.png);display:list-item",
    "list-style-image:url(%U%/a.png);display:list-item",
    "content:url(%U%/a.png)",
    "border-image:url(%U%/a.png) 1",
    "border-image-source:url(%U%/a.png);border:9px solid",
    "mask:url(%U%/a.png)",
    "mask-image:url(%U%/a.png)",
    "-webkit-mask-image:url(%U%/a.png)",
    "-webkit-mask-box-image:url(%U%/a.png)",
    "-webkit-box-reflect:below 0 url(%U%/a.png)",
    "shape-outside:url(%U%/a.png);float:left",
    "cursor:url(%U%/a.cur),auto",
    "--x:url(%U%/a.png);background:var(--x)",
    "--x:%U%/a.png;background:url(%U%/b.png) var(--y,)",
    "background:var(--z,url(%U%/a.png))",
    "background:src('%U%/a.png'),url(%U%/b.png)",
    "filter:url(%U%/a.svg#f)",
    "clip-path:url(%U%/a.svg#c)",
    "mask:url(%U%/a.svg#m)",
    "background:paint(x),url(%U%/a.png)",
    "background:url(%U%/a.png) !important",
    "background:if(style(--x:1):url(%U%/a.png);else:url(%U%/b.png))",
    "background:image('%U%/a.png')",
    "background:element(#a),url(%U%/a.png)",
    "background:url(%U%/a.png\\0)",
    "offset-path:url(%U%/a.svg#p)",
    "fill:url(%U%/a.svg#p)",
    "background:attr(data-x type(<url>))",
    "background:url(attr(data-x))",
    "src:url(%U%/a.woff2)",
)
DEAD = (
    "src('",
    "filter:url",
    "paint(",
    "image('",
    "element(",
    "\\0)",
    "offset-path",
    "fill:",
    "attr(",
    "src:",
    "clip-path",
    "background:url(/**/",
    "cross-fade",
    "-webkit-box-reflect",
    "cursor",
    "image-set('",
    "if(",
)
SHEETS = (
    "@import url(%U%/a.css);",
    "@import '%U%/a.css';",
    '@import "//%H%/a.css" all;',
    "@im\\70ort url(%U%/a.css);",
    "@IMPORT URL(%U%/a.css);",
    "@import url(%U%/a.css) layer(x) supports(display:grid) screen;",
    "@charset 'utf-8';@import url(%U%/a.css);",
    "/* */@import/**/url(%U%/a.css);",
    "<!--@import url(%U%/a.css);-->",
    "@font-face{font-family:k;src:url(%U%/a.woff2)}p{font-family:k}",
    "@font-face{font-family:k;src:local(absent),url(%U%/a.woff) format('woff')}p{font-family:k}",
    "@font-face{font-family:k;src:url(%U%/a.woff);unicode-range:U+61}p{font-family:k}",
    "@media all{p{background:url(%U%/a.png)}}",
    "@supports(display:block){p{background:url(%U%/a.png)}}",
    "@layer x{p{background:url(%U%/a.png)}}",
    "@container(min-width:0){p{background:url(%U%/a.png)}}body{container-type:inline-size}",
    "@scope(body){p{background:url(%U%/a.png)}}",
    "@starting-style{p{background:url(%U%/a.png)}}p{background:url(%U%/b.png)}",
    "@keyframes k{from,to{background:url(%U%/a.png)}}p{animation:k 9s}",
    "@property --x{syntax:'<url>';inherits:false;initial-value:url(%U%/a.png)}p{background:var(--x)}",
    "p{&{background:url(%U%/a.png)}}",
    "p{color:red;&:not(x){background:url(%U%/a.png)}}",
    "p::before{content:url(%U%/a.png)}",
    "p::after{content:'';background:url(%U%/a.png);display:block;height:9px}",
    "p::first-line{background:url(%U%/a.png)}",
    "li::marker{content:url(%U%/a.png)}",
    "p:hover{background:url(%U%/a.png)}",
    "p:target,p:not(:target){background:url(%U%/a.png)}",
    "p[class^=a]{background:url(%U%/a.png)}",
    "input[value^=a]{background:url(%U%/a.png)}",
    "a:visited{background:url(%U%/a.png)}p{background:url(%U%/b.png)}",
    ":root{background:url(%U%/a.png)}",
    "html,body{background:url(%U%/a.png)}",
    "@page{background:url(%U%/a.png)}@media print{p{background:url(%U%/b.png)}}",
    "@counter-style k{system:cyclic;symbols:url(%U%/a.png)}li{list-style:k}",
    "@namespace url(%U%/a);p{background:url(%U%/b.png)}",
    "@document url(%U%){p{background:url(%U%/a.png)}}",
    "@-moz-document url-prefix(){p{background:url(%U%/a.png)}}",
    "@view-transition{navigation:auto}p{background:url(%U%/a.png)}",
    "@position-try --k{background:url(%U%/a.png)}p{background:url(%U%/b.png)}",
    "@function --k(){result:url(%U%/a.png)}p{background:--k()}",
    "p{background:url(%U%/a.png)",
    "}p{background:url(%U%/a.png)}",
    "p{x:'</style><img src=%U%/a.png>'}",
    "{}{};;p{background:url(%U%/a.png)}",
    "p{background:url('%U%/a.png\n');background:url(%U%/b.png)}",
)
DEAD_SHEETS = (
    "::marker",
    "@page",
    "@counter",
    "@document",
    "@-moz",
    "input[value",
    "@function",
    "@namespace",
    "@keyframes",
    "p[class^",
    "@property",
    "}p{b",
    "{}{}",
)


def styles() -> Iterator[Case]:
    for style in LOADING:
        alive = not any(mark in style for mark in DEAD)
        quoted = style.replace('"', "'")
        yield Case("styles", After.FETCH, f'<p style="{quoted}" data-x="%U%/a.png">Texte</p>', alive)
    for sheet in SHEETS:
        alive = not any(mark in sheet for mark in DEAD_SHEETS)
        yield Case(
            "feuilles", After.FETCH, f"<style>{sheet}</style><p class=abc>Texte</p><ul><li>a</ul>", alive
        )
    yield Case(
        "feuilles", After.FETCH, "<style media=all type=text/css>p{background:url(%U%/a.png)}</style><p>a"
    )
    yield Case("feuilles", After.FETCH, "<div><style>p{background:url(%U%/a.png)}</style></div><p>a")
    yield Case("feuilles", After.FETCH, "<p>a<style>\n<!--\np{background:url(%U%/a.png)}\n-->\n</style>")
    yield Case("feuilles", After.FETCH, "<svg><style>p{background:url(%U%/a.png)}</style></svg><p>a")
    yield Case(
        "feuilles",
        After.FETCH,
        "<style>" + "p{color:red}" * 3000 + "p{background:url(%U%/a.png)}</style><p>a",
    )
    yield Case("feuilles", After.FETCH, "<font face='x' style='background:url(%U%/a.png)'>Texte</font>")


# What says by where it goes: the name alone is asked for.
NAMES = (
    "<a href=%U%/a>Un lien dont le nom serait demandé d’avance</a><link rel=dns-prefetch href=//%H%>",
    "<meta http-equiv=x-dns-prefetch-control content=on><link rel=preconnect href=%U%>",
    "<link rel='preconnect dns-prefetch' href=%U% crossorigin>",
)


def names() -> Iterator[Case]:
    yield from (Case("noms demandés", After.FETCH, html) for html in NAMES)


def all_fetching() -> Iterator[Case]:
    """Every case that wants a request to leave."""
    for family in (pictures, pages, styles, names):
        yield from family()
