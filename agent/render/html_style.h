#pragma once

namespace vpcprobe {

/// How the HTML page looks: light and dark by the reader's wish, one column on a phone. Every pair of text
/// and ground has a contrast of 4.5 or more (WCAG 2.2 AA; tests/page_test.py measures it).
inline constexpr char kHtmlStyle[] = R"css(
:root{--ground:#fff;--card:#f6f8fa;--ink:#1b1f24;--quiet:#57606a;--line:#c8d0d8;--open:#116329;--closed:#b3261e;
--careful:#7a4d00;--beyond:#57606a;--link:#0550ae}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--card:#161b22;--ink:#e6edf3;--quiet:#a3adb8;
--line:#3d444d;--open:#56d364;--closed:#ff8a80;--careful:#e3b341;--beyond:#a3adb8;--link:#79c0ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main,footer{max-width:76rem;margin:0 auto;padding:1rem}
footer,.quiet,small,dt{color:var(--quiet)}
h1,h2,h3,h4{line-height:1.25;margin:1.25em 0 .4em}h1{font-size:1.5rem;margin-top:0}h2{font-size:1.25rem}
h3{font-size:1.05rem;margin-top:0}h4{font-size:.95rem;margin:1em 0 .2em}
p{margin:.2em 0 .6em}ol,ul{margin:.2em 0 .6em;padding-left:1.4em}
a{color:var(--link)}a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.verdict{display:inline-block;padding:.1em .6em;border:2px solid;border-radius:.4em;text-transform:uppercase}
.open{color:var(--open)}.closed{color:var(--closed)}.careful{color:var(--careful)}.beyond{color:var(--beyond)}
.summary{font-size:1.1rem}
dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:1rem 0}dt{font-size:.85rem}dd{margin:0}
.mark{display:inline-block;min-width:1.4em;font-weight:700}
.endpoint,.finding{background:var(--card);border:1px solid var(--line);border-radius:.5em;padding:1rem;margin:0 0 1rem}
.finding{border-left:5px solid currentColor;background:var(--ground);margin:0 0 1rem}
.finding>*,.finding h3{color:var(--ink)}.finding h3 .careful{color:var(--careful)}.finding h3 .closed{color:var(--closed)}
.beside{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem}
.beside:has(.finding){grid-template-columns:minmax(0,3fr) minmax(0,2fr)}
.beside>.path{grid-column:1;align-self:start}.beside>.finding{grid-column:-2;margin:0}
.path{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr)}
.path ol,.path ul{list-style:none;margin:0;padding:0}
.path ol{display:flex}
.branches>li+li{border-top:1px solid var(--line);margin-top:.4rem;padding-top:.4rem}
.step{flex:1 1 0;position:relative;padding:1.5rem .5rem .25rem 0;min-width:0}
.step::before{content:"";position:absolute;left:0;right:0;top:.62rem;border-top:4px solid currentColor}
.step.closed::before{border-top-style:dashed;right:50%}.step.beyond::before{border-top:3px dotted}
.trunk>.step:first-child::before{left:.7rem}
.step>.mark{position:absolute;top:0;left:.6rem;min-width:0;width:1.4rem;height:1.4rem;line-height:1.1rem;
text-align:center;background:var(--card);border:2px solid;border-radius:50%;font-size:.8rem}
.step>b,.step>small{display:block;padding-left:.6rem;line-height:1.3}.step>b{color:var(--ink);font-size:.9rem}
pre{background:var(--card);border:1px solid var(--line);border-radius:.3em;padding:.6rem;margin:.2em 0 .8em;
overflow-x:auto;white-space:pre-wrap}code{font:.875em/1.4 ui-monospace,monospace}
summary{cursor:pointer;font-weight:600;padding:.5rem 0}details{margin:0 0 1rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--quiet)}
th,td{border:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top;overflow-wrap:normal}
td a{color:inherit}
@media (max-width:52rem){.beside:has(.finding){grid-template-columns:minmax(0,1fr)}.beside>.finding{grid-column:1}
.path{grid-template-columns:minmax(0,1fr)}.path ol{flex-direction:column}.branches{margin-left:1.2rem}
.step{padding:.15rem 0 .6rem 2rem;flex:none}.step::before,.trunk>.step:first-child::before{left:.62rem;right:auto;
top:0;bottom:0;border-top:0;border-left:4px solid currentColor}.step.closed::before{border-left-style:dashed;right:auto;
bottom:50%}.step.beyond::before{border-top:0;border-left:3px dotted}.step>.mark{left:0}
.step>b,.step>small{padding-left:.2rem}}
@media print{.endpoint,.finding{break-inside:avoid}}
)css";

}  // namespace vpcprobe
