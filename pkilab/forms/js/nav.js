// The desk's tasks, in groups, each with how much waits there. Where the page is narrow they are folded behind a button
// that names the open one; the style sheet decides which of the two is seen.

function render({ model, el }) {
  const nav = document.createElement("nav");
  nav.className = "pkilab-nav";
  nav.setAttribute("aria-label", "Tasks");
  const who = document.createElement("div");
  who.className = "pkilab-who";
  const fold = document.createElement("button");
  fold.type = "button";
  fold.className = "pkilab-unfold";
  const tasks = document.createElement("div");
  tasks.className = "pkilab-tasks";
  tasks.id = `pkilab-tasks-${Math.random().toString(36).slice(2)}`;
  fold.setAttribute("aria-controls", tasks.id);
  nav.append(who, fold, tasks);
  el.append(nav);

  function turn(open) {
    fold.setAttribute("aria-expanded", String(open));
    tasks.classList.toggle("pkilab-open", open);
  }
  const opened = () => fold.getAttribute("aria-expanded") === "true";
  fold.addEventListener("click", () => turn(!opened()));
  nav.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened()) return;
    turn(false);
    fold.focus();
  });
  turn(false);

  function counted(number, unit, seen = false) {
    const count = document.createElement("span");
    count.className = "pkilab-count";
    count.textContent = String(number);
    const words = document.createElement("span");
    if (!seen) words.className = "pkilab-unseen";
    words.textContent = ` ${unit}`;
    count.append(words);
    return count;
  }

  function button(item) {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.task = item.id;
    const words = document.createElement("span");
    words.textContent = item.label;
    made.append(words);
    if (item.count) made.append(counted(item.count, item.counted));
    if (item.id === model.get("chosen")) made.setAttribute("aria-current", "page");
    made.addEventListener("click", () => {
      turn(false);
      model.send({ kind: "choose", task: item.id });
    });
    return made;
  }

  function drawFold() {
    const items = model.get("groups").flatMap((group) => group.items);
    const words = document.createElement("span");
    words.textContent = `Tasks: ${items.find((item) => item.id === model.get("chosen"))?.label ?? "choose one"}`;
    const waiting = items.filter((item) => item.count && item.counted === "waiting");
    fold.replaceChildren(words, ...waiting.map((item) => counted(item.count, item.counted, true)));
  }

  function draw() {
    const here = document.activeElement?.dataset?.task;
    const parts = [];
    const name = document.createElement("h1");
    name.textContent = model.get("title");
    const about = document.createElement("p");
    about.textContent = model.get("about");
    who.replaceChildren(name, about);
    drawFold();
    for (const group of model.get("groups")) {
      if (group.label) {
        const head = document.createElement("h2");
        head.textContent = group.label;
        parts.push(head);
      }
      const list = document.createElement("ul");
      for (const item of group.items) {
        const line = document.createElement("li");
        line.append(button(item));
        list.append(line);
      }
      parts.push(list);
    }
    tasks.replaceChildren(...parts);
    if (here) tasks.querySelector(`[data-task="${CSS.escape(here)}"]`)?.focus({ preventScroll: true });
  }
  model.on("change:title change:about change:groups change:chosen", draw);
  draw();
  return () => model.off("change:title change:about change:groups change:chosen", draw);
}

export default { render };
