// A button that asks the kernel for a file and lets the browser save it. The file is in no widget's state.

function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pkilab-button";
  const problem = document.createElement("span");
  problem.className = "pkilab-problem";
  problem.setAttribute("role", "status");
  el.append(button, problem);

  function draw() {
    button.textContent = model.get("label");
    button.disabled = model.get("disabled");
  }
  function onMessage(content, buffers) {
    if (content.kind === "problem") problem.textContent = content.words;
    if (content.kind !== "file") return;
    problem.textContent = "";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(buffers, { type: content.type }));
    link.download = content.name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  button.addEventListener("click", () => model.send({ kind: "want" }));
  model.on("change:label change:disabled", draw);
  model.on("msg:custom", onMessage);
  draw();
  return () => { model.off("change:label change:disabled", draw); model.off("msg:custom", onMessage); };
}

export default { render };
