"""The one style sheet: JupyterLab's variables, so that light, dark and custom themes follow.

Where there is no JupyterLab the fallbacks are used, dark ones when the reader's system is dark. Colours of text are
mixed with the text's own, as some themes' bare colours are too pale to read.
"""

from __future__ import annotations

CSS = """
.pkilab {
  --pkilab-ink: var(--jp-ui-font-color1, rgba(0, 0, 0, .87));
  --pkilab-soft: var(--jp-ui-font-color2, rgba(0, 0, 0, .62));
  --pkilab-paper: var(--jp-layout-color1, #fff);
  --pkilab-shade: var(--jp-layout-color2, #f3f3f3);
  --pkilab-line: var(--jp-border-color2, #dcdcdc);
  --pkilab-brand: color-mix(in srgb, var(--jp-brand-color1, #1565c0) 80%, var(--pkilab-ink));
  --pkilab-good: color-mix(in srgb, var(--jp-success-color1, #2e7d32) 72%, var(--pkilab-ink));
  --pkilab-warn: color-mix(in srgb, var(--jp-warn-color1, #b35900) 62%, var(--pkilab-ink));
  --pkilab-bad: color-mix(in srgb, var(--jp-error-color1, #c62828) 72%, var(--pkilab-ink));
  --pkilab-code: var(--jp-code-font-family, ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono",
    monospace);
  container-type: inline-size;
  font: 14px/1.5 var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif);
  color: var(--pkilab-ink);
  margin: 0 0 12px;
  max-width: 1060px;
}
@media (prefers-color-scheme: dark) {
  .pkilab {
    --pkilab-ink: var(--jp-ui-font-color1, rgba(255, 255, 255, .9));
    --pkilab-soft: var(--jp-ui-font-color2, rgba(255, 255, 255, .66));
    --pkilab-paper: var(--jp-layout-color1, #1c1c1c);
    --pkilab-shade: var(--jp-layout-color2, #2a2a2a);
    --pkilab-line: var(--jp-border-color2, #454545);
    --pkilab-brand: color-mix(in srgb, var(--jp-brand-color1, #64b5f6) 80%, var(--pkilab-ink));
    --pkilab-good: color-mix(in srgb, var(--jp-success-color1, #81c784) 72%, var(--pkilab-ink));
    --pkilab-warn: color-mix(in srgb, var(--jp-warn-color1, #ffb74d) 62%, var(--pkilab-ink));
    --pkilab-bad: color-mix(in srgb, var(--jp-error-color1, #ef9a9a) 72%, var(--pkilab-ink));
  }
}
.pkilab .pkilab-card {
  border: 1px solid var(--pkilab-line); border-radius: 10px; background: var(--pkilab-paper); padding: 16px 18px;
  box-sizing: border-box;
}
.pkilab .pkilab-card.pkilab-good { border: 2px solid var(--pkilab-good); }
.pkilab .pkilab-card.pkilab-bad { border: 2px solid var(--pkilab-bad); }
.pkilab .pkilab-card h3 {
  margin: 0 0 8px; font-size: 15px; font-weight: 600; line-height: 1.4; color: inherit; overflow-wrap: anywhere;
}
.pkilab .pkilab-card p { margin: 0 0 8px; max-width: 75ch; overflow-wrap: anywhere; }
.pkilab .pkilab-badge {
  display: inline-block; margin-left: 6px; border: 1px solid currentColor; border-radius: 10px; padding: 0 8px;
  font-size: 12.5px; font-weight: 400; color: var(--pkilab-soft);
}
.pkilab .pkilab-badge.pkilab-good { color: var(--pkilab-good); }
.pkilab .pkilab-badge.pkilab-bad { color: var(--pkilab-bad); font-weight: 600; }
.pkilab .pkilab-card dl {
  display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 14px; margin: 0;
  align-items: baseline;
}
.pkilab .pkilab-card dt {
  color: var(--pkilab-soft); font-weight: 400; margin: 0; float: none; width: auto; white-space: nowrap;
}
.pkilab .pkilab-card dd { margin: 0; float: none; width: auto; overflow-wrap: anywhere; }
.pkilab .pkilab-part { display: inline-block; max-width: 100%; }
.pkilab .pkilab-card code {
  font: 12.5px/1.6 var(--pkilab-code); background: none; border: 0; padding: 0; color: inherit; white-space: normal;
  overflow-wrap: anywhere;
}
.pkilab .pkilab-card code.pkilab-fp { display: block; letter-spacing: .02em; overflow-wrap: normal; user-select: all; }
.pkilab .pkilab-card code.pkilab-read-only { user-select: none; }
.pkilab .pkilab-card p.pkilab-note, .pkilab p.pkilab-note {
  color: var(--pkilab-soft); font-size: 12.5px; margin: 2px 0 0;
}
.pkilab .pkilab-card p.pkilab-warning {
  border-left: 3px solid var(--pkilab-warn); padding: 2px 0 2px 10px; margin: 12px 0 0;
}
.pkilab .pkilab-warning strong { color: var(--pkilab-warn); font-weight: 600; }
.pkilab .pkilab-card details { margin-top: 14px; border-top: 1px solid var(--pkilab-line); padding-top: 10px; }
.pkilab .pkilab-card summary { font-weight: 600; cursor: pointer; }
.pkilab .pkilab-card pre {
  background: var(--pkilab-shade); color: inherit; border: 0; border-radius: 6px; padding: 10px 12px; overflow: auto;
  font: 12.5px/1.5 var(--pkilab-code); margin: 8px 0 0;
}
.pkilab .pkilab-copied { display: flex; gap: 4px 10px; align-items: baseline; }
.pkilab .pkilab-copied + .pkilab-copied { margin-top: 2px; }
.pkilab .pkilab-copied code { flex: 0 1 auto; min-width: 0; }
.pkilab .pkilab-block { position: relative; }
.pkilab button.pkilab-copy {
  display: none; flex: none; margin: 0; padding: 1px 8px; min-height: 24px; border: 1px solid var(--pkilab-soft);
  border-radius: 6px; background: var(--pkilab-paper); color: inherit; font: inherit; font-size: 12.5px;
  cursor: pointer;
}
.pkilab-live .pkilab button.pkilab-copy { display: inline-block; }
.pkilab .pkilab-block button.pkilab-copy { position: absolute; top: 6px; right: 6px; }
.pkilab button.pkilab-copy:hover { background: var(--pkilab-shade); }
.pkilab button.pkilab-copy:focus-visible, .pkilab button.pkilab-tab:focus-visible, .pkilab pre:focus-visible {
  outline: 2px solid var(--pkilab-brand); outline-offset: 2px;
}
.pkilab .pkilab-tabs { display: none; flex-wrap: wrap; gap: 2px 14px; margin: 10px 0 0; }
.pkilab button.pkilab-tab {
  border: 0; border-bottom: 2px solid transparent; border-radius: 0; background: none; color: inherit; font: inherit;
  font-size: 13px; padding: 3px 0; margin: 0; min-height: 26px; cursor: pointer;
}
.pkilab button.pkilab-tab[aria-selected="true"] {
  color: var(--pkilab-brand); border-bottom-color: currentColor; font-weight: 600;
}
.pkilab .pkilab-card p.pkilab-way, .pkilab p.pkilab-way { font-weight: 600; font-size: 13px; margin: 12px 0 0; }
.pkilab .pkilab-hood pre {
  background: var(--pkilab-shade); color: inherit; border: 0; border-radius: 6px; padding: 10px 12px; overflow: auto;
  font: 12.5px/1.5 var(--pkilab-code); margin: 6px 0 0; max-height: 28em; white-space: pre;
}
.pkilab .pkilab-hood summary { font-weight: 600; cursor: pointer; }
.pkilab-live .pkilab .pkilab-tabs { display: flex; }
.pkilab-live .pkilab p.pkilab-way, .pkilab-live .pkilab .pkilab-panel { display: none; }
.pkilab-live .pkilab .pkilab-panel.pkilab-on { display: block; }
.pkilab-live .pkilab .pkilab-block pre { padding-right: 72px; }
.pkilab .pkilab-explained ul { margin: 0; padding-left: 16px; list-style: none; }
.pkilab .pkilab-explained > ul { padding-left: 0; }
.pkilab .pkilab-explained ul ul { margin-left: 5px; border-left: 1px solid var(--pkilab-line); }
.pkilab .pkilab-explained li { margin: 0; }
.pkilab .pkilab-card.pkilab-explained details { margin: 0; border: 0; padding: 0; }
.pkilab .pkilab-card.pkilab-explained summary { font-weight: 400; padding: 2px 0; overflow-wrap: anywhere; }
.pkilab .pkilab-explained summary strong { font-weight: 600; }
.pkilab .pkilab-explained details[open] { padding: 0 0 6px; }
.pkilab .pkilab-card.pkilab-explained details > p { margin: 2px 0 4px 16px; }
.pkilab .pkilab-trust { display: flex; flex-wrap: wrap; gap: 18px; align-items: flex-start; margin-top: 12px; }
.pkilab .pkilab-trust svg { flex: 0 1 362px; min-width: 0; }
.pkilab .pkilab-trust ol { flex: 1 1 260px; margin: 0; padding-left: 20px; overflow-wrap: anywhere; }
.pkilab .pkilab-trust li { margin: 0 0 6px; }
.pkilab svg.pkilab-timeline { display: block; overflow: hidden; margin: 4px 0 0; }
.pkilab svg.pkilab-timeline text { paint-order: stroke; stroke: var(--pkilab-paper); stroke-width: 4px; }
.pkilab .pkilab-now { opacity: .6; }
.pkilab .pkilab-life-valid { color: var(--pkilab-good); }
.pkilab .pkilab-life-not-yet-valid { color: var(--pkilab-brand); }
.pkilab .pkilab-life-held { color: var(--pkilab-warn); }
.pkilab .pkilab-life-revoked { color: var(--pkilab-bad); }
.pkilab .pkilab-life-expired { color: var(--pkilab-soft); }
.pkilab .pkilab-lives ol { margin: 8px 0 0; padding-left: 24px; overflow-wrap: anywhere; }
.pkilab table.pkilab-table {
  border-collapse: collapse; width: 100%; margin: 0; table-layout: auto; font-size: 14px; color: inherit;
  border: 0;
}
.pkilab table.pkilab-table caption {
  text-align: left; font-weight: 600; font-size: 15px; padding: 0 0 6px; color: inherit; caption-side: top;
}
.pkilab table.pkilab-table tr { background: none; text-align: left; }
.pkilab table.pkilab-table thead tr th {
  text-align: left; font-size: 12.5px; color: var(--pkilab-soft); font-weight: 600; vertical-align: bottom;
  border: 0; border-bottom: 1px solid var(--pkilab-soft); padding: 6px 8px; background: none;
}
.pkilab table.pkilab-table tbody tr td {
  text-align: left; vertical-align: top; border: 0; border-bottom: 1px solid var(--pkilab-line); padding: 7px 8px;
  overflow-wrap: break-word; max-width: none; min-width: 11ch; white-space: normal; line-height: 1.5;
}
.pkilab table.pkilab-table tbody tr td:first-child { min-width: 6ch; }
.pkilab table.pkilab-table tbody tr:hover { background: var(--pkilab-shade); }
.pkilab .pkilab-empty { color: var(--pkilab-soft); border-style: dashed; }
@container (max-width: 820px) {
  .pkilab table.pkilab-table, .pkilab table.pkilab-table caption, .pkilab table.pkilab-table tbody,
  .pkilab table.pkilab-table tbody tr { display: block; }
  .pkilab table.pkilab-table thead {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }
  .pkilab table.pkilab-table tbody tr {
    border: 1px solid var(--pkilab-line); border-radius: 10px; padding: 8px 12px; margin: 0 0 10px;
  }
  .pkilab table.pkilab-table tbody tr td, .pkilab table.pkilab-table tbody tr td:first-child {
    display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 10px; border: 0; padding: 2px 0; min-width: 0;
  }
  .pkilab table.pkilab-table tbody tr td::before { content: attr(data-label); color: var(--pkilab-soft); }
}
@container (max-width: 520px) {
  .pkilab .pkilab-card pre, .pkilab .pkilab-hood pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .pkilab-live .pkilab .pkilab-block pre { padding-right: 12px; }
  .pkilab-live .pkilab .pkilab-block button.pkilab-copy { position: static; display: block; margin: 6px 0 0 auto; }
}
@container (max-width: 400px) {
  .pkilab .pkilab-card dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .pkilab .pkilab-card dt { font-size: 12.5px; margin-top: 6px; }
}
""".strip()


def tag() -> str:
    """Return the style sheet as an element; once a page is enough, more do no harm."""
    return f"<style>{CSS}</style>"
