// A table whose search, order and pages are made by the kernel, and whose rows have real buttons.

// Each widget has its own copy of this module, so a counter would repeat itself.
const unique = () => Math.random().toString(36).slice(2);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const ENDS = /(?<=[/_])(?=\S)|(?<=:)(?=[^\d\s])|(?<=[^\d\s])(?=[.@]\S)|(?<=\S)(?=[.@][^\d\s])/;
const DATE = /\b(\d{1,2}) ([A-Z][a-z]{2,8}) (\d{4})\b/g;
const LONG = /([^\s-]{25,})/;

// A cell's text: a line may end at a name's dots and slashes, and in no word of fewer than 25 letters; as views/html.py.
function wrapping(text) {
  const made = element("bdi");
  const pieces = text.replace(DATE, "$1\u00a0$2\u00a0$3").split(ENDS).flatMap((part) =>
    part.split(LONG).flatMap((words, at) => (at % 2 ? words.match(/.{1,12}/gsu) : [words])));
  pieces.filter(Boolean).forEach((piece, at) => made.append(...(at ? [element("wbr")] : []), piece));
  return made;
}

function render({ model, el }) {
  const id = `pkilab-table-${unique()}`;
  const place = element("div", "pkilab-tables");
  el.append(place);

  const bar = element("div", "pkilab-search");
  const label = element("label", "", "");
  label.htmlFor = `${id}-search`;
  const search = element("input");
  search.type = "search";
  search.id = `${id}-search`;
  search.maxLength = 200;
  search.setAttribute("autocomplete", "off");
  bar.append(label, search);
  let wait = 0;
  const ask = () => model.send({ kind: "search", text: search.value });
  search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, 300); });
  search.addEventListener("change", () => { clearTimeout(wait); ask(); });

  // Where rows are stacked there are no headings to press: the style sheet shows this in their place.
  const sorting = element("div", "pkilab-sorting");
  const by = element("label", "", "Sort by");
  by.htmlFor = `${id}-sort`;
  const choice = element("select");
  choice.id = `${id}-sort`;
  choice.addEventListener("change", () => model.send({ kind: "sort", key: choice.value }));
  const turn = element("button", "pkilab-small", "Reverse the order");
  turn.type = "button";
  turn.addEventListener("click", () => model.send({ kind: "sort", key: choice.value }));
  sorting.append(by, choice, turn);

  const scroll = element("div", "pkilab-scroll");
  const foot = element("div", "pkilab-pages");
  const note = element("p", "pkilab-note");
  note.setAttribute("role", "status");
  place.append(bar, sorting, scroll, foot);

  function button(text, key, content, className = "") {
    const made = element("button", `pkilab-small ${className}`.trim(), text);
    made.type = "button";
    made.dataset.key = key;
    made.addEventListener("click", () => model.send(content));
    return made;
  }

  function head(column) {
    const cell = element("th");
    cell.scope = "col";
    cell.setAttribute("role", "columnheader");
    const { key, down } = model.get("order");
    if (column.sort) {
      const on = key === column.key;
      const arrow = on ? (down ? " ↓" : " ↑") : "";
      const made = button(column.label + arrow, `sort-${column.key}`, { kind: "sort", key: column.key }, "pkilab-sort");
      made.title = `Sort by ${column.label.toLowerCase()}`;
      cell.append(made, element("span", "pkilab-stacked", column.label));
      if (on) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
    } else cell.textContent = column.label;
    return cell;
  }

  function tickCell(row) {
    const cell = element("td", "pkilab-pick");
    cell.setAttribute("role", "cell");
    cell.dataset.label = "Choose";
    if (!row.pickable) return cell;
    const box = element("input");
    box.type = "checkbox";
    box.checked = model.get("picked").includes(row.id);
    box.dataset.key = `pick-${row.id}`;
    box.setAttribute("aria-label", `Choose ${row.name}`);
    box.addEventListener("change", () => model.send({ kind: "pick", row: row.id, on: box.checked }));
    cell.append(box);
    return cell;
  }

  function line(row, columns) {
    const tr = element("tr");
    tr.setAttribute("role", "row");
    tr.dataset.row = row.id;
    if (model.get("picking")) tr.append(tickCell(row));
    columns.forEach((column, at) => {
      const cell = element("td");
      cell.setAttribute("role", "cell");
      cell.dataset.label = column.label;
      cell.append(wrapping(row.cells[at]));
      tr.append(cell);
    });
    if (row.actions.length) {
      const cell = element("td", "pkilab-actions");
      cell.setAttribute("role", "cell");
      cell.dataset.label = "";
      for (const action of row.actions) {
        const made = button(action.label, `${action.act}-${row.id}`, { kind: "act", row: row.id, act: action.act },
          action.main ? "pkilab-go" : "");
        made.setAttribute("aria-label", `${action.label} ${row.name}`);
        cell.append(made, " ");
      }
      tr.append(cell);
    }
    return tr;
  }

  function table(rows, columns) {
    const made = element("table", "pkilab-table");
    made.setAttribute("role", "table");
    made.append(element("caption", "", model.get("caption")));
    const top = element("thead");
    top.setAttribute("role", "rowgroup");
    const heads = element("tr");
    heads.setAttribute("role", "row");
    if (model.get("picking")) {
      const cell = element("th", "", "Choose");
      cell.scope = "col";
      heads.append(cell);
    }
    heads.append(...columns.map(head));
    if (rows.some((row) => row.actions.length)) {
      const cell = element("th");
      cell.scope = "col";
      cell.append(element("span", "pkilab-unseen", "What to do"));
      heads.append(cell);
    }
    top.append(heads);
    const body = element("tbody");
    body.setAttribute("role", "rowgroup");
    body.append(...rows.map((row) => line(row, columns)));
    made.append(top, body);
    return made;
  }

  function drawSorting(columns) {
    const { key, down } = model.get("order");
    const sortable = columns.filter((column) => column.sort);
    sorting.hidden = !sortable.length || !model.get("rows").length;
    const options = sortable.map((column) => {
      const made = element("option", "", column.label + (column.key === key ? (down ? " ↓" : " ↑") : ""));
      made.value = column.key;
      return made;
    });
    if (!sortable.some((column) => column.key === key)) {
      const usual = element("option", "", "the usual order");
      usual.value = "";
      usual.disabled = true;
      options.unshift(usual);
    }
    choice.replaceChildren(...options);
    choice.value = options.some((option) => option.value === key) ? key : "";
    turn.hidden = !choice.value;
  }

  function draw() {
    const here = el.contains(document.activeElement) ? document.activeElement.dataset?.key : undefined;
    const rows = model.get("rows");
    const columns = model.get("columns");
    label.textContent = model.get("search_label");
    bar.hidden = !model.get("search_label");
    drawSorting(columns);
    if (document.activeElement !== search) search.value = model.get("search");
    if (rows.length) scroll.replaceChildren(table(rows, columns));
    else {
      const empty = element("section", "pkilab-card pkilab-empty");
      empty.append(element("h3", "", model.get("caption")), element("p", "", model.get("empty")));
      scroll.replaceChildren(empty);
    }
    note.textContent = model.get("note");
    const pages = model.get("pages");
    const buttons = [];
    if (pages.before || pages.after) {
      const before = button("Earlier page", "before", { kind: "page", to: "before" });
      before.disabled = !pages.before;
      const after = button("Next page", "after", { kind: "page", to: "after" });
      after.disabled = !pages.after;
      buttons.push(before, after);
    }
    foot.replaceChildren(...buttons, note);
    foot.hidden = !buttons.length && !model.get("note");
    if (here) el.querySelector(`[data-key="${CSS.escape(here)}"]`)?.focus({ preventScroll: true });
  }
  const events = "change:rows change:columns change:caption change:empty change:note change:pages change:order change:picked change:picking change:search change:search_label";
  model.on(events, draw);
  draw();
  return () => { clearTimeout(wait); model.off(events, draw); };
}

export default { render };
