// What every page of forms stands in: the heartbeat, what is kept over a reload, copy buttons, tabs, ARIA.

const BEAT = 1000;
const PATIENCE = 8000;

function visible(el) {
  return document.visibilityState === "visible" && el.isConnected && el.getClientRects().length > 0;
}

async function copy(button) {
  const text = button.dataset.copy;
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    const area = document.createElement("textarea"); // without a secure context
    area.value = text;
    area.setAttribute("aria-hidden", "true");
    area.style.cssText = "position:fixed;opacity:0;inset:0 auto auto 0";
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const words = button.textContent;
  button.textContent = done ? "Copied" : "Select the text and copy it";
  setTimeout(() => { button.textContent = words; }, 1800);
}

function choose(tab) {
  const list = tab.closest('[role="tablist"]');
  for (const other of list.querySelectorAll('[role="tab"]')) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    const panel = tab.getRootNode().getElementById(other.getAttribute("aria-controls"));
    panel?.classList.toggle("pkilab-on", on);
  }
}

function onKey(event) {
  const tab = event.target.closest?.('[role="tab"]');
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  choose(next);
  next.focus();
  event.preventDefault();
}

function idOf(el) {
  if (!el.id) el.id = `pkilab-part-${Math.random().toString(36).slice(2)}`;
  return el.id;
}

function set(el, name, value) {
  if (value === null) { if (el.hasAttribute(name)) el.removeAttribute(name); } else if (el.getAttribute(name) !== value) el.setAttribute(name, value);
}

// ipywidgets offer classes only; screen readers want more.
function describe(root) {
  for (const el of root.querySelectorAll(".pkilab-told")) { set(el, "role", "status"); set(el, "aria-live", "polite"); }
  for (const el of root.querySelectorAll(".pkilab-fold")) set(el, "aria-expanded", String(el.classList.contains("pkilab-open")));
  for (const el of root.querySelectorAll(".pkilab-bar")) { set(el, "role", "group"); }
  for (const field of root.querySelectorAll(".pkilab-field")) {
    const input = field.querySelector("input, select, textarea");
    const label = field.querySelector(".widget-label");
    const notes = [...field.querySelectorAll(".pkilab-hint, .pkilab-problem")].filter((el) => el.textContent.trim());
    const wrong = field.querySelector(".pkilab-problem")?.textContent.trim() ?? "";
    const about = notes.length ? notes.map(idOf).join(" ") : null;
    const choices = field.querySelector(".widget-toggle-buttons");
    if (choices) {
      set(choices, "role", "radiogroup");
      if (label) set(choices, "aria-labelledby", idOf(label));
      if (about) set(choices, "aria-describedby", about);
      for (const button of choices.querySelectorAll("button")) {
        set(button, "role", "radio");
        set(button, "aria-checked", String(button.classList.contains("mod-active")));
      }
    } else if (input) {
      set(input, "aria-describedby", about);
      set(input, "aria-invalid", wrong ? "true" : null);
      set(input, "aria-required", field.classList.contains("pkilab-required") ? "true" : null);
      if (!input.hasAttribute("autocomplete")) set(input, "autocomplete", "off");
      if (input.type === "text" || input.type === "textarea") set(input, "spellcheck", "false");
    }
  }
}

// What a form tells, and the card of what was done: whoever pressed a button far down the page has to see it.
const NEWS = ".pkilab-told .pkilab-said, .pkilab-card.pkilab-good";

function headOf(news) {
  return news.querySelector("h3, p") ?? news;
}

function inView(el) {
  const seen = el.getBoundingClientRect();
  if (!seen.height) return false;
  let [top, bottom] = [0, window.innerHeight];
  for (let each = el.parentElement; each; each = each.parentElement) {
    if (each === document.body || getComputedStyle(each).overflowY === "visible") continue;
    const box = each.getBoundingClientRect();
    top = Math.max(top, box.top);
    bottom = Math.min(bottom, box.bottom);
  }
  return seen.top >= top && seen.bottom <= bottom;
}

function newsIn(root) {
  return [...root.querySelectorAll(NEWS)].filter((el) => el.getClientRects().length && !el.querySelector(".pkilab-busy"));
}

