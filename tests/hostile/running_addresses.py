"""Families that want code to run by an address, or by being read twice in two ways."""

# Payloads and scripts of a page are kept whole.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator

from hostile.case import After, Case

# Ways to write an address that runs. A click is tried on each of them.
RUNNING_ADDRESSES = (
    "javascript:%JS%",
    "JaVaScRiPt:%JS%",
    "java\tscript:%JS%",
    "java\nscript:%JS%",
    "java&Tab;script:%JS%",
    "java&NewLine;script:%JS%",
    "javascript&colon;%JS%",
    " javascript:%JS%",
    "\x01javascript:%JS%",
    "&#1;javascript:%JS%",
    "&#14; javascript:%JS%",
    "&#106;avascript:%JS%",
    "&#x6A&#x61vascript:%JS%",
    "&#0000106avascript:%JS%",
    "javascript://%0a%JS%",
    "javascript:%JSPCT%",
    "javascript:/*--></title></style></textarea>*/%JS%",
    "java\rscript:%JS%",
)
REFUSED_ADDRESSES = (
    "data:text/html,<script>%JS%</script>",
    "data:text/html;base64,%JS64%",
    "DATA:text/html;charset=utf-7,+ADw-script+AD4-",
    "data:image/svg+xml;base64,%JS64%",
    "data:application/xhtml+xml,<x/>",
    "vbscript:msgbox(1)",
    "livescript:%JS%",
    "mocha:%JS%",
    "jar:http://%H%!/x.html",
    "view-source:javascript:%JS%",
    "feed:javascript:%JS%",
    "blob:http://%H%/1",
    "filesystem:http://%H%/temporary/x",
    "file:///etc/passwd",
    "about:blank",
    "chrome://settings",
    "intent://%H%#Intent;scheme=http;end",
    "ms-msdt:/id PCWDiagnostic",
    "search-ms:query=x",
    "tel:javascript:%JS%",
    "mailto:?body=x%0d%0aBcc:%20victime@exemple.fr",
    "ja\u200bvascript:%JS%",
    "javascript\uff1a%JS%",
    "java\\0script:%JS%",
)


def addresses() -> Iterator[Case]:
    for address in RUNNING_ADDRESSES:
        yield Case("adresses qui s’exécutent", After.RUN, f'<a href="{address}">Lien</a>')
    for address in REFUSED_ADDRESSES:
        yield Case("adresses refusées", After.RUN, f'<a href="{address}">Lien</a>', False)
    for frame in ("iframe src", "embed src", "object data", "frame src"):
        tag = frame.split()[0]
        alive = tag == "iframe"
        yield Case("adresses qui s’exécutent", After.RUN, f'<{frame}="javascript:%JS%"></{tag}>', alive)
    yield Case(
        "adresses qui s’exécutent", After.RUN, '<form action="javascript:%JS%"><button>a</button></form>'
    )
    yield Case(
        "adresses qui s’exécutent", After.RUN, '<form><button formaction="javascript:%JS%">a</button></form>'
    )
    yield Case(
        "adresses qui s’exécutent", After.RUN, '<form><input type=image formaction="javascript:%JS%"></form>'
    )
    yield Case(
        "adresses qui s’exécutent", After.RUN, '<base href="javascript:/a/"><a href="//%0a%JS%">a</a>', False
    )
    yield Case(
        "adresses qui s’exécutent",
        After.RUN,
        '<meta http-equiv=refresh content="0;url=javascript:%JS%">',
        False,
    )
    yield Case(
        "adresses qui s’exécutent", After.RUN, '<svg><a href="javascript:%JS%"><text y=20>a</text></a></svg>'
    )
    yield Case(
        "adresses qui s’exécutent",
        After.RUN,
        '<svg><a xlink:href="javascript:%JS%"><text y=20>a</text></a></svg>',
    )
    yield Case(
        "adresses qui s’exécutent",
        After.RUN,
        '<svg><a><animate attributeName=href values="javascript:%JS%"/><text y=20>a</text></a></svg>',
    )
    yield Case(
        "adresses qui s’exécutent",
        After.RUN,
        '<svg><a><set attributeName="href" to="javascript:%JS%"/><text y=20>a</text></a></svg>',
    )
    yield Case("adresses qui s’exécutent", After.RUN, '<math href="javascript:%JS%">a</math>', False)
    yield Case(
        "adresses qui s’exécutent", After.RUN, '<math><mi xlink:href="javascript:%JS%">a</mi></math>', False
    )
    yield Case(
        "adresses qui s’exécutent",
        After.RUN,
        '<map name=m><area shape=rect coords=0,0,99,99 href="javascript:%JS%"></map>',
        False,
    )


