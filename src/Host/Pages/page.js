// What a page can do beyond what the server sends: stay fresh, be used by keyboard, and be dark or light by choice.
// Without it every page works, and the board renews itself once a minute.
"use strict";
(() => {
  const root = document.documentElement;
  const body = document.body;

  // Dark or light: the system's choice until somebody makes one here.
  const theme = document.querySelector(".theme");
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const paint = choice => { if (choice) root.dataset.theme = choice; else delete root.dataset.theme; };
  const toggle = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    paint(dark ? "light" : "dark");
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* It holds for this page. */ }
  };
  paint(stored());
  theme.hidden = false;
  theme.addEventListener("click", toggle);

  // A choice in a filter is taken at once; only what is typed needs a button.
  for (const form of document.querySelectorAll("[data-auto]")) form.classList.toggle("live", !form.querySelector("input:not([type=hidden])"));
  body.addEventListener("change", event => {
    if (event.target instanceof HTMLSelectElement && event.target.form?.hasAttribute("data-auto")) event.target.form.requestSubmit();
  });
  // An address says what is asked for and not what is not.
  body.addEventListener("submit", event => {
    if (event.target.hasAttribute("data-auto")) for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
  });
  addEventListener("pageshow", () => { for (const field of document.querySelectorAll("[data-auto] :disabled")) field.disabled = false; });

  // Staying fresh: the same address is asked again and what has changed is put in place, unless somebody is in the middle of something.
  const seconds = Number(body.dataset.refresh);
  const lost = document.getElementById("lost");
  const dot = document.querySelector("#asof .dot");
  let touched = 0;
  for (const act of ["keydown", "pointerdown"]) addEventListener(act, () => { touched = Date.now(); }, true);
  const busy = () => document.hidden || Date.now() - touched < 3000 || document.querySelector("dialog[open]") || getSelection().toString() !== ""
    || document.activeElement?.matches("#content select, #content input");
  const keep = page => {
    const open = [...page.querySelectorAll("details")].map(d => d.open);
    const at = [...page.querySelectorAll(".scroll, .drawing")].map(s => s.scrollLeft);
    const focused = document.activeElement?.closest("#content a")?.getAttribute("href");
    return () => {
      [...page.querySelectorAll("details")].forEach((d, i) => { if (open[i] !== undefined) d.open = open[i]; });
      [...page.querySelectorAll(".scroll, .drawing")].forEach((s, i) => { s.scrollLeft = at[i] ?? 0; });
      if (focused) [...page.querySelectorAll("a")].find(a => a.getAttribute("href") === focused)?.focus({ preventScroll: true });
    };
  };
  let renewed = Date.now();
  const stale = is => {
    if (is) lost.textContent = body.dataset.lost + document.querySelector("#asof time").textContent;
    lost.hidden = !is;
    dot.classList.toggle("off", is);
  };
  const refresh = async () => {
    if (busy()) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (busy()) return;
      const page = document.getElementById("content");
      const restore = keep(page);
      page.replaceChildren(...fresh.getElementById("content").childNodes);
      document.querySelector("#asof time").textContent = fresh.querySelector("#asof time").textContent;
      restore();
      renewed = Date.now();
      stale(false);
    } catch {
      stale(true);
    }
  };
  if (seconds > 0) {
    dot.hidden = false;
    const next = async () => { await refresh(); setTimeout(next, seconds * 1000); };
    setTimeout(next, seconds * 1000);
    // Whatever the reason, such as a word that stays selected: old figures are not to look fresh.
    setInterval(() => { if (!document.hidden && Date.now() - renewed > 6 * seconds * 1000) stale(true); }, 1000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  }

  // A line of time that is wider than the screen is shown where what matters is: now, else where something stopped or was late, else its end.
  const matters = drawing => drawing.querySelector("line.now") ?? drawing.querySelector("line.stop") ?? drawing.querySelector("rect.late");
  for (const drawing of document.querySelectorAll(".drawing")) drawing.scrollLeft = (matters(drawing)?.getBBox().x ?? 1000) / 1000 * drawing.scrollWidth - drawing.clientWidth * 0.8;

  // The keyboard.
  const step = by => {
    const rows = [...document.querySelectorAll(".clocks tbody a")];
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
  };
  const go = path => document.querySelector(`.pages a[href^="${path}?"]`)?.click();
  const keys = {
    j: () => step(1), k: () => step(-1), b: () => go("/"), c: () => go("/board/cases"), q: () => go("/board/compliance"), a: () => go("/board/anomalies"), n: () => go("/board/notifications"),
    t: () => go("/board/complaints"), r: () => go("/board/satisfaction"), s: () => go("/board/services"),
    l: () => document.querySelector(".lang").click(), d: toggle, p: () => print(),
    "/": () => document.querySelector(".find input[type=search]").focus(), "?": () => document.getElementById("keys").showModal(),
  };
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
