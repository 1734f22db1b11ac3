/** The report's looks: the product's colours, four maps a row on a desk and one on a phone. */
export const STYLE = `
:root{--ink:#16211d;--ink-2:#51605a;--line:#e3e8e5;--paper:#f5f7f6;--move:#1769d2;--gap:#7a7f87;--alarm:#c8372d}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1320px;padding:24px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:0}
p{margin:2px 0 12px;color:var(--ink-2);max-width:80ch}
section,.figures{background:#fff;border:1px solid var(--line);border-radius:12px;padding:18px;margin:18px 0;overflow-x:auto}
.maps{display:grid;grid-template-columns:repeat(4,1fr);gap:12px}
figure{margin:0}figcaption{font-size:13px;color:var(--ink-2);margin-top:4px}figcaption b{color:var(--ink)}
figure svg,.none{display:block;width:100%;aspect-ratio:4/3;background:#fafbfa;border:1px solid var(--line);border-radius:8px}
.none{background:repeating-linear-gradient(45deg,#fafbfa 0 8px,#f1f4f2 8px 16px)}
.defs{position:absolute;width:0;height:0}
path{fill:none;vector-effect:non-scaling-stroke;stroke-linecap:round;stroke-linejoin:round}
#roads{stroke:#d3dbd7;stroke-width:1.2}
.raw{stroke:#16211d;stroke-width:2.6;stroke-opacity:.45}.way{stroke:#51605a;stroke-width:1.1}
.aside{stroke:var(--alarm);stroke-width:5}.move{stroke:var(--move);stroke-width:2.4}
.gap{stroke:var(--gap);stroke-width:1.8;stroke-dasharray:2 5}.stay{stroke-width:11}
.scale{stroke:var(--ink-2);stroke-width:1.5;stroke-linecap:butt}figure text{fill:var(--ink-2)}
.strip{display:block;width:100%;min-width:760px;margin-top:14px;font-size:13px}.strip text{fill:var(--ink)}
.strip .end{font-variant-numeric:tabular-nums}.strip .hour{fill:var(--ink-2);font-size:11px;text-anchor:middle}
.tick{stroke:var(--line);stroke-width:1}.band{fill:#7a7f87;opacity:.16}
.run{stroke:var(--move);stroke-width:3;stroke-linecap:butt}.quiet{stroke:var(--gap);stroke-width:2;stroke-dasharray:2 5;stroke-linecap:butt}
.legend{display:flex;flex-wrap:wrap;gap:6px 18px;list-style:none;margin:0;padding:0;font-size:13px;color:var(--ink-2)}
.legend i{display:inline-block;margin-right:6px;vertical-align:middle;width:22px;border-top:3px solid var(--move)}
.legend .dot{width:11px;height:11px;border:0;border-radius:50%;background:#0f7b5f}.legend .else{background:#8b9691}
.legend .bad{background:var(--alarm);width:7px;height:7px}.legend .dash{border-top:2px dotted var(--gap)}
.legend .grey{height:12px;border:0;background:#7a7f87;opacity:.25}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:4px 14px 4px 0;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left;white-space:normal}
.ok{color:#0f7b5f}.short{color:var(--alarm);font-weight:600}
footer{color:var(--ink-2);font-size:13px}
@media(max-width:800px){body{padding:12px}.maps{grid-template-columns:1fr 1fr}}
@media(max-width:480px){.maps{grid-template-columns:1fr}}
`.trim()
