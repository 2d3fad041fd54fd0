import { darkColours, lightColours } from './colours.ts';
import { wayStyle } from './way-style.ts';

/**
 * The style of the page. The policy of the page names its hash, so nothing else on the page can style: `html.test.ts` says what to
 * write here when it changes.
 */
export const pageStyleHash = 'sha256-UdcosuGhI0LZTDPdNkr/3rULtxKrSS+HvvjMWgsHc1U=';

export const pageStyle = `
:root{color-scheme:light dark;${lightColours}}
@media (prefers-color-scheme:dark){:root{${darkColours}}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",
"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-9999px;top:0;background:var(--surface);padding:.6rem 1rem;z-index:1}
.skip:focus{left:0}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 clamp(16px,4vw,40px)}
header{padding-top:clamp(20px,4vw,44px)}
.badge{display:inline-block;margin:0;padding:.15rem .7rem;border-radius:99px;font-size:.82rem;font-weight:600;border:1px solid}
.badge.cause{color:var(--red);background:var(--red-ground)}
.badge.suspect,.badge.none{color:var(--amber);background:var(--amber-ground)}
h1{margin:.55rem 0 .7rem;font-size:clamp(1.55rem,1.1rem + 2.2vw,2.35rem);line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
h2{margin:0 0 .7rem;font-size:1.15rem;line-height:1.3}
h3{margin:1.2rem 0 .5rem;font-size:1rem}
.where{list-style:none;margin:0;padding:0;color:var(--muted);font-size:.93rem;display:grid;gap:.15rem}
blockquote{margin:1.1rem 0 0;padding:.75rem 1rem;border-left:4px solid var(--strong-line);background:var(--surface);
border-radius:0 8px 8px 0;font:.85rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
main,.columns,.columns>div{display:grid;gap:18px;align-content:start;min-width:0}
main{padding-top:24px;padding-bottom:32px}
section{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:clamp(16px,2.4vw,26px);
box-shadow:var(--shadow);min-width:0}
section>:last-child{margin-bottom:0}
section:has(>details:only-child){padding-block:14px}
p{margin:.5rem 0}
ul,ol{margin:.4rem 0;padding-left:1.25rem}
li+li{margin-top:.35rem}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--code);
padding:0 .32em;border-radius:4px;display:inline-block;max-width:100%}
a>code{text-decoration:underline}
pre{margin:0;font:.84rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap}
.command{margin:.5rem 0;border:1px solid var(--line);border-radius:8px;background:var(--code)}
.command pre{padding:.15rem .8rem .7rem}
.command pre span{display:inline-block;max-width:100%;white-space:pre-wrap}
.command .bar{display:flex;align-items:center;justify-content:space-between;min-height:34px;padding:.3rem .35rem 0 .8rem;
font-size:.78rem;color:var(--muted);font-weight:600}
button{font:600 .8rem/1 system-ui,sans-serif;padding:.4rem .75rem;min-height:30px;border-radius:6px;
border:1px solid var(--strong-line);background:var(--surface);color:var(--text);cursor:pointer}
button:hover{border-color:var(--text)}
.fixes{list-style:none;counter-reset:fix;padding:0}
.fixes>li{counter-increment:fix;padding-left:2.4rem;position:relative}
.fixes>li+li{margin-top:1.1rem}
.fixes>li::before{content:counter(fix);position:absolute;left:0;top:-.1rem;width:1.65rem;height:1.65rem;border-radius:50%;
background:var(--green-ground);color:var(--green);font-weight:700;font-size:.9rem;display:grid;place-items:center}
.fixes p{margin:0}
.source{font-size:.9rem;color:var(--muted)}
.tried{border-left:4px solid var(--green);padding-left:.9rem}
details>summary{cursor:pointer;font-weight:600;padding:.25rem 0}
details[open]>summary{margin-bottom:.4rem}
summary h2{display:inline;margin:0}
.count{color:var(--muted);font-weight:400}
.facts details details{border-top:1px solid var(--line);padding:.2rem 0}
.facts details details summary{font-weight:400}
.facts pre{background:var(--code);border-radius:8px;padding:.7rem .9rem;font-size:.78rem}
.unknown-fact{color:var(--amber);font-weight:600}
.ways figure{margin:0 0 1.2rem}
.ways figcaption{font-weight:600;margin-bottom:.6rem;display:flex;gap:.5rem}
.ways .hops{font-size:.9rem}
.ways .hops ol{padding-left:1.4rem}
.ways>details{border-top:1px solid var(--line);padding-top:.4rem;margin-top:.6rem}
.sign-open{color:var(--green)}.sign-closed{color:var(--red)}.sign-unknown{color:var(--amber)}
.legend{list-style:none;padding:0;margin:1rem 0 0;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.85rem;color:var(--muted)}
.legend li{margin:0}
.from{color:var(--muted);font-size:.9rem;margin:0 0 .8rem}
footer{color:var(--muted);font-size:.88rem;padding-bottom:48px}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
${wayStyle}@media (min-width:960px){.columns{grid-template-columns:minmax(340px,430px) minmax(0,1fr);align-items:start}}
@media (forced-colors:active){.way *{forced-color-adjust:none}.way{background:var(--surface)}}
@media print{:root{color-scheme:light;--ground:#fff;--surface:#fff;--text:#000;--muted:#333;--line:#bbb;--strong-line:#777;--red:#a3160e;
--red-ground:#fdeceb;--green:#17693a;--green-ground:#e6f4ea;--amber:#7d4b00;--amber-ground:#fff3dc;--hatch:#f0d9ab;--link:#0b3d80;
--code:#f3f3f3;--shadow:none}
body{font-size:9.5pt;line-height:1.4}h1{font-size:17pt}.way{max-width:68mm}section{padding:4mm}main{padding:4mm 0}header{padding-top:0}footer{padding-bottom:0}button,.skip,.facts,.hops{display:none!important}section{border-color:#999;break-inside:auto}
.way,.fixes>li,blockquote,.command{break-inside:avoid}h2,h3{break-after:avoid}
header,main,footer{padding-left:0;padding-right:0;max-width:none}
.columns{grid-template-columns:78mm minmax(0,1fr);gap:5mm;align-items:start}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
