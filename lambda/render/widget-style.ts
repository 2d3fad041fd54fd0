import { darkColours, lightColours } from './colours.ts';
import { wayStyle } from './way-style.ts';

/**
 * The style of the dashboard's widget. It stands in a page of somebody else: every rule is one of our own class. The theme is that
 * of the dashboard, which need not be the browser's.
 */
export const widgetStyle = `
.epd{${lightColours};color-scheme:light;background:var(--surface);color:var(--text);padding:14px 16px;overflow-wrap:anywhere;
font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif}
.epd.dark{${darkColours};color-scheme:dark}
.epd *{box-sizing:border-box;color:inherit}
.epd.narrow{padding:10px 8px}
.epd.narrow .incident{padding:10px 8px}
.epd h2,.epd h3,.epd p,.epd ul,.epd dl,.epd dd,.epd figure{margin:0;padding:0}
.epd h2{font-size:16px;line-height:1.3;font-weight:700;color:var(--text)}
.epd h3{font-size:15px;line-height:1.35;font-weight:600;color:var(--text)}
.epd a{color:var(--link);text-decoration:underline;text-underline-offset:.18em}
.epd :focus-visible{outline:3px solid var(--link);outline-offset:2px}
.epd code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--code);color:inherit;
padding:0 .3em;border-radius:4px;display:inline-block;max-width:100%}
.epd a>code{text-decoration:underline}
.epd .count{color:var(--muted);font-weight:400}
.epd .incidents,.epd .resolved{list-style:none;margin:10px 0 20px;padding:0;display:grid;gap:10px}
.epd .incidents{grid-template-columns:repeat(auto-fill,minmax(min(100%,640px),1fr));align-items:start}
.epd .incident{border:1px solid var(--line);border-left:4px solid var(--red);border-radius:8px;padding:12px 14px;display:flex;
flex-wrap:wrap;gap:12px 24px;min-width:0}
.epd .incident.unsure{border-left-color:var(--amber)}
.epd .said{flex:1 1 280px;min-width:0}
.epd .drawn{flex:1 1 280px;max-width:400px;min-width:0}
.epd.narrow .said,.epd.narrow .drawn{flex-basis:100%;max-width:none}
.epd dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 12px;margin-top:8px}
.epd dt{color:var(--muted)}
.epd.narrow dl{grid-template-columns:minmax(0,1fr);gap:0}
.epd.narrow dt{margin-top:6px}
.epd summary{cursor:pointer;font-weight:600}
.epd .drawn figure{margin-top:8px}
.epd .sign-closed{color:var(--red)}.epd .sign-unknown{color:var(--amber)}
.epd .resolved>li{border-top:1px solid var(--line);padding-top:8px}
.epd .resolved strong{font-weight:600}
.epd .muted{color:var(--muted)}
.epd .none{border:1px solid var(--line);border-left:4px solid var(--green);border-radius:8px;padding:10px 14px;margin:10px 0 20px}
.epd .problem{border:1px solid var(--line);border-left:4px solid var(--amber);border-radius:8px;padding:10px 14px;margin:10px 0 20px}
.epd .problem strong{color:var(--amber)}
.epd .more{margin:-8px 0 20px;color:var(--muted)}
${wayStyle}`;
