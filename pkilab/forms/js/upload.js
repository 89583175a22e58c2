// A field that sends one file to the kernel, as a message: it is in no widget's state.

// Each widget has its own copy of this module, so a counter would repeat itself.
const unique = () => Math.random().toString(36).slice(2);

function render({ model, el }) {
  const id = `pkilab-upload-${unique()}`;
  const label = document.createElement("label");
  label.className = "widget-label";
  label.htmlFor = id;
  const field = document.createElement("input");
  field.type = "file";
  field.id = id;
  const problem = document.createElement("p");
  problem.className = "pkilab-problem";
  problem.setAttribute("role", "status");
  el.classList.add("pkilab-upload");
  el.append(label, field, problem);

  function draw() {
    label.textContent = model.get("label");
    field.accept = model.get("accept");
    field.disabled = model.get("disabled");
  }
  async function onChange() {
    problem.textContent = "";
    const file = field.files[0];
    if (!file) return;
    const most = model.get("most");
    if (file.size > most) {
      problem.textContent = `This file is too large: at most ${Math.round(most / 1024)} KiB are taken.`;
      field.value = "";
      return;
    }
    const data = await file.arrayBuffer();
    model.send({ kind: "file", name: file.name }, undefined, [data]);
  }
  function onMessage(content) { if (content.kind === "clear") field.value = ""; }
  field.addEventListener("change", onChange);
  model.on("change:label change:accept change:disabled", draw);
  model.on("msg:custom", onMessage);
  draw();
  return () => { model.off("change:label change:accept change:disabled", draw); model.off("msg:custom", onMessage); };
}

export default { render };
