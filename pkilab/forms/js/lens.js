// A tree of fields beside the octets. Only what is seen is drawn, and only what is drawn is asked for.
// Whatever comes from the object is set as text, never as markup.

const ROW = 26;
const LINE = 22;
const PAGE = 200;
const OVER = 6;
const KEPT = 256;
const SIGNED = new Set(["tbsCertificate", "certificationRequestInfo", "tbsCertList"]);
const INSIDE = new Set(["extensions", "Extensions", "crlExtensions"]);
const FEW = 30;

// Each widget has its own copy of this module, so a counter would repeat itself.
const unique = () => Math.random().toString(36).slice(2);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Lines are drawn anew at any moment, also between a button's down and up; then the click is the box's.
function pointed(event, selector) {
  const target = event.target.closest?.(selector);
  return target ? event.target : document.elementFromPoint(event.clientX, event.clientY);
}

const hex = (number, digits) => number.toString(16).toUpperCase().padStart(digits, "0");
const clamp = (number, low, high) => Math.max(low, Math.min(high, number));

// A scrolled box of lines of one height; `draw(index)` makes a line. Lines that stay as they are stay in the page: one
// that is taken out between a button's down and up would never be clicked.
function scroller(box, inside, height, count, draw) {
  let due = 0;
  let kept = new Map();
  function paint() {
    due = 0;
    inside.style.height = `${count() * height}px`;
    const first = clamp(Math.floor(box.scrollTop / height) - OVER, 0, Math.max(0, count() - 1));
    const last = Math.min(count(), Math.ceil((box.scrollTop + box.clientHeight) / height) + OVER);
    const made = new Map();
    for (let at = first; at < last; at += 1) {
      const line = draw(at);
      line.style.top = `${at * height}px`;
      const old = kept.get(at);
      made.set(at, old?.isEqualNode(line) ? old : line);
    }
    for (const [at, old] of kept) if (made.get(at) !== old) old.remove();
    let next = inside.firstChild;
    for (const line of made.values()) {
      if (line === next) next = next.nextSibling;
      else inside.insertBefore(line, next);
    }
    kept = made;
  }
  const soon = () => { if (!due) due = requestAnimationFrame(paint); };
  box.addEventListener("scroll", soon, { passive: true });
  function reach(at, middle) {
    const top = at * height;
    if (top >= box.scrollTop && top + height <= box.scrollTop + box.clientHeight) return;
    if (middle) box.scrollTop = Math.max(0, top - box.clientHeight / 2 + height);
    else box.scrollTop = top < box.scrollTop ? top : top + height - box.clientHeight;
  }
  return { paint, soon, reach, page: () => Math.max(1, Math.floor(box.clientHeight / height) - 1), end: () => cancelAnimationFrame(due) };
}

// ------------------------------------------------------------------ the tree

// A slot is a line of the tree; it is filled when the kernel has told what stands there.
const slot = (above, index, of) => ({ above, index, of, deep: above ? above.deep + 1 : 0, row: null, open: false, eager: false, below: null });

