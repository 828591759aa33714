"use strict";
// before the first paint, so that the page does not flash in the other scheme
try {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch { /* storage is switched off: the system's scheme holds */ }
