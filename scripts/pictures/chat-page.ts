import { Markup, markup } from '../../lambda/render/markup.ts';

interface Notification {
  readonly content: {
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
  };
}

/** A page that shows a custom notification about as a chat shows it, for a picture. */
export function chatPage(notification: string): string {
  const { title, description, nextSteps = [] } = (JSON.parse(notification) as Notification).content;
  const steps = nextSteps.map((step) => markup`<li>${spans(step)}</li>`);
  return markup`<!doctype html><meta charset="utf-8"><title>A message in a chat</title><style>${new Markup(style)}</style>
<main><div class="sign">Q</div><div><p class="who"><b>Amazon Q</b> <span>APP</span> <time>04:04</time></p>
<div class="card"><p class="title"><i></i>${spans(title.replace(/^:\w+: /, ''))}</p>
${description.split('\n\n').map(block)}
${steps.length > 0 ? markup`<p><b>Next steps</b></p><ul>${steps}</ul>` : null}
</div></div></main>`.text;
}

function block(text: string): Markup {
  if (text.startsWith('```')) return markup`<pre>${plain(text.replaceAll('```', ''))}</pre>`;
  if (text.startsWith('> ')) return markup`<blockquote>${spans(text.slice(2))}</blockquote>`;
  if (text.startsWith('• '))
    return markup`<ul>${text.split('\n').map((line) => markup`<li>${spans(line.slice(2))}</li>`)}</ul>`;
  return markup`<p>${spans(text)}</p>`;
}

/** What stands within a line: code, bold, and links. */
function spans(text: string): readonly Markup[] {
  return text.split(/(`[^`]+`|\*[^*]+\*|<[^|>]+\|[^>]+>)/).map((part) => {
    if (part.startsWith('`')) return markup`<code>${plain(part.slice(1, -1))}</code>`;
    if (part.startsWith('*')) return markup`<b>${plain(part.slice(1, -1))}</b>`;
    if (part.startsWith('<')) return markup`<a href="#">${plain(part.slice(part.indexOf('|') + 1, -1))}</a>`;
    return markup`${plain(part)}`;
  });
}

const plain = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const style = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1d1c1d;--soft:#616061;--line:#ddd;--code:#c01343;--box:#f8f8f8;--link:#1264a3;--bar:#d64550}
@media (prefers-color-scheme:dark){:root{--ground:#1a1d21;--ink:#d1d2d3;--soft:#9ea3a8;--line:#3b3f44;--code:#e8912d;--box:#222529;--link:#6cb6ec}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.47 "Noto Sans","DejaVu Sans",Lato,system-ui,sans-serif;overflow-wrap:anywhere}
main{display:grid;grid-template-columns:40px 1fr;gap:12px;padding:18px 22px}
.sign{width:40px;height:40px;border-radius:9px;background:linear-gradient(135deg,#7b3ff2,#c53fd6);color:#fff;display:grid;place-items:center;font-weight:700;font-size:20px}
.who{margin:0 0 6px}.who span{font-size:10px;background:var(--line);border-radius:3px;padding:1px 4px}.who time{color:var(--soft);font-size:12px}
.card{border-left:4px solid var(--bar);border-radius:4px;padding:2px 0 2px 14px}
.title{font-weight:700;margin-top:0}
.title i{display:inline-block;width:14px;height:14px;border-radius:50%;background:#dd2e44;margin-right:8px;vertical-align:-1px}
p,ul,blockquote,pre{margin:9px 0}
ul{padding-left:20px}
blockquote{border-left:4px solid var(--line);padding-left:12px}
code,pre{font:13px/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--box);border:1px solid var(--line);border-radius:4px}
code{color:var(--code);padding:1px 4px}pre{padding:8px;white-space:pre-wrap}
a{color:var(--link);text-decoration:none}
`;
