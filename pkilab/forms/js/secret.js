// A password's field. What is typed goes to the kernel as a message, and never into the widget's state,
// which notebooks save.

// Each widget has its own copy of this module, so a counter would repeat itself.
const unique = () => Math.random().toString(36).slice(2);

function render({ model, el }) {
  const id = `pkilab-secret-${unique()}`;
  el.classList.add("pkilab-secret");
  const label = document.createElement("label");
  label.className = "widget-label";
  label.htmlFor = id;
  const mark = document.createElement("i");
  const field = document.createElement("input");
  let typed = "";
  field.type = "password";
  field.id = id;
  field.className = "widget-input";
  field.setAttribute("autocomplete", "new-password");
  field.setAttribute("spellcheck", "false");

  function draw() {
    label.replaceChildren(model.get("label"));
    if (model.get("required")) { mark.textContent = "required"; label.append(" ", mark); }
    field.disabled = model.get("disabled");
  }
  function onMessage(content) {
    if (content.kind === "clear") { field.value = ""; typed = ""; }
  }
  function tell() {
    if (field.value === typed) return;
    typed = field.value;
    model.send({ kind: "typed", value: typed });
  }
  field.addEventListener("input", tell);
  field.addEventListener("change", tell);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.repeat) return;
    tell();
    model.send({ kind: "enter" });
  });
  model.on("change:label change:required change:disabled", draw);
  model.on("msg:custom", onMessage);
  el.append(label, field);
  draw();
  model.send({ kind: "shown" });
  return () => {
    field.value = "";
    model.off("change:label change:required change:disabled", draw);
    model.off("msg:custom", onMessage);
  };
}

export default { render };
