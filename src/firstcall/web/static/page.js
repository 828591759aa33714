"use strict";
// What pages do beyond showing: switch the scheme, follow the pointer over charts. All of it is optional.
const button = document.getElementById("theme");
button.hidden = false;
button.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* it holds until the next page */ }
});

const tip = document.createElement("div");
tip.className = "tip";
tip.setAttribute("role", "status");
tip.hidden = true;
document.body.append(tip);
const words = new WeakMap();
let current = null;

function text(strip) {
  // the browser's own tooltip would come on top of ours
  const title = strip.querySelector(":scope > title");
  if (title) { words.set(strip, title.textContent); title.remove(); }
  return words.get(strip);
}

function show(strip, x, y) {
  if (current && current !== strip) current.classList.remove("is-on");
  current = strip;
  strip.classList.add("is-on");
  const [first, ...rest] = text(strip).split("\n");
  const head = document.createElement("b");
  head.textContent = first;
  tip.replaceChildren(head, ...rest.map((line) => { const row = document.createElement("span"); row.textContent = line; return row; }));
  tip.hidden = false;
  const room = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - room.width - 8))}px`;
  tip.style.top = `${Math.max(8, y - room.height - 14)}px`;
}

function hide() {
  if (current) current.classList.remove("is-on");
  current = null;
  tip.hidden = true;
}

for (const chart of document.querySelectorAll(".fc-pair .fc-chart")) {
  const strips = [...chart.querySelectorAll(".fc-x")];
  if (!strips.length) continue;
  chart.addEventListener("pointermove", (event) => {
    const strip = event.target.closest(".fc-x");
    if (strip) show(strip, event.clientX, event.clientY); else hide();
  });
  chart.addEventListener("pointerleave", hide);
  chart.setAttribute("tabindex", "0");
  chart.addEventListener("blur", hide);
  chart.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") hide();
    if (!step) return;
    event.preventDefault();
    const at = strips.indexOf(current);
    const next = strips[Math.max(0, Math.min(strips.length - 1, at < 0 ? (step > 0 ? 0 : strips.length - 1) : at + step))];
    const box = next.getBoundingClientRect();
    show(next, box.left + box.width / 2, box.top + 40);
  });
}
addEventListener("scroll", hide, { passive: true });

// with a script, choosing a partner needs no button
for (const select of document.querySelectorAll(".controls select")) select.addEventListener("change", () => select.form.submit());
