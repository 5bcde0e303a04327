"""Families that came later: parsers that disagree, ways out that few know, layouts of today, structures."""

# Payloads and scripts of a page are kept whole.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator

from hostile.case import After, Case
from hostile.envelopes import multipart, whole

IMG = "<img src=x onerror=%JS%>"
# Namespaces that change on the way, depths at which a parser gives up, names that only look like a tag's.
MUTATING = (
    f"<math><annotation-xml encoding='text/html'><svg><foreignObject><style><!--</style>{IMG}",
    f"<svg><foreignObject><math><annotation-xml encoding=text/html><p>{IMG}",
    f"<math><mi><svg><foreignObject><table><style><a title='</style>{IMG}'>",
    f"<svg><annotation-xml><foreignObject><style><!--</style><p id='-->{IMG}'>",
    f"<svg><desc><math><mtext><style><!--</style><p title='-->{IMG}'>",
    f"<math><mtext><option><style><option></style></mglyph>{IMG}</option>",
    f"<math><ms><table><tr><td><svg><style><td></style>{IMG}</td></svg>",
    f"<svg><br><style><a id='</style>{IMG}'>",
    f"<math><font color=red><style><a id='</style>{IMG}'>",
    f"<svg><font face=x><p>{IMG}",
    f"<svg><title><style><!--</title>{IMG}--></style>",
    f"<svg><style><![CDATA[</style>{IMG}]]></style></svg>",
    f"<math><style><![CDATA[</style><p>{IMG}]]></style></math>",
    f"<table><math><mtext><tr><td><mglyph><style><!--</style>{IMG}-->",
    f"<table><caption><svg><foreignObject><caption>{IMG}",
    f"<table><td><form><table><form>{IMG}</form>",
    f"<a href=x><table><a href=y>{IMG}</table></a>",
    f"<b><a><i><b><a><i><b><a>{IMG}",
    f"<nobr><table><nobr><a title='</nobr>{IMG}'>",
    f"<button><p><button>{IMG}</button>",
    f"<select><div>{IMG}</div></select>",
    f"<select><button><selectedcontent></selectedcontent></button><option>{IMG}</select>",
    f"<select><hr><optgroup><legend>{IMG}</legend></select>",
    f"<select><script>%JS%</script></select>{IMG}",
    f"<template><template shadowrootmode=open>{IMG}</template></template>{IMG}",
    f"<div><template shadowrootmode=open shadowrootserializable>{IMG}</template></div>",
    f"<div><template shadowrootmode=closed shadowrootclonable><style onload=%JS%></style></template></div>{IMG}",
    f"<frameset><frame onload=%JS%></frameset><noframes>{IMG}</noframes>",
    f"<textarea><!--</textarea>{IMG}-->",
    f"<xmp><!--</xmp>{IMG}-->",
    f"<noembed><!--</noembed>{IMG}-->",
    f"<listing>&lt;img src=x onerror=%JS%&gt;</listing>{IMG}",
    f"<?a '>{IMG}'?>",
    f"<!a '>{IMG}'>",
    f"</p '>{IMG}'>",
    f"</a title='>{IMG}'>{IMG}",
    f"<!--{'-' * 50}!>{IMG}",
    f"<!-->--!{'>'}{IMG}",
    f"<!--<!--->{IMG}",
    f'<div ">{IMG}">',
    "<div a='b'c=d/onclick=%JS% tabindex=0>a</div><p title=a'b onclick=%JS%>a</p>",
    "<p a=`b>c` onclick=%JS%>a</p>",
    "<p a='&#39; onclick=%JS% b=&#39;' onclick='%JS%'>a</p>",
    "<x-y onclick=%JS% is=a>a</x-y><p is=x-y onclick=%JS%>a</p>",
    "<\u017fcript>%JS%</\u017fcript><p onclick=%JS%>a</p>",
    f"<\u0131frame srcdoc='<script>%JS%</script>'></\u0131frame>{IMG}",
    f"<lin\u212a rel=stylesheet href=x: onerror=%JS%>{IMG}",
    f"<\u00a0script>%JS%</script><p\u2028onclick=%JS%>a</p>{IMG}",
    "<p \x01onclick=%JS% \x0bonclick=%JS% \x1fonclick=%JS% onclick=%JS%>a</p>",
    *(f"{'<div>' * depth}<svg><style><a id='</style>{IMG}'>{'</div>' * depth}" for depth in (505, 509, 510, 511, 513)),
    *(f"{'<b>' * depth}<table><math><mtext><style><!--</style>{IMG}" for depth in (252, 508, 511, 600)),
    f"{'<form><div></form>' * 300}{IMG}",
    f"{'<svg><foreignObject>' * 130}{IMG}",
    f"{'<math><mtext>' * 300}{IMG}",
    f"{'<table><tr><td>' * 170}<style><td></style>{IMG}",
    f"{'<template>' * 300}{'</template>' * 300}{IMG}",
    f"{'<a>' * 2000}{IMG}",
    f"<iframe srcdoc='&amp;lt;script&amp;gt;%JS%&amp;lt;/script&amp;gt;'></iframe>{IMG}",
    f"<svg><use href='data:image/svg+xml,<svg id=a xmlns=http://www.w3.org/2000/svg><script>%JS%</script></svg>#a'/></svg>{IMG}",
    f"<math><maction actiontype='statusline#http://%H%/' xlink:href='javascript:%JS%'>a</maction></math>{IMG}",
    f"<script type=application/ld+json>{{\"a\": \"</script>{IMG}\"}}</script>",
    f"<script type=text/x-template><p>a</p></script>{IMG}",
    f"<link rel=import href='data:text/html,<script>%JS%</script>'>{IMG}",
    f"<portal src=javascript:%JS%></portal>{IMG}",
    f"<keygen autofocus onfocus=%JS%>{IMG}",
)  # fmt: skip


