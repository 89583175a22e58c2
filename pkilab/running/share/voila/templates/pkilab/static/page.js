// What a page of pkilab in Voilà does by itself: it shows itself when it is complete, follows the reader's theme, and
// says so when the session behind it is gone. It asks nothing but the server it came from.
"use strict";

window.pkilab = (() => {
  const asked = new URLSearchParams(location.search).get("theme")?.toLowerCase() ?? "";
  const forced = asked.includes("dark") ? true : asked.includes("light") ? false : null;
  const preferred = matchMedia("(prefers-color-scheme: dark)");

  function theme() {
    const dark = forced ?? preferred.matches;
    const sheet = document.getElementById("pkilab-dark");
    if (sheet && forced !== null) sheet.media = dark ? "all" : "not all";
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    if (!document.body) return;
    document.body.dataset.jpThemeLight = String(!dark);
    document.body.dataset.jpThemeName = dark ? "JupyterLab Dark" : "JupyterLab Light";
    document.body.classList.toggle("theme-dark", dark);
    document.body.classList.toggle("theme-light", !dark);
  }

  // ------------------------------------------------------------ what Voilà calls

  // Voilà takes the cells out of our main and puts them into a shell of its own: that is the main then.
  function landmark() {
    const shell = document.getElementById("rendered_cells")?.closest("#main");
    if (!shell) return false;
    document.querySelector("main")?.remove();
    shell.setAttribute("role", "main");
    return true;
  }
  const moved = new MutationObserver(() => landmark() && moved.disconnect());
  moved.observe(document, { childList: true, subtree: true });

  function show() {
    if (!window.themeLoaded) {
      window.cellLoaded = true; // Voilà's own script calls again
      return;
    }
    document.getElementById("loading")?.remove();
    const cells = document.getElementById("rendered_cells");
    if (cells) cells.style.display = "";
  }

  // ------------------------------------------------------------ the session behind the page

  const LOST = "This page has lost its session";
  const LOST_WHY = "It was idle for long, or the session ended. What was saved is in the lab; what was typed here and not sent is gone.";
  const AWAY = "The lab does not answer";
  const AWAY_WHY = "Perhaps it was stopped, or is starting again. This page goes on by itself as soon as it can.";

  function tell(heading, why, reload) {
    let box = document.getElementById("pkilab-gone");
    if (!box) {
      box = document.createElement("div");
      box.id = "pkilab-gone";
      box.setAttribute("role", "alert");
      document.body.append(box);
    }
    document.getElementById("rendered_cells")?.setAttribute("inert", "");
    const inner = document.createElement("div");
    const title = document.createElement("h2");
    title.textContent = heading;
    const text = document.createElement("p");
    text.textContent = why;
    inner.append(title, text);
    if (reload) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Reload the page";
      button.addEventListener("click", () => location.reload());
      inner.append(button);
    }
    box.replaceChildren(inner);
    box.querySelector("button")?.focus();
  }

  function well() {
    document.getElementById("pkilab-gone")?.remove();
    document.getElementById("rendered_cells")?.removeAttribute("inert");
  }

  let leaving = false;
  let asking = false;
  addEventListener("beforeunload", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));

  async function ask(address) {
    if (leaving || asking) return;
    asking = true;
    for (;;) {
      try {
        const answer = await fetch(address, { cache: "no-store" });
        if (answer.ok) well();
        else if (answer.status < 500) tell(LOST, LOST_WHY, true);
        if (answer.status < 500) break;
      } catch {
        if (leaving) break;
        tell(AWAY, AWAY_WHY, false);
      }
      await new Promise((done) => setTimeout(done, 2000));
    }
    asking = false;
  }

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(address, protocols) {
      super(address, protocols);
      const kernel = /^ws(.*\/api\/kernels\/[^/?]+)\/channels/.exec(String(address));
      if (kernel) this.addEventListener("close", () => ask(`http${kernel[1]}`));
    }
  };

  preferred.addEventListener("change", theme);
  theme();
  return { theme, show };
})();

window.voila_heartbeat = () => {};
window.voila_process = window.update_loading_text = () => {};
window.voila_finish = window.display_cells = window.pkilab.show;
