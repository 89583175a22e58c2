// The desk's tasks, in groups, each with how much waits there.

function render({ model, el }) {
  const nav = document.createElement("nav");
  nav.className = "pkilab-nav";
  nav.setAttribute("aria-label", "Tasks");
  el.append(nav);

  function button(item) {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.task = item.id;
    const words = document.createElement("span");
    words.textContent = item.label;
    made.append(words);
    if (item.count) {
      const count = document.createElement("span");
      count.className = "pkilab-count";
      count.textContent = String(item.count);
      const unit = document.createElement("span");
      unit.className = "pkilab-unseen";
      unit.textContent = ` ${item.counted}`;
      count.append(unit);
      made.append(count);
    }
    if (item.id === model.get("chosen")) made.setAttribute("aria-current", "page");
    made.addEventListener("click", () => model.send({ kind: "choose", task: item.id }));
    return made;
  }

  function draw() {
    const here = document.activeElement?.dataset?.task;
    const parts = [];
    const who = document.createElement("div");
    who.className = "pkilab-who";
    const name = document.createElement("h1");
    name.textContent = model.get("title");
    const about = document.createElement("p");
    about.textContent = model.get("about");
    who.append(name, about);
    parts.push(who);
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
    nav.replaceChildren(...parts);
    if (here) nav.querySelector(`[data-task="${CSS.escape(here)}"]`)?.focus({ preventScroll: true });
  }
  model.on("change:title change:about change:groups change:chosen", draw);
  draw();
  return () => model.off("change:title change:about change:groups change:chosen", draw);
}

export default { render };