def mutating() -> Iterator[Case]:
    yield from (Case("lecteurs en désaccord", After.RUN, html) for html in MUTATING)


# Ways out that lists of leaks name, and those that browsers got since.
LEAKING = (
    "<style><!-- p{background:url(%U%/a.png)} --></style><p>a</p>",
    '<!DOCTYPE html SYSTEM "%U%/doctype"><p>a</p>',
    '<!DOCTYPE html [<!ENTITY x SYSTEM "%U%/entity">]><p>&x;</p>',
    "<?xml-stylesheet type=text/css href=%U%/a.css?><p>a</p>",
    "<?import namespace=a implementation=%U%/a><a:b></a:b>",
    "<html manifest=%U%/a.appcache><head profile=%U%/p><body>a",
    "<meta http-equiv=content-security-policy content=\"default-src 'none'; report-uri %U%/a\"><img src=x>",
    "<meta http-equiv=content-security-policy-report-only content=\"img-src 'none'; report-uri %U%/a\"><img src=data:,>",
    "<meta http-equiv=report-to content='{\"url\":\"%U%/a\"}'><meta http-equiv=nel content='{}'>",
    "<meta http-equiv=accept-ch content=dpr><meta http-equiv=origin-trial content=a><img src=%U%/a.png>",
    "<meta name=msapplication-config content=%U%/a><meta name=msapplication-TileImage content=%U%/b>",
    "<meta property=og:image content=%U%/a.png><meta itemprop=image content=%U%/b.png>",
    "<link rel=search type=application/opensearchdescription+xml href=%U%/a title=a>",
    "<link rel=canonical href=%U%/a><link rel=alternate type=application/rss+xml href=%U%/b>",
    "<link rel=amphtml href=%U%/a><link rel=mask-icon href=%U%/b color=red>",
    "<link rel=preload as=image href=x imagesrcset=',,%U%/a.png 1x' imagesizes=100vw>",
    "<link rel='stylesheet preload' as=style href=%U%/a.css>",
    "<link rel=stylesheet media=print href=%U%/a.css><link rel=stylesheet disabled href=%U%/b.css>",
    "<link rel=stylesheet href=x.css><base href=%U%/><link rel=stylesheet href=y.css>",
    "<link itemprop=url href=%U%/a><link rel=stylesheet type=text/xsl href=%U%/b>",
    "<style>p{color:red}/*# sourceMappingURL=%U%/a.map */</style><p>a</p>",
    "<script>0//# sourceMappingURL=%U%/a.map</script>",
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='%U%/a.png'/></svg>\">",
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><style>@import '%U%/a.css'</style></svg>\">",
    "<object data=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='%U%/a.png'/></svg>\"></object>",
    "<iframe src=\"data:text/html,<img src='%U%/a.png'>\"></iframe>",
    "<iframe src='data:text/html,<iframe src=%22data:text/html,<img src=%U%/a.png>%22>'></iframe>",
    "<iframe src=view-source:%U%/a></iframe><iframe src=blob:%U%/b></iframe>",
    "<iframe src=\"javascript:'<img src=%U%/a.png>'\"></iframe>",
    "<iframe credentialless src=%U%/a></iframe><iframe csp=\"report-uri %U%/b\" src=%U%/c></iframe>",
    "<fencedframe config=%U%/a></fencedframe><img sharedstoragewritable src=%U%/b.png>",
    "<image href=%U%/a.png><image xlink:href=%U%/b.png><img src=%U%/c.png>",
    "<img src=%U%/a.png srcset='data:image/gif;base64,R0lGODlhAQABAAAAACw= 1x, %U%/b.png 2x' sizes=auto loading=lazy>",
    "<picture><source srcset='%U%/a.avif' type=image/avif><source srcset=%U%/b.webp><img src=%U%/c.png></picture>",
    "<video><source src=%U%/a.webm type=video/webm><track src=%U%/b.vtt default></video>",
    "<audio src=%U%/a.ogg crossorigin preload=metadata></audio>",
    "<table><thead background=%U%/a.png><tr background=%U%/b.png><th background=%U%/c.png>a</table>",
    "<table><tbody background=%U%/a.png><tr><td>a</table><table style='background:url(%U%/b.png)'>",
    "<input type=image src=%U%/a.png formaction=%U%/b><input type=submit formaction=%U%/c>",
    "<object data=%U%/a.pdf type=application/pdf><embed src=%U%/b.pdf type=application/pdf></object>",
    "<object codebase=%U%/ data=a.svg></object><object classid=x><param name=movie value=%U%/b.swf></object>",
    "<embed src=%U%/a.swf pluginspage=%U%/b><embed code=%U%/c>",
    "<a href=%U%/a ping='%U%/b %U%/c' attributionsrc=%U%/d>a</a>",
    "<map name=m><area shape=default href=%U%/a ping=%U%/b></map><img usemap=#m src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "<svg><filter id=f><feImage href=%U%/a.png /></filter><rect filter=url(#f) width=9 height=9 /><image href=%U%/b.png /></svg>",
    "<svg><tref xlink:href=%U%/a /><cursor xlink:href=%U%/b /><textPath href=%U%/c /><mpath href=%U%/d /><image href=%U%/e /></svg>",
    "<svg><linearGradient href=%U%/a.svg#b /><pattern id=p href=%U%/c.svg#d /><rect fill=url(#p) width=9 height=9 /><image href=%U%/e /></svg>",
    "<svg><font-face><font-face-src><font-face-uri xlink:href=%U%/a /></font-face-src></font-face><color-profile xlink:href=%U%/b /></svg>",
    "<svg><a xlink:href=%U%/a ping=%U%/b><text y=20>a</text></a></svg>",
    "<svg style='background:url(%U%/a.png)'><rect style='fill:url(%U%/b.svg#c)' width=9 height=9 /></svg>",
    "<math><mi style='background:url(%U%/a.png)'>a</mi></math>",
    "<img src=cid:%U%/a.png><img src='CID: %U%/b.png'><img src='mid:%U%/c'><p style='background:url(cid:%U%/d.png)'>a</p>",
    "<img src='https:%H%/a.png'><img src='https:/%H%/b.png'><img src='https:\\\\\\%H%/c.png'><img src='///%H%/d.png'>",
    "<img src='http://%H%./a.png'><img src='http://%H%:80/b.png'><img src='HTTP://%H%/c.png#x'>",
    "<p style='background:url(&quot;%U%/a.png&quot;)'>a</p><p style='background:url&lpar;%U%/b.png&rpar;'>b</p>",
    "<p style=\"background-image:url('%U%/a.png' crossorigin(anonymous))\">a</p><p style='background:url(%U%/b.png)'>b</p>",
    "<p style='background:-webkit-image-set(url(%U%/a.png) 1x)'>a</p>",
    "<p style='content:url(%U%/a.png) / &quot;a&quot;'>a</p><p style='content:image-set(url(%U%/b.png) 1x)'>b</p>",
    "<p style='backdrop-filter:url(%U%/a.svg#b);mask-border-source:url(%U%/c.png);mask:url(%U%/d.png)'>a</p>",
    "<p style='offset:url(%U%/a.svg#b);-webkit-clip-path:url(%U%/c.svg#d);border-image:url(%U%/e.png) 3'>a</p>",
    "<p style='background:light-dark(url(%U%/a.png),url(%U%/b.png));background:url(%U%/c.png)'>a</p>",
    "<style>@import url(%U%/a.css) supports(selector(:has(a)));p{}</style><p>a</p>",
    "<style>@layer a;@import '%U%/a.css' layer(a);</style><p>a</p>",
    "<style>@font-palette-values --a{}@color-profile --b{src:url(%U%/a.icc)}p{background:url(%U%/b.png)}</style><p>a</p>",
    "<style>@supports font-tech(color-COLRv1){p{background:url(%U%/a.png)}}</style><p>a</p>",
    "<style>@container style(--a:1){p{background:url(%U%/a.png)}}body{--a:1}</style><p>a</p>",
    "<style>@media (prefers-color-scheme:light),(prefers-color-scheme:dark){p{background:url(%U%/a.png)}}</style><p>a</p>",
    "<style>@media all{@media all{@supports(color:red){@layer b{p{background:url(%U%/a.png)}}}}}</style><p>a</p>",
    "<style>@property --u{syntax:'<image>';inherits:true;initial-value:url(%U%/a.png)}p{background:var(--u)}</style><p>a</p>",
    "<style>:root{--a:url(%U%/a.png)}p{--b:var(--a);background:var(--b)}</style><p>a</p>",
    "<style>p{background:url(%U%/a.png)!important}p{all:revert-layer}</style><p>a</p>",
    "<style>p:has(b){background:url(%U%/a.png)}p:is(p,x::y){background:url(%U%/b.png)}</style><p><b>a</b></p>",
    "<style>p::selection,p::highlight(a),::backdrop,::target-text{background:url(%U%/a.png)}p::before{content:'';background:url(%U%/b.png)}</style><p>a</p>",
    "<style>details::details-content,::scroll-marker{content:url(%U%/a.png)}p::after{content:url(%U%/b.png)}</style><p>a</p>",
    "<style>p{background:url('%U%/a.png?</style><b>')}</style><p>a</p>",
    "<style>\ufeff@import '%U%/a.css';</style><p>a</p>",
    "<style>@\\69mport '%U%/a.css';p{b\\61 ckground:\\75rl(%U%/b.png)}</style><p>a</p>",
    "<svg><style>&lt;/style&gt;@import '%U%/a.css';</style></svg><p>a</p>",
    "<style type='text/css;charset=utf-7'>@import '%U%/a.css';</style><p>a</p>",
)  # fmt: skip


# Those by which today's browser lets nothing out.
DEAD_LEAKS = (
    "DOCTYPE", "<?", "manifest", "report-uri", "report-to", "msapplication", "og:image", "rel=search", "canonical", "amphtml", "sourceMapping",
    "data:image/svg", "view-source", "cid:", "<math", "backdrop-filter", "offset:", "light-dark", "crossorigin(", "disabled",
)  # fmt: skip


def leaking() -> Iterator[Case]:
    for html in LEAKING:
        alive = not any(mark in html for mark in DEAD_LEAKS)
        yield Case("fuites rares", After.FETCH, html, alive)


FULL = "width:100vw;height:100vh;background:red"
LAYOUTS = (
    f"position:fixed;inset:anchor(--a top,0px) auto auto 0;z-index:9;{FULL}",
    f"position:fixed;position-area:center;inset:0;z-index:9;{FULL}",
    "position:fixed;inset:-9999px;background:red;z-index:9",
    "position:absolute;inset:-9999px;width:auto;background:red;z-index:9",
    "position:fixed;width:100dvw;height:100dvh;top:0;left:0;background:red;z-index:9",
    "position:fixed;width:100cqw;height:100cqh;inset:0;background:red;z-index:9;container:a / size",
    "position:fixed;top:calc(-1 * 100vh);left:0;width:max(100vw,3000px);height:300vh;background:red;z-index:9",
    "position:-webkit-sticky;top:0;margin-top:-100vh;z-index:9;width:100vw;height:200vh;background:red",
    "display:block flow-root;position:fixed;inset:0;background:red;z-index:9;appearance:none",
    "position:fixed;inset:0;background:red;z-index:calc(infinity);pointer-events:all",
    "position:fixed;inset-block:0;inset-inline:0;background:red;z-index:9",
    "position:fixed;inset:0;background:conic-gradient(red,red);z-index:9;overlay:auto",
    "position:fixed;inset:0;opacity:0.01;z-index:9",
    "position:fixed;inset:0;background:red;z-index:9;animation-timeline:scroll(root);scroll-timeline:--a",
    "position:absolute;top:-200px;left:-400px;text-shadow:0 0 999px red,500px -300px 9px red;font-size:400px;background:red;width:3000px;height:3000px;z-index:9",
)  # fmt: skip
SPREADING = (
    "<p style='outline:9px solid red;outline-offset:900px'>a</p>",
    "<p style='text-indent:-4000px'>a</p><p style='text-indent:4000px'>b</p>",
    "<p style='letter-spacing:3000px'>abc</p><p style='word-spacing:-3000px'>a b c</p>",
    "<p style='line-height:20000'>a</p>",
    "<p style='vertical-align:9000px;display:inline-block'>a</p>",
    "<p style='columns:900;column-gap:500px'>a b c</p>",
    "<p style='resize:both;overflow:auto;width:9999px'>a</p>",
    "<p style='scroll-snap-type:both mandatory;overscroll-behavior:none;touch-action:none;user-select:none'>a</p>",
    "<p style='text-shadow:0 -500px red,-700px 0 red'>a</p>",
    "<table width=99999 height=99999 border=999 cellpadding=999><tr><td>a</table>",
    "<table style='border-spacing:9000px'><tr><td>a<td>b</table>",
    "<img width=99999 height=99999 src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "<hr size=9000 width=9000><font size=+99>a</font><spacer type=block width=9999 height=9999>",
    "<div dir=rtl style='width:9000px'>a</div><bdo dir=rtl>abc</bdo>",
    f"<pre>{'a' * 9000}</pre><p>{chr(0x202E) * 40}a</p>",
    "<style>html{zoom:10;transform:scale(9);overflow:visible!important}</style><p>a</p>",
    "<style>:root{font-size:900px;margin:-5000px}body{margin:-5000px;width:99999px;height:99999px!important}</style><p>a</p>",
    "<style>html,body{display:none!important;visibility:hidden!important}</style><p>a</p>",
    "<style>html{writing-mode:sideways-rl;direction:rtl;height:9e9px!important}</style><p>a</p>",
    "<style>.casier-elsewhere,.casier-picture{display:none!important;font-size:0!important}</style><a href=http://%H%/>ac-normandie.fr</a>",
    "<style>a::after{content:'ac-normandie.fr'!important;position:fixed!important;inset:0!important}</style><a href=http://%H%/>a</a>",
    "<style>a::before{content:'https://ac-normandie.fr'}</style><a href=http://%H%/></a>",
    "<style>@page{size:9m 9m}@media print{body{display:none}}</style><p>a</p>",
    "<title>Casier – 99 nouveaux messages</title><link rel=icon href='data:image/png,a'><meta name=theme-color content=red><p>a</p>",
    "<meta name=viewport content='width=9999,initial-scale=9'><meta name=color-scheme content=dark><p>a</p>",
    "<meta http-equiv=content-type content='text/html; charset=utf-16'><p>a</p>",
    "<dialog open popover=auto style='width:9000px'>a</dialog><div popover=hint>b</div>",
    "<details open name=a><summary>a</summary>b</details><details open name=a>c</details>",
    "<marquee scrollamount=900 width=9000 height=9000 bgcolor=red behavior=alternate>a</marquee>",
    "<fieldset style='min-width:9000px'><legend style='position:absolute;top:-900px'>a</legend></fieldset>",
    "<ruby style='font-size:900px'>a<rt>b</ruby><meter value=9></meter><progress></progress>",
    "<base target=_top href=http://%H%/><a href=/ target=_parent>a</a><a href=a target='\n_top'>b</a>",
    "<a href=http://%H%/ target=casier>a</a><a href=http://%H%/ rel='opener' target='_unfencedTop'>b</a>",
    "<a href=# id=root name=root>a</a><a href='?fil=x'>b</a><a href='//'>c</a>",
)  # fmt: skip


def layouts() -> Iterator[Case]:
    for style in LAYOUTS:
        yield Case("mises en page d’aujourd’hui", After.COVER, f'<p style="{style}">a</p>')
        yield Case("mises en page d’aujourd’hui", After.COVER, f"<style>p{{{style}}}</style><p>a</p>")
    yield from (Case("débordements", After.COVER, html, False) for html in SPREADING)


SCRIPT = "<script>%JS%</script><img src=x onerror=%JS%><img src=%U%/a.png>"


def envelopes() -> Iterator[Case]:
    """Messages whose structure is the trick."""
    html = "text/html; charset=utf-8"

    def case(raw: bytes) -> Case:
        return Case("structures", After.RUN, SCRIPT, raw=raw)

    for boundary in ("", " ", "a b", "--", "a" * 70, 'a"b', "=_(x)", "limite; x=y"):
        yield case(multipart([(html, SCRIPT)], boundary=boundary))
    for depth in (2, 20, 60, 120):
        inside = f"Content-Type: {html}\r\n\r\n{SCRIPT}"
        for level in range(depth):
            inside = f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n{inside}\r\n--b{level}--"
        yield case(_headed(inside))
    for depth in (3, 10, 40):
        inside = whole(html, SCRIPT).decode("latin-1")
        for _ in range(depth):
            inside = whole("message/rfc822", inside).decode("latin-1")
        yield case(inside.encode("latin-1"))
    yield case(multipart([(html, SCRIPT)] * 300))
    yield case(multipart([(html, SCRIPT)]).replace(b"--limite--", b""))
    yield case(multipart([(html, SCRIPT)]).replace(b"--limite\r\n", b"--limite  \r\n"))
    yield case(_headed(f"Content-Type: text/plain\r\nContent-Type: {html}\r\n\r\n{SCRIPT}"))
    yield case(_headed(f"Content-Type: {html}\r\nContent-Type: text/plain\r\n\r\n{SCRIPT}"))
    yield case(_headed(f"Content-Type:\r\n {html}\r\n\r\n{SCRIPT}"))
    yield case(_headed(f'Content-Type: text/html; charset="utf-8\r\n\r\n{SCRIPT}'))
    yield case(_headed(f"content-TYPE : {html}\r\n\r\n{SCRIPT}"))
    for name in (
        "../../../etc/passwd", "C:\\Windows\\a.html", "a.pdf\u202elmth.", "a.html\u0000.png", "<img src=x onerror=%JS%>.html", "a" * 400,
        "con.html", ".htaccess", "a.svg", "a.xhtml", "a.pdf.exe", "\u202efdp.exe",
    ):  # fmt: skip
        encoded = "".join(f"%{byte:02X}" for byte in name.encode())
        plain = name.encode("ascii", "replace").decode().replace("\\", "\\\\")
        for disposition in (f"attachment; filename*=utf-8''{encoded}", f'inline; filename="{plain}"'):
            parts = [("text/plain", "a"), (f"{html}\r\nContent-Disposition: {disposition}", SCRIPT)]
            yield case(multipart(parts, "mixed"))
    for ident in ('<"><img src=x onerror=%JS%>', "<a@b> onclick=%JS%", "<javascript:%JS%>", "<%U%/a.png>"):
        yield case(
            multipart(
                [(html, f"{SCRIPT}<img src='cid:{ident}'>"), (f"image/png\r\nContent-ID: {ident}", "x")],
                "related",
            )
        )
    for kind in (
        'image/x"); background:url(%U%/a.png',
        "image/png,<svg onload=%JS%>",
        "image/svg+xml;base64,a",
        "image/../../x",
    ):
        yield case(
            multipart(
                [
                    (html, f"{SCRIPT}<p style='background:url(cid:a@b)'>a</p><img src=cid:a@b>"),
                    (f"{kind}\r\nContent-ID: <a@b>", SCRIPT),
                ],
                "related",
            )
        )
    for header in (
        "X-Image-URL: %U%/a.png", "BIMI-Selector: v=BIMI1; l=%U%/a.svg", "Content-Base: %U%/", "Link: <%U%/a.css>; rel=stylesheet",
        "Refresh: 0; url=%U%/a", "Content-Location: %U%/a", "Return-Receipt-To: a@exemple.fr", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Unsubscribe: <%U%/a>, <javascript:%JS%>", "Archived-At: <javascript:%JS%>", "Autocrypt: addr=a@exemple.fr; keydata=<img src=x onerror=%JS%>",
        "From: =?utf-8?q?Rectorat_de_Rouen_=E2=80=AE_=3Crectorat=40ac-rouen=2Efr=3E?= <a@piege.test>",
    ):  # fmt: skip
        yield case(whole(html, SCRIPT, header))
    for kind, body in (
        ("text/enriched", "<bold>a</bold><x-img><param>%U%/a.png</param></x-img><nofill><script>%JS%</script>"),
        ("text/richtext", "<bold>a</bold><lt>script>%JS%<lt>/script>"),
        ("text/plain; format=flowed; delsp=yes", "<scr \r\nipt>%JS%</scr \r\nipt>"),
        ("text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:<img src=x onerror=%JS%>\r\nDTSTART:20261126T160000Z\r\nATTACH:%U%/a\r\nURL:javascript:%JS%\r\nX-ALT-DESC;FMTTYPE=text/html:<script>%JS%</script>\r\nEND:VEVENT\r\nEND:VCALENDAR"),
        ("text/vcard", "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:<img src=x onerror=%JS%>\r\nPHOTO:%U%/a.png\r\nURL:javascript:%JS%\r\nEND:VCARD"),
        ("message/partial; id=a; number=1; total=2", f"Content-Type: text/html\r\n\r\n{SCRIPT}"),
        ("message/delivery-status", "Reporting-MTA: dns; <script>%JS%</script>"),
        ("message/disposition-notification", "Reporting-UA: <img src=x onerror=%JS%>"),
        ("application/ms-tnef; name=winmail.dat", SCRIPT),
        ("multipart/encrypted; protocol=application/pgp-encrypted", SCRIPT),
        ("application/pkcs7-mime; smime-type=enveloped-data", SCRIPT),
        ("message/http", f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{SCRIPT}"),
        ("text/html; charset=utf-8; delsp=yes; format=flowed", SCRIPT),
    ):  # fmt: skip
        yield case(whole(kind, body))


def _headed(body: str) -> bytes:
    """BODY, which begins with headers of its own, as a message."""
    start = (
        "From: Une correspondante <correspondante@exemple.fr>\r\nSubject: Cas %ID%\r\nMIME-Version: 1.0\r\n"
    )
    return (start + body).encode("latin-1", "replace")


def all_rarer() -> Iterator[Case]:
    """Every case of these families."""
    for family in (mutating, leaking, layouts, envelopes):
        yield from family()