function render({ model, el }) {
  const host = document.createElement("div");
  host.className = "pkilab-gone";
  host.setAttribute("role", "alert");
  el.append(host);

  let root = null;
  let observer = null;
  let answered = performance.now();
  let asked = 0;
  let ended = false;
  let known = null; // what was told when a button was pressed; null while nobody waits
  let pressed = 0;
  const key = () => `pkilab:${location.pathname}:${model.get("key")}`;

  function gone(yes) {
    if (!yes) { host.replaceChildren(); return; }
    if (host.childElementCount) return;
    const words = document.createElement("span");
    words.textContent = "This page gets no answer: its kernel is busy, or has ended. If this stays, reload this page; in a notebook, run its cells again. ";
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Reload this page";
    again.addEventListener("click", () => location.reload());
    host.append(words, again);
  }

  function send(content) {
    try { model.send(content); } catch { /* the kernel is gone: no answer comes, and the page says so */ }
  }

  function beat() {
    if (!root || !visible(root)) { answered = performance.now(); asked = 0; return; }
    if (asked && performance.now() - Math.max(answered, asked) > PATIENCE && asked > answered) gone(true);
    if (asked <= answered) asked = performance.now();
    send({ kind: "beat" });
  }

  // Only within a minute of a press: a page must not move under somebody who reads.
  function showNews() {
    if (!known) return;
    if (performance.now() - pressed > 60_000) { known = null; return; }
    const fresh = newsIn(root).find((news) => known.get(news) !== news.textContent);
    if (!fresh) return;
    known = null;
    const head = headOf(fresh);
    if (!inView(head)) head.scrollIntoView({ block: "center" });
    const active = document.activeElement;
    if (!active || active === document.body || !active.isConnected || !active.getClientRects().length) {
      head.tabIndex = -1; // the button is gone, and the keyboard would begin anew at the top of the page
      head.focus({ preventScroll: true });
    }
  }

  function onClick(event) {
    if (event.target.closest?.(".jupyter-button, .pkilab-small") && !event.target.closest(".pkilab-fold, .pkilab-copy")) {
      known = new Map(newsIn(root).map((news) => [news, news.textContent]));
      pressed = performance.now();
    }
    const button = event.target.closest?.(".pkilab-copy");
    if (button) { copy(button); return; }
    const tab = event.target.closest?.(".pkilab-tab");
    if (tab) choose(tab);
  }

  function onMessage(content) {
    if (ended) return;
    if (content.kind === "beat") { answered = performance.now(); asked = 0; gone(false); }
    if (content.kind === "keep") {
      try { sessionStorage.setItem(key(), JSON.stringify(content.value)); } catch { /* storage is closed: nothing is kept */ }
    }
    if (content.kind === "focus") {
      known = null; // another task was opened, and its heading is what to see
      requestAnimationFrame(() => {
        const heading = root?.querySelector(content.where);
        if (!heading) return;
        if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
        heading.scrollIntoView({ block: "nearest" });
      });
    }
  }

  function begin() {
    if (ended) return;
    root = el.closest(".pkilab-frame");
    if (!root) { requestAnimationFrame(begin); return; }
    root.classList.add("pkilab-live");
    root.addEventListener("click", onClick);
    root.addEventListener("keydown", onKey);
    let due = false;
    observer = new MutationObserver(() => {
      if (due) return;
      due = true;
      requestAnimationFrame(() => { due = false; describe(root); showNews(); });
    });
    observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"], characterData: true });
    describe(root);
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(key())); } catch { /* nothing that can be read was kept */ }
    send({ kind: "hello", kept });
    asked = performance.now();
  }

  model.on("msg:custom", onMessage);
  requestAnimationFrame(begin);
  const timer = setInterval(beat, BEAT);
  const wake = () => beat();
  document.addEventListener("visibilitychange", wake);
  return () => {
    ended = true;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", wake);
    observer?.disconnect();
    root?.removeEventListener("click", onClick);
    root?.removeEventListener("keydown", onKey);
    model.off("msg:custom", onMessage);
  };
}

export default { render };