function treePane(id, ask, look, choose) {
  const box = element("div", "pkilab-lens-tree");
  box.tabIndex = 0;
  box.setAttribute("role", "tree");
  box.setAttribute("aria-label", "Fields");
  const inside = element("div", "pkilab-lens-inside");
  inside.setAttribute("role", "none");
  box.append(inside);
  let tops = [];
  let flat = [];
  let active = null;
  let chosen = null;
  let known = new Map();
  let asked = new Set();
  const view = scroller(box, inside, ROW, () => flat.length, line);

  function line(at) {
    const each = flat[at];
    const made = element("div", "pkilab-lens-row");
    made.setAttribute("role", "treeitem");
    made.id = `${id}-t${each.deep}-${at}`;
    made.dataset.at = String(at);
    made.setAttribute("aria-level", String(each.deep + 1));
    made.setAttribute("aria-posinset", String(each.index + 1));
    made.setAttribute("aria-setsize", String(each.of));
    made.setAttribute("aria-selected", String(each === chosen));
    made.style.paddingLeft = `${8 + Math.min(each.deep, 14) * 16}px`;
    if (each === active) made.classList.add("pkilab-active");
    const row = each.row;
    if (!row) {
      made.append(element("span", "pkilab-lens-value", "…"));
      want(each);
      return made;
    }
    if (row.kids) made.setAttribute("aria-expanded", String(each.open));
    const turn = element("span", "pkilab-lens-turn", row.kids ? (each.open ? "▾" : "▸") : "");
    turn.setAttribute("aria-hidden", "true");
    made.append(turn, element("bdi", "pkilab-lens-name", row.name));
    if (row.value) made.append(element("bdi", "pkilab-lens-value", `: ${row.value}`));
    if (row.bad) made.append(element("span", "pkilab-lens-bad", " ! not right"));
    made.title = row.value ? `${row.name}: ${row.value}` : row.name;
    return made;
  }

  function want(each) {
    const node = each.above ? each.above.row.id : -1;
    const from = each.index - (each.index % PAGE);
    const key = `${node}/${from}`;
    if (asked.has(key)) return;
    asked.add(key);
    ask({ kind: "rows", node, from });
  }

  function fill(each, row) {
    if (!each.row) each.row = row;
    known.set(row.id, each);
  }

  function unfold(each) {
    if (!each.below) each.below = Array.from({ length: each.row.kids }, (_, index) => slot(each, index, each.row.kids));
    each.open = true;
  }

  function flatten() {
    flat = [];
    const waiting = [...tops].reverse();
    while (waiting.length) {
      const each = waiting.pop();
      flat.push(each);
      if (each.open) for (let at = each.below.length - 1; at >= 0; at -= 1) waiting.push(each.below[at]);
    }
  }

  function draw() {
    view.paint();
    const at = flat.indexOf(active);
    const there = at >= 0 && box.querySelector(`[data-at="${at}"]`);
    if (there) box.setAttribute("aria-activedescendant", there.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function turn(each, open) {
    if (open) unfold(each); else each.open = false;
    flatten();
    draw();
  }

  function step(to) {
    active = flat[clamp(to, 0, flat.length - 1)];
    view.reach(flat.indexOf(active), false);
    draw();
    if (active?.row) look(active.row, true);
  }

  function onKey(event) {
    if (!flat.length || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = Math.max(0, flat.indexOf(active));
    const each = flat[at];
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: flat.length - 1, PageDown: at + view.page(), PageUp: at - view.page() };
    if (event.key in moves) step(moves[event.key]);
    else if (event.key === "ArrowRight" && each.row?.kids) { if (each.open) step(at + 1); else turn(each, true); }
    else if (event.key === "ArrowLeft" && each.open) turn(each, false);
    else if (event.key === "ArrowLeft" && each.above) step(flat.indexOf(each.above));
    else if ((event.key === "Enter" || event.key === " ") && each.row) choose({ node: each.row.id });
    else return;
    event.preventDefault();
  }

  const under = (target) => flat[Number(target?.closest?.(".pkilab-lens-row")?.dataset.at ?? -1)];
  box.addEventListener("keydown", onKey);
  box.addEventListener("focus", () => { if (!active) active = flat[0]; draw(); if (active?.row) look(active.row, false); });
  box.addEventListener("mousemove", (event) => { const each = under(event.target); if (each?.row) look(each.row, false); });
  box.addEventListener("mouseleave", () => look(null, false));
  box.addEventListener("click", (event) => {
    const target = pointed(event, ".pkilab-lens-row");
    const each = under(target);
    if (!each?.row) return;
    active = each;
    if (target.classList.contains("pkilab-lens-turn") && each.row.kids) turn(each, !each.open);
    else { if (each.row.kids && !each.open) turn(each, true); choose({ node: each.row.id }); }
  });

  return {
    box,
    open(rows, of) {
      known = new Map();
      asked = new Set();
      chosen = active = null;
      tops = Array.from({ length: of }, (_, index) => slot(null, index, of));
      rows.forEach((row, at) => fill(tops[at], row));
      box.scrollTop = 0;
      flatten();
      draw();
    },
    rows(node, from, rows) {
      const above = node === -1 ? null : known.get(node);
      if (above === undefined) return;
      const fresh = above && from === 0 && (above.eager || (!above.below && above.deep === 0));
      if (above && !above.below) unfold(above);
      const list = above ? above.below : tops;
      rows.forEach((row, at) => { if (list[from + at]) fill(list[from + at], row); });
      // What a person most wants to see of a certificate lies one level below the top, and in its extensions.
      const wanted = above?.eager ? INSIDE : SIGNED;
      for (const each of fresh ? list : []) {
        if (!wanted.has(each.row?.name) || !each.row.kids || each.row.kids > FEW) continue;
        unfold(each);
        each.eager = true;
      }
      flatten();
      draw();
    },
    chosen(trail, move) {
      let list = tops;
      let each = null;
      for (const [deep, part] of trail.entries()) {
        each = list[part.index];
        if (!each) return;
        fill(each, part.row);
        if (deep < trail.length - 1) { unfold(each); list = each.below; }
      }
      chosen = active = each;
      flatten();
      if (move) view.reach(flat.indexOf(each), true);
      draw();
    },
    resized() {
      const at = flat.indexOf(chosen);
      if (at >= 0) view.reach(at, true);
      draw();
    },
    end: view.end,
  };
}

// ------------------------------------------------------------------ the octets

function hexPane(id, ask, look, choose) {
  const box = element("div", "pkilab-lens-hex");
  box.tabIndex = 0;
  box.setAttribute("role", "grid");
  box.setAttribute("aria-label", "Octets");
  box.setAttribute("aria-readonly", "true");
  const inside = element("div", "pkilab-lens-inside");
  inside.setAttribute("role", "rowgroup");
  box.append(inside);
  let size = 0;
  let chunk = 4096;
  let columns = 16;
  let letters = false;
  let cursor = 0;
  let near = null; // what is looked at
  let far = null; // what is chosen
  let found = null; // what a search found
  let chunks = new Map();
  let asked = new Set();
  const lines = () => Math.ceil(size / columns);
  const view = scroller(box, inside, LINE, lines, line);

  function octet(at) {
    const begin = at - (at % chunk);
    const part = chunks.get(begin);
    if (!part) {
      if (!asked.has(begin)) { asked.add(begin); ask({ kind: "octets", from: begin }); }
      return undefined;
    }
    return part.hidden.some(([start, end]) => at >= start && at < end) ? null : part.octets[at - begin];
  }

  const within = (range, at) => Boolean(range) && at >= range[0] && at < range[1];

  function mark(cell, at) {
    cell.classList.toggle("pkilab-far", within(far, at));
    cell.classList.toggle("pkilab-near", within(near, at));
    cell.classList.toggle("pkilab-found", within(found, at));
    cell.classList.toggle("pkilab-cursor", at === cursor);
  }

  function line(index) {
    const begin = index * columns;
    const made = element("div", "pkilab-lens-line");
    made.setAttribute("role", "row");
    made.setAttribute("aria-rowindex", String(index + 1));
    const head = element("span", "pkilab-lens-offset", hex(begin, size > 0xffff ? 6 : 4));
    head.setAttribute("role", "rowheader");
    made.append(head);
    let text = "";
    for (let at = begin; at < Math.min(begin + columns, size); at += 1) {
      const value = octet(at);
      const cell = element("span", "pkilab-lens-octet", value === undefined ? "  " : value === null ? "··" : hex(value, 2));
      cell.setAttribute("role", "gridcell");
      if (value === null) cell.setAttribute("aria-label", "not shown");
      if (at % 8 === 0 && at !== begin) cell.classList.add("pkilab-lens-gap");
      cell.id = `${id}-o${at}`;
      cell.dataset.at = String(at);
      mark(cell, at);
      made.append(cell);
      text += value > 0x20 && value < 0x7f ? String.fromCharCode(value) : value === null ? " " : value === 0x20 ? " " : ".";
    }
    if (letters) {
      const said = element("span", "pkilab-lens-letters", text);
      said.setAttribute("aria-hidden", "true");
      made.append(said);
    }
    return made;
  }

  function marks() {
    for (const cell of inside.querySelectorAll(".pkilab-lens-octet")) mark(cell, Number(cell.dataset.at));
    const there = document.getElementById(`${id}-o${cursor}`) ?? inside.querySelector(`[data-at="${cursor}"]`);
    if (there) box.setAttribute("aria-activedescendant", there.id); else box.removeAttribute("aria-activedescendant");
  }

  function draw() { view.paint(); marks(); }

  function measure() {
    const width = box.clientWidth;
    if (!width) return;
    const probe = element("span", "pkilab-lens-octet", "00");
    inside.append(probe);
    const one = probe.getBoundingClientRect().width || 20;
    probe.remove();
    // An octet takes `one`, the offset about three, letters two fifths.
    const room = (count, more) => width >= (count + 3.2) * one + 24 + (more ? count * one * 0.42 + 12 : 0);
    const cols = room(16, false) ? 16 : 8;
    const more = room(cols, true);
    if (cols === columns && more === letters) return;
    const top = Math.floor(box.scrollTop / LINE) * columns;
    columns = cols;
    letters = more;
    box.setAttribute("aria-colcount", String(columns + 1));
    box.setAttribute("aria-rowcount", String(lines()));
    draw();
    box.scrollTop = Math.floor(top / columns) * LINE;
    if (far) view.reach(Math.floor(cursor / columns), true);
    draw();
  }

  function go(to) {
    cursor = clamp(to, 0, size - 1);
    view.reach(Math.floor(cursor / columns), false);
    draw();
    look(cursor, true);
  }

  function onKey(event) {
    if (!size || event.altKey || event.metaKey) return;
    const start = cursor - (cursor % columns);
    const moves = {
      ArrowRight: cursor + 1, ArrowLeft: cursor - 1, ArrowDown: cursor + columns, ArrowUp: cursor - columns,
      Home: event.ctrlKey ? 0 : start, End: event.ctrlKey ? size - 1 : start + columns - 1,
      PageDown: cursor + view.page() * columns, PageUp: cursor - view.page() * columns,
    };
    if (event.key in moves) { if (moves[event.key] >= 0 || event.key !== "ArrowUp") go(moves[event.key]); }
    else if (event.key === "Enter" || event.key === " ") choose({ at: cursor });
    else return;
    event.preventDefault();
  }

  const under = (target) => { const cell = target?.closest?.(".pkilab-lens-octet"); return cell ? Number(cell.dataset.at) : -1; };
  box.addEventListener("keydown", onKey);
  box.addEventListener("focus", () => { marks(); if (size) look(cursor, false); });
  box.addEventListener("mousemove", (event) => { const at = under(event.target); if (at >= 0) look(at, false); });
  box.addEventListener("mouseleave", () => look(-1, false));
  box.addEventListener("click", (event) => { const at = under(pointed(event, ".pkilab-lens-octet")); if (at >= 0) { cursor = at; choose({ at }); } });
  const observer = new ResizeObserver(() => { measure(); view.soon(); });
  observer.observe(box);

  return {
    box,
    open(octets, part) {
      size = octets;
      chunk = part;
      cursor = 0;
      near = far = found = null;
      chunks = new Map();
      asked = new Set();
      box.setAttribute("aria-rowcount", String(lines()));
      box.setAttribute("aria-colcount", String(columns + 1));
      box.scrollTop = 0;
      measure();
      draw();
    },
    octets(from, hidden, buffer) {
      chunks.set(from, { octets: new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength), hidden });
      if (chunks.size > KEPT) { const first = chunks.keys().next().value; chunks.delete(first); asked.delete(first); }
      draw();
    },
    near(range, follow) {
      near = range;
      if (range && follow) view.reach(Math.floor(range[0] / columns), true);
      if (follow) draw(); else marks();
    },
    chosen(range, at, span) {
      far = range;
      found = span;
      near = null;
      cursor = clamp(at, 0, Math.max(0, size - 1));
      view.reach(Math.floor(at / columns), true);
      draw();
    },
    end() { observer.disconnect(); view.end(); },
  };
}

// ------------------------------------------------------------------ the search, the explanation

function searchBar(id, ask) {
  const bar = element("form", "pkilab-lens-find pkilab-search");
  bar.setAttribute("role", "search");
  const label = element("label", "", "Search");
  label.htmlFor = `${id}-search`;
  const text = element("input");
  text.type = "search";
  text.id = `${id}-search`;
  text.maxLength = 200;
  text.setAttribute("autocomplete", "off");
  text.setAttribute("spellcheck", "false");
  const kind = element("select");
  kind.setAttribute("aria-label", "Search in");
  for (const [value, words] of [["names", "names and values"], ["octets", "octets in hex"]]) {
    const option = element("option", "", words);
    option.value = value;
    kind.append(option);
  }
  const make = (words, step) => {
    const made = element("button", "pkilab-small", words);
    made.type = "button";
    made.disabled = true;
    made.addEventListener("click", () => ask({ kind: "hit", to: place + step }));
    return made;
  };
  const before = make("Previous", -1);
  const after = make("Next", 1);
  const note = element("p", "pkilab-note");
  note.setAttribute("role", "status");
  const row = element("div", "pkilab-lens-searching");
  row.append(text, kind, before, after);
  bar.append(label, row, note);
  let place = 0;
  let last = "";
  let of = 0;
  function start() {
    const wanted = `${kind.value} ${text.value}`;
    if (!text.value.trim()) { found(0, 0, " "); return; }
    if (wanted === last && of) { ask({ kind: "hit", to: place + 1 }); return; }
    last = wanted;
    note.textContent = "Searching …";
    ask({ kind: "search", text: text.value, octets: kind.value === "octets" });
  }
  bar.addEventListener("submit", (event) => { event.preventDefault(); start(); });
  function found(count, at, says, more) {
    of = count;
    place = at;
    before.disabled = count < 2;
    after.disabled = count < (more ? 1 : 2);
    const octets = kind.value === "octets" && !/^\s*([0-9a-f]{2}[\s:]*)+$/i.test(text.value);
    const nothing = octets ? "Write octets in hex, such as 30 00." : "Nothing is found.";
    note.textContent = (says ?? (count ? `${at + 1} of ${count >= 500 ? "the first 500" : count}` : nothing)).trim();
  }
  return { bar, found, clear() { last = ""; found(0, 0, " "); } };
}

function explanation(told, row, send) {
  const parts = [element("h3", "", told.title), element("p", "pkilab-lens-here", told.here)];
  const say = (lead, words) => {
    if (!words) return;
    const made = element("p");
    made.append(element("strong", "", lead), ` ${words}`);
    parts.push(made);
  };
  say("What for:", told.purpose);
  say("Without it:", told.without);
  for (const trouble of told.troubles) {
    const made = element("p", "pkilab-lens-trouble");
    made.append(element("strong", "", `At octet ${trouble.at} (${hex(trouble.at, 4)}):`), ` ${trouble.says}`);
    parts.push(made);
  }
  const count = (number) => number.toLocaleString("en-US");
  const size = `${count(told.header + told.length)} octets from ${row.from} (${hex(row.from, 4)}) on: header ${told.header}, content ${count(told.length)}.`;
  if (told.clauses.length) parts.push(element("p", "pkilab-hint", told.clauses.join(" · ")));
  parts.push(element("p", "pkilab-hint", size), element("p", "pkilab-hint pkilab-lens-path", told.path));
  if (told.acts.length) {
    const bar = element("div", "pkilab-lens-acts");
    for (const each of told.acts) {
      const made = element("button", "pkilab-small", each.label);
      made.type = "button";
      made.addEventListener("click", () => send({ kind: "act", act: each.act }));
      bar.append(made);
    }
    parts.push(bar);
  }
  return parts;
}

function render({ model, el }) {
  const id = `pkilab-lens-${unique()}`;
  let turn = -1;
  let over = null; // the octets of the node that is looked at, and its row
  let wanted = -1;
  const send = (content) => { try { model.send({ ...content, turn }); } catch { /* the kernel is gone, and the page says so */ } };
  const ask = (content) => send(content);
  const choose = (what) => send({ kind: "choose", ...what });

  const place = element("div", "pkilab-lens");
  const told = element("div", "pkilab-lens-told");
  told.setAttribute("role", "region");
  told.setAttribute("aria-label", "Explanation");
  told.setAttribute("aria-live", "polite");
  const line = element("p", "pkilab-lens-look");
  line.setAttribute("role", "status");
  const idle = () => element("p", "pkilab-soft", "Choose a field or an octet: click it, or press Enter. Arrow keys move.");

  function say(row) {
    line.replaceChildren();
    if (!row) return;
    line.append(element("strong", "", row.name), row.value ? `: ${row.value}` : "");
  }
  const tree = treePane(id, ask, (row, follow) => {
    over = null;
    octets.near(row ? [row.from, row.to] : null, follow);
    say(row);
  }, choose);
  const octets = hexPane(id, ask, (at) => {
    if (at < 0) { over = null; wanted = -1; octets.near(null, false); say(null); return; }
    if (over && at >= over.own[0] && at < over.own[1]) return;
    if (at === wanted) return;
    wanted = at;
    send({ kind: "at", at });
  }, choose);
  const find = searchBar(id, ask);

  const left = element("section", "pkilab-lens-pane");
  left.append(tree.box);
  const right = element("section", "pkilab-lens-pane");
  right.append(octets.box, line, told);
  const panes = element("div", "pkilab-lens-panes");
  panes.append(left, right);
  place.append(find.bar, panes);
  el.append(place);

  function onMessage(content, buffers) {
    if (content.kind === "open") {
      turn = content.turn;
      over = null;
      wanted = -1;
      place.hidden = !content.size && !content.rows.length;
      find.clear();
      say(null);
      told.replaceChildren(idle());
      tree.open(content.rows, content.of);
      octets.open(content.size, content.chunk);
    }
    if (content.turn !== turn) return;
    if (content.kind === "rows") tree.rows(content.node, content.from, content.rows);
    if (content.kind === "octets") octets.octets(content.from, content.hidden, buffers[0]);
    if (content.kind === "lead") {
      setTimeout(() => {
        if (content.lost && ![null, document.body].includes(document.activeElement)) return;
        const there = el.closest(".pkilab-frame")?.querySelector(content.where);
        there?.scrollIntoView({ block: "nearest" });
        const field = there?.matches("[tabindex]") ? there : there?.querySelector("select, input, button");
        field?.focus({ preventScroll: true });
      }, 50);
    }
    if (content.kind === "found") find.found(content.of, content.to, content.says, content.more);
    if (content.kind === "at" && content.at === wanted) {
      over = content;
      octets.near([content.row.from, content.row.to], false);
      say(content.row);
    }
    if (content.kind === "chosen") {
      const row = content.trail[content.trail.length - 1].row;
      tree.chosen(content.trail, content.move);
      octets.chosen([row.from, row.to], content.at, content.span);
      told.replaceChildren(...explanation(content.told, row, send));
    }
  }

  model.on("msg:custom", onMessage);
  const seen = new ResizeObserver(() => tree.resized());
  seen.observe(tree.box);
  send({ kind: "hello" });
  return () => { seen.disconnect(); tree.end(); octets.end(); model.off("msg:custom", onMessage); };
}

export default { render };
