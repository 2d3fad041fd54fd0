/** How a drawn way looks, wherever it stands: see `way-svg.ts`. The colours are those of `colours.ts`. */
export const wayStyle = `.way{display:block;width:100%;max-width:400px;height:auto;margin:0 auto;font-family:system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif}
.way .vpc{fill:none;stroke:var(--strong-line);stroke-dasharray:2 4}
.way .vpc-name{font-size:11px;fill:var(--muted);text-anchor:end}
.way .card{stroke:var(--strong-line)}.way .open .card{fill:var(--surface)}
.way .name{font-size:13.5px;font-weight:600;fill:var(--text)}
.way .note{font-weight:400;font-size:11.5px;fill:var(--muted)}
.way .id{font-size:11.5px;fill:var(--muted);font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.way .reason{font-size:12.5px;fill:var(--text)}
.way .mark{stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round;fill:none}
.way .open .mark{stroke:var(--green)}.way .open .mark circle{fill:var(--green-ground)}
.way .closed .card{fill:var(--red-ground);stroke:var(--red);stroke-width:2}
.way .closed .mark{stroke:var(--surface)}.way .closed .mark .sign{fill:var(--red);stroke:var(--red)}
.way .closed .name,.way .closed .reason{fill:var(--red)}
.way .unknown .card{stroke:var(--amber);stroke-width:1.6;stroke-dasharray:1 3;stroke-linecap:round}
.way .hatch-ground{fill:var(--amber-ground)}.way .hatch-line{stroke:var(--hatch);stroke-width:6}
.way .unknown .mark{stroke:var(--amber)}.way .unknown .mark rect{fill:var(--amber-ground)}
.way .unknown .mark text{fill:var(--amber);stroke:none;font-size:14px;font-weight:700;text-anchor:middle}
.way .skipped .card,.way .behind .card{fill:none;stroke:var(--strong-line);stroke-dasharray:5 4}
.way .skipped .name,.way .behind .name{fill:var(--muted)}
.way .skipped .mark{stroke:var(--strong-line)}.way .behind .mark{stroke:var(--red)}
.way .rail{stroke-width:2.5;fill:none}
.way .rail.open{stroke:var(--green)}
.way .rail.skipped{stroke:var(--strong-line);stroke-dasharray:5 5}
.way .rail.unknown{stroke:var(--amber);stroke-dasharray:.1 6;stroke-linecap:round}
`;