# Places whose text the parser reads another way the second time: what is harmless once written becomes alive.
FOREIGN = (
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=%JS%&gt;'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=%JS%></style></mglyph></table></mtext></math>",
    "<svg></p><style><a id='</style><img src=x onerror=%JS%>'>",
    "<svg><style><img src=x onerror=%JS%></style></svg>",
    "<math><style><img src=x onerror=%JS%></style></math>",
    "<svg><desc><img src=x onerror=%JS%></desc></svg>",
    "<svg><title><img src=x onerror=%JS%></title></svg>",
    "<svg><foreignObject><img src=x onerror=%JS%></foreignObject></svg>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=%JS%></annotation-xml></math>",
    "<math><annotation-xml encoding='application/xhtml+xml'><style><img src=x onerror=%JS%></style></annotation-xml>",
    "<math><mi><table><mglyph><style><![CDATA[</style><img src=x onerror=%JS%>]]></style></mglyph>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=%JS%></style>",
    "<svg><p><style><g title='</style><img src=x onerror=%JS%>'>",
    "<table><svg><style><a title='</style><img src=x onerror=%JS%>'></a></style></svg></table>",
    "<noscript><style></noscript><img src=x onerror=%JS%></style>",
    "<noembed><img title='</noembed><img src=x onerror=%JS%>'>",
    "<noframes><img title='</noframes><img src=x onerror=%JS%>'>",
    "<xmp><p title='</xmp><img src=x onerror=%JS%>'>",
    "<iframe><p title='</iframe><img src=x onerror=%JS%>'>",
    "<plaintext></plaintext><img src=x onerror=%JS%>",
    "<textarea><p title='</textarea><img src=x onerror=%JS%>'>",
    "<title><p title='</title><img src=x onerror=%JS%>'>",
    "<style><p title='</style><img src=x onerror=%JS%>'>",
    "<template><img src=x onerror=%JS%></template><svg onload=%JS%>",
    "<template shadowrootmode=open><img src=x onerror=%JS%></template>",
    "<div><template shadowrootmode=open><script>%JS%</script></template></div>",
    "<select><template><style></template></select><img src=x onerror=%JS%>",
    "<select><style></select><img src=x onerror=%JS%></style>",
    "<selectedcontent><img src=x onerror=%JS%></selectedcontent>",
    "<!--><img src=x onerror=%JS%>-->",
    "<!---><img src=x onerror=%JS%>-->",
    "<!-- --!><img src=x onerror=%JS%> -->",
    "<!-- a <!-- --><img src=x onerror=%JS%>",
    "<![CDATA[<img src=x onerror=%JS%>]]>",
    "<!doctype x ['><img src=x onerror=%JS%>']>",
    "<?php '?><img src=x onerror=%JS%>'?>",
    "</ img src=x><img src=x onerror=%JS%>",
    "<svg><![CDATA[><img src=x onerror=%JS%>]]></svg>",
    "<a><b><i><u><p><a><img src=x onerror=%JS%>" + "</a>" * 3,
    "<div " + "a=1 " * 600 + "><img src=x onerror=%JS%>",
    "<div>" * 520 + "<style><!--</style><img src=x onerror=%JS%>" + "</div>" * 520,
    "<svg><svg><p></svg><style><!--</style><img src=x onerror=%JS%>",
    "<math><mglyph><svg><mtext><style><a title='</style><img src=x onerror=%JS%>'>",
    "<font><p><svg><font color=x><style><a title='</style><img src=x onerror=%JS%>'></a></style>",
    "<body><frameset><body><img src=x onerror=%JS%>",
    "<table><tr><td><style></table><img src=x onerror=%JS%></style>",
    "<image><img src=x onerror=%JS%>",
    "<option><style></option></select><img src=x onerror=%JS%></style>",
    "<p id='&lt;/p>&lt;img src=x onerror=%JS%>'><img src=x onerror=%JS%>",
    "<img alt='`><img src=x onerror=%JS%>`'>",
)
SVG = (
    "<svg onload=%JS%></svg>",
    "<svg/onload=%JS%>",
    "<svg><g onload=%JS%></g></svg>",
    "<svg><animate onbegin=%JS% attributeName=x dur=1s></svg>",
    "<svg><set onbegin=%JS% attributeName=x dur=1s></svg>",
    "<svg><animateTransform onbegin=%JS% attributeName=transform dur=1s></svg>",
    "<svg><animateMotion onbegin=%JS% dur=1s></svg>",
    "<svg><image href=x: onerror=%JS%></svg>",
    "<svg><foreignObject><body onload=%JS%></foreignObject></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>%JS%</script>'></iframe></foreignObject></svg>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:%JS% /><a id=x><text y=20>a</text></a></svg>",
    "<svg><style onload=%JS%></style></svg>",
)


def foreign() -> Iterator[Case]:
    yield from (
        Case("relectures", After.RUN, html, html.count("title=") == 0 and "CDATA" not in html)
        for html in FOREIGN
    )
    yield from (Case("svg", After.RUN, html) for html in SVG)
    yield Case("svg", After.RUN, "<svg><use href='data:image/svg+xml;base64,%JS64%#x'></svg>", False)
    yield Case(
        "svg", After.RUN, "<svg><handler type=text/javascript ev:event=load>%JS%</handler></svg>", False
    )
    yield Case(
        "svg",
        After.RUN,
        '<img src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="%JS%"/>\'>',
        False,
    )
